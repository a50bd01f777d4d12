package recon.mrd.recon;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.PixelType;

/**
 * A group of images with bright and dark exchanged: scaled so that the largest pixel of the group is {@code 2^BitsStored -
 * 1}, and taken from that. The parameter {@code options} adds an example of a region ({@code roi}) or of a colour map
 * ({@code colormap}), or makes colours of the numbers ({@code rgb}); {@code sendOriginal} puts what came in before it.
 */
final class ContrastInversion {
    private static final int ORIGINAL_SERIES = 99;

    private final int largestPixel;
    private final String option;
    private final boolean sendsOriginal;

    ContrastInversion(Optional<MrdHeader> header, ReconParameters parameters) {
        this.largestPixel = ModuleImages.largestPixel(header);
        this.option = parameters.text("options").orElse("");
        this.sendsOriginal = parameters.isTrue("sendOriginal");
    }

    /** @throws MrdException if the pixels are complex, or the attributes make no sense */
    List<Image> of(List<Image> group) throws MrdException {
        List<Image> images = new ArrayList<>();
        if (sendsOriginal) {
            for (Image image : group) {
                images.add(Image.of(
                        image.head().toBuilder().imageSeriesIndex(ORIGINAL_SERIES),
                        MetaAttributes.parse(image.attributes()).set("Keep_image_geometry", "1"),
                        image.pixels()));
            }
        }
        List<short[]> inverted = invert(group);
        List<byte[]> colours = option.equals("rgb") ? JetColours.of(inverted) : List.of();
        for (int i = 0; i < group.size(); i++) {
            ImageHeaderBuilder head = group.get(i).head().toBuilder();
            MetaAttributes attributes = attributes(group.get(i));
            if (colours.isEmpty()) {
                images.add(Image.of(head, attributes, inverted.get(i)));
            } else {
                head.pixelType(PixelType.U16).imageType(ImageType.RGB).channels(JetColours.CHANNELS);
                images.add(Image.of(head, attributes, colours.get(i)));
            }
        }
        return images;
    }

    private List<short[]> invert(List<Image> group) throws MrdException {
        List<double[]> values = new ArrayList<>();
        double max = Double.NEGATIVE_INFINITY;
        for (Image image : group) {
            if (option.equals("rgb") && image.head().channels() != 1) {
                throw new MrdException("an image of " + image.head().channels()
                        + " channels cannot be shown in colours; one channel can (options=rgb)");
            }
            double[] some = image.values();
            for (double value : some) {
                max = Math.max(max, value);
            }
            values.add(some);
        }
        double scale = largestPixel / max;
        List<short[]> inverted = new ArrayList<>();
        for (double[] some : values) {
            short[] pixels = new short[some.length];
            for (int i = 0; i < some.length; i++) {
                pixels[i] = (short) Math.abs(largestPixel - (short) Math.rint(some[i] * scale));
            }
            inverted.add(pixels);
        }
        return inverted;
    }

    private MetaAttributes attributes(Image image) throws MrdException {
        MetaAttributes attributes = MetaAttributes.parse(image.attributes())
                .set("DataRole", "Image")
                .set("ImageProcessingHistory", "PYTHON", "INVERT");
        ModuleImages.addWindow(attributes, largestPixel);
        attributes.set("SequenceDescriptionAdditional", "FIRE").set("Keep_image_geometry", "1");
        switch (option) {
            case "roi" ->
                attributes.set(
                        "ROI_example",
                        ExampleRegion.heart(image.head().rows(), image.head().columns()));
            case "colormap" -> attributes.set("LUTFileName", "MicroDeltaHotMetal.pal");
            case "rgb" -> {
                attributes
                        .set("SequenceDescriptionAdditional", "FIRE_RGB")
                        .set("ImageProcessingHistory", "PYTHON", "INVERT", "RGB")
                        .set("InternalSend", "1");
                attributes.remove("WindowCenter");
                attributes.remove("WindowWidth");
            }
            default -> {} // nothing more is asked for
        }
        ModuleImages.addDirections(attributes, image.head());
        return attributes;
    }

