package recon.mrd.preview;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import recon.mrd.dicom.Attribute;
import recon.mrd.dicom.DataSet;
import recon.mrd.dicom.DicomFormatException;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;

/**
 * The first frame of a monochrome DICOM image, or a plane of an ISMRMRD image, as it is to be displayed.
 *
 * @param pixelAspect height of a pixel divided by its width
 * @param pixels row-major, 0 black to 255 white, one byte each
 */
@SuppressWarnings("ArrayRecordComponent") // made here, read in this package, never handed out
record GreyImage(int columns, int rows, double pixelAspect, byte[] pixels) {
    private static final int MAX_SIDE = 65_535;

    /**
     * Applies RescaleSlope and RescaleIntercept, then WindowCenter and WindowWidth (or, without them, a window over all
     * values), then inverts MONOCHROME1.
     *
     * @throws DicomFormatException if the data set is no monochrome image of 8 or 16 bits, or has too few pixels
     */
    static GreyImage of(DataSet image) throws DicomFormatException {
        int rows = required(image, Attribute.Rows, 1, MAX_SIDE);
        int columns = required(image, Attribute.Columns, 1, MAX_SIDE);
        String photometric = image.text(Attribute.PhotometricInterpretation).orElse("MONOCHROME2");
        boolean inverted = photometric.equals("MONOCHROME1");
        if (!inverted && !photometric.equals("MONOCHROME2")) {
            throw new DicomFormatException("PhotometricInterpretation " + photometric + " is no grey image");
        }
        double[] values = values(image, rows, columns);
        VoiWindow window = window(image, values);
        byte[] grey = new byte[values.length];
        for (int i = 0; i < grey.length; i++) {
            int shade = window.grey(values[i]);
            grey[i] = (byte) (inverted ? 255 - shade : shade);
        }
        return new GreyImage(columns, rows, aspect(image), grey);
    }

    /**
     * A plane of an ISMRMRD image: in the window of its attributes, or without one over all its values; of colours the
     * brightness (ITU-R BT.601).
     *
     * @param plane slice fastest, then channel
     */
    static GreyImage of(Image image, int plane) throws MrdException {
        ImageHeader head = image.head();
        MetaAttributes attributes = MetaAttributes.parse(image.attributes());
        double[] values = image.valuesOrMagnitudes();
        int pixels = head.rows() * head.columns();
        int first = plane * pixels;
        double[] range = {0, 255};
        if (head.isColour()) {
            int stride = head.slices() * pixels;
            for (int i = first; i < first + pixels; i++) {
                values[i] = 0.299 * values[i] + 0.587 * values[i + stride] + 0.114 * values[i + 2 * stride];
            }
        } else {
            range = PixelWindow.of(attributes)
                    .orElseGet(() -> range(Arrays.copyOfRange(values, first, first + pixels)));
        }
        byte[] grey = new byte[pixels];
        for (int i = 0; i < pixels; i++) {
            double share = range[1] > range[0] ? (values[first + i] - range[0]) / (range[1] - range[0]) : 0;
            grey[i] = (byte) (int) Math.rint(255 * Math.max(0, Math.min(1, share))); // what is no number is black
        }
        double x = head.fieldOfViewMm().x();
        double y = head.fieldOfViewMm().y();
        // Of images that were DICOM the field of view goes along the columns first.
        double aspect = attributes.has("DicomJson")
                ? (x / head.rows()) / (y / head.columns())
                : (y / head.rows()) / (x / head.columns());
        return new GreyImage(head.columns(), head.rows(), usable(aspect), grey);
    }

    private static double[] range(double[] values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        return new double[] {low, high};
    }

