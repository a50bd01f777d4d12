package recon.mrd.recon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.PixelType;
import recon.mrd.format.Vector3;

/**
 * What leaves of one session. Scaled images share one scale, although the first leaves before the last is measured: the
 * largest pixel of the first image becomes half of {@code 2^BitsStored - 1}, so that another may be twice as bright; what
 * is brighter than that is cut. {@code ImageScaleFactor} of the attributes is the factor. The images of one encoding are
 * one series. Not for use by several threads.
 */
final class CartesianOutput {
    private static final int MAX_INDEX = 65535;

    private final boolean scaled;
    private final int largestPixel;
    private double scale;
    private long sent;

    private CartesianOutput(boolean scaled, int largestPixel) {
        this.scaled = scaled;
        this.largestPixel = largestPixel;
    }

    /** @throws MrdException if the parameter {@code output} has no meaning */
    static CartesianOutput of(ReconSession session) throws MrdException {
        String output = session.parameters().text(CartesianModule.OUTPUT).orElse("scaled");
        if (!output.equals("scaled") && !output.equals("float")) {
            throw new MrdException("the parameter output is \"" + output + "\"; scaled or float belongs there");
        }
        return new CartesianOutput(
                output.equals("scaled"), Math.min(ModuleImages.largestPixel(session.header()), Short.MAX_VALUE));
    }

    /** Finishes an image, or a volume of several partitions. */
    Image image(CartesianImage made, CartesianImages images) throws IOException {
        Geometry geometry = made.geometry();
        float[] magnitude = made.finish();
        ImageHeaderBuilder head = ImageHeader.from(made.first())
                .matrix(
                        geometry.x().output(),
                        geometry.y().output(),
                        geometry.z().output())
                .channels(1)
                .fieldOfViewMm(new Vector3(sizeMm(geometry.x()), sizeMm(geometry.y()), sizeMm(geometry.z())))
                .imageType(ImageType.MAGNITUDE)
                .imageIndex((int) (sent++ % MAX_INDEX) + 1)
                .imageSeriesIndex(made.key().encoding());
        MetaAttributes attributes =
                new MetaAttributes().set("DataRole", "Image").set("ImageProcessingHistory", "CARTESIAN");
        return scaled ? scaled(magnitude, head, attributes, images) : asTheyAre(magnitude, head, attributes);
    }

    private static float sizeMm(Axis axis) {
        return (float) (axis.output() * axis.spacingMm());
    }

    private Image scaled(float[] magnitude, ImageHeaderBuilder head, MetaAttributes attributes, CartesianImages images)
            throws IOException {
        double maximum = 0;
        for (float value : magnitude) {
            maximum = Math.max(maximum, value);
        }
        if (scale == 0 && maximum > 0) {
            scale = largestPixel / 2.0 / maximum;
        }
        if (Math.rint(maximum * scale) > largestPixel) {
            images.warn(
                    "an image is more than twice as bright as the first: pixels above " + largestPixel + " are cut");
        }
        short[] pixels = new short[magnitude.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (short) Math.min(largestPixel, Math.rint(magnitude[i] * scale));
        }
        ModuleImages.addWindow(attributes, largestPixel / 2);
        ModuleImages.addDirections(attributes, head.pixelType(PixelType.I16).build());
        attributes.set("ImageScaleFactor", Double.toString(scale));
        return Image.of(head, attributes, pixels);
    }

    private static Image asTheyAre(float[] magnitude, ImageHeaderBuilder head, MetaAttributes attributes) {
        ByteBuffer pixels = ByteBuffer.allocate(Float.BYTES * magnitude.length).order(ByteOrder.LITTLE_ENDIAN);
        pixels.asFloatBuffer().put(magnitude);
        ModuleImages.addDirections(attributes, head.pixelType(PixelType.F32).build());
        return Image.of(head, attributes, pixels.array());
    }
}