    /** Kept apart for its numbers. */
    private static final class ExampleRegion {
        private static final int POINTS = 50;

        /** A red heart near the lower right corner: colour, thickness, style, whether it shows, then x and y of its points. */
        static List<String> heart(int rows, int columns) {
            double[] x = new double[POINTS];
            double[] y = new double[POINTS];
            for (int i = 0; i < POINTS; i++) {
                double t = 2 * Math.PI * i / (POINTS - 1);
                x[i] = 16 * Math.pow(Math.sin(t), 3);
                y[i] = -13 * Math.cos(t) + 5 * Math.cos(2 * t) + 2 * Math.cos(3 * t) + Math.cos(4 * t);
            }
            double size = Math.min(rows, columns);
            place(x, 0.1 * size, columns - 0.2 * size);
            place(y, 0.1 * size, rows - 0.2 * size);
            List<String> region = new ArrayList<>(List.of("1.000000", "0.000000", "0.000000", "1.000000", "0", "1"));
            for (int i = 0; i < POINTS; i++) {
                region.add(ModuleImages.fixed(x[i], 6));
                region.add(ModuleImages.fixed(y[i], 6));
            }
            return region;
        }

        /** Moves and scales the points to {@code start .. start + length}. */
        private static void place(double[] points, double length, double start) {
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            for (double point : points) {
                min = Math.min(min, point);
                max = Math.max(max, point);
            }
            for (int i = 0; i < points.length; i++) {
                points[i] = (points[i] - min) / (max - min) * length + start;
            }
        }
    }

    /** The colours of Matplotlib's map "jet": dark blue, blue, cyan, yellow, red, dark red. */
    private static final class JetColours {
        static final int CHANNELS = 3;
        private static final int ENTRIES = 256;
        private static final double[][] RED = {{0, 0}, {0.35, 0}, {0.66, 1}, {0.89, 1}, {1, 0.5}};
        private static final double[][] GREEN = {{0, 0}, {0.125, 0}, {0.375, 1}, {0.64, 1}, {0.91, 0}, {1, 0}};
        private static final double[][] BLUE = {{0, 0.5}, {0.11, 1}, {0.34, 1}, {0.65, 0}, {1, 0}};
        private static final int[][] TABLES = {table(RED), table(GREEN), table(BLUE)};

        /** What lies between the points, from 0 to 255. */
        private static int[] table(double[][] points) {
            int[] table = new int[ENTRIES];
            for (int i = 0; i < ENTRIES; i++) {
                int right = 1;
                while (right < points.length - 1 && points[right][0] * (ENTRIES - 1) < i) {
                    right++;
                }
                double left = points[right - 1][0] * (ENTRIES - 1);
                double distance = (i - left) / (points[right][0] * (ENTRIES - 1) - left);
                double value = distance * (points[right][1] - points[right - 1][1]) + points[right - 1][1];
                table[i] = (int) (value * 255);
            }
            return table;
        }

        /** The pixels of a group, from its least to its largest, as three channels of 16 bits. */
        static List<byte[]> of(List<short[]> group) {
            float min = Float.POSITIVE_INFINITY;
            float max = Float.NEGATIVE_INFINITY;
            for (short[] pixels : group) {
                for (short pixel : pixels) {
                    min = Math.min(min, pixel);
                    max = Math.max(max, pixel);
                }
            }
            float scale = 1 / (max - min);
            List<byte[]> colours = new ArrayList<>();
            for (short[] pixels : group) {
                ByteBuffer out =
                        ByteBuffer.allocate(2 * CHANNELS * pixels.length).order(ByteOrder.LITTLE_ENDIAN);
                for (int[] table : TABLES) {
                    for (short pixel : pixels) {
                        int entry = (int) ((pixel - min) * scale * ENTRIES);
                        out.putShort((short) table[Math.min(entry, ENTRIES - 1)]);
                    }
                }
                colours.add(out.array());
            }
            return colours;
        }
    }
}