    private static double[] values(DataSet image, int rows, int columns) throws DicomFormatException {
        int allocated = required(image, Attribute.BitsAllocated, 8, 16);
        int stored = required(image, Attribute.BitsStored, 1, allocated);
        boolean signed = image.integer(Attribute.PixelRepresentation).orElse(0) == 1;
        if (allocated != 8 && allocated != 16) {
            throw new DicomFormatException("BitsAllocated " + allocated + " is neither 8 nor 16");
        }
        byte[] bytes = image.bytes(Attribute.PixelData)
                .orElseThrow(() -> new DicomFormatException("the data set has no PixelData"));
        long needed = (long) rows * columns * (allocated / 8);
        if (bytes.length < needed) {
            throw new DicomFormatException("PixelData has " + bytes.length + " bytes, " + rows + " rows of " + columns
                    + " columns need " + needed);
        }
        double slope = finite(image.decimal(Attribute.RescaleSlope), 1);
        double intercept = finite(image.decimal(Attribute.RescaleIntercept), 0);
        double[] values = new double[rows * columns];
        int unused = Integer.SIZE - stored;
        for (int i = 0; i < values.length; i++) {
            int raw = allocated == 8 ? bytes[i] & 0xff : (bytes[2 * i] & 0xff) | (bytes[2 * i + 1] & 0xff) << 8;
            // Bits above those stored may hold anything.
            int pixel = signed ? raw << unused >> unused : raw << unused >>> unused;
            values[i] = pixel * slope + intercept;
            if (!Double.isFinite(values[i])) {
                throw new DicomFormatException("RescaleSlope " + slope + " and RescaleIntercept " + intercept
                        + " lead outside what a double holds");
            }
        }
        return values;
    }

    private static VoiWindow window(DataSet image, double[] values) {
        OptionalDouble center = image.decimal(Attribute.WindowCenter);
        OptionalDouble width = image.decimal(Attribute.WindowWidth);
        boolean exact = image.text(Attribute.VOILUTFunction).equals(Optional.of("LINEAR_EXACT"));
        if (center.isPresent() && width.isPresent() && exact && width.getAsDouble() > 0) {
            return new VoiWindow(center.getAsDouble() + 0.5, width.getAsDouble() + 1);
        }
        if (center.isPresent() && width.isPresent() && width.getAsDouble() >= 1) {
            return new VoiWindow(center.getAsDouble(), width.getAsDouble());
        }
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        return VoiWindow.covering(low, high);
    }

    private static double aspect(DataSet image) {
        double[] spacing = image.decimals(Attribute.PixelSpacing);
        return usable(spacing.length == 2 ? spacing[0] / spacing[1] : 1);
    }

    private static double usable(double aspect) {
        return aspect >= 0.01 && aspect <= 100 ? aspect : 1;
    }

    private static double finite(OptionalDouble value, double otherwise) {
        return value.isPresent() ? value.getAsDouble() : otherwise;
    }

    private static int required(DataSet image, Attribute attribute, int low, int high) throws DicomFormatException {
        int value = image.integer(attribute)
                .orElseThrow(() -> new DicomFormatException("the data set has no " + attribute));
        if (value < low || value > high) {
            throw new DicomFormatException(attribute + " " + value + " is outside " + low + ".." + high);
        }
        return value;
    }

    /** The image scaled to width x height: the mean of the pixels that fall into each of the new ones. */
    GreyImage scaledTo(int width, int height) {
        byte[] scaled = new byte[width * height];
        for (int y = 0; y < height; y++) {
            int top = (int) ((long) y * rows / height);
            int bottom = Math.max(top + 1, (int) ((y + 1L) * rows / height));
            for (int x = 0; x < width; x++) {
                int left = (int) ((long) x * columns / width);
                int right = Math.max(left + 1, (int) ((x + 1L) * columns / width));
                scaled[y * width + x] = (byte) mean(left, right, top, bottom);
            }
        }
        return new GreyImage(width, height, 1, scaled);
    }

    private long mean(int left, int right, int top, int bottom) {
        long sum = 0;
        for (int row = top; row < bottom; row++) {
            for (int column = left; column < right; column++) {
                sum += pixels[row * columns + column] & 0xff;
            }
        }
        long count = (long) (right - left) * (bottom - top);
        return (sum + count / 2) / count;
    }
}
