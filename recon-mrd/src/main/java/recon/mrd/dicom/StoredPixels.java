package recon.mrd.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import recon.mrd.format.ImageSeries;

/**
 * How the pixels of a series become stored values in 16 bits, the same way for all its images: as they are if they are
 * whole numbers that fit; else {@code value = stored * slope + intercept} (RescaleSlope and RescaleIntercept, PS3.3
 * C.11.1) with stored values from 0 to 2^bits - 1. Of complex pixels the magnitude is taken.
 *
 * @param low smallest finite value of the series
 * @param high largest one
 * @param bits 8 to 16, of values that are not stored as they are
 */
record StoredPixels(double low, double high, double slope, double intercept, int bits) {
    static final int ALL_BITS = 16;

    private static final int MAX_16 = 0xffff;
    private static final int MIN_BITS = 12;
    private static final String EXACT = "LINEAR_EXACT";

    /** Looks at all images of a series. */
    static StoredPixels of(ImageSeries series, int bits) throws IOException {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        boolean whole = true;
        for (int i = 0; i < series.count(); i++) {
            for (double value : series.image(i).valuesOrMagnitudes()) {
                if (Double.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                    whole &= value == Math.rint(value);
                }
            }
        }
        if (low > high) {
            return new StoredPixels(0, 0, 1, 0, bits); // no image, or none of its pixels is a number
        }
        boolean fits = low >= 0 ? high <= MAX_16 : low >= Short.MIN_VALUE && high <= Short.MAX_VALUE;
        if (whole && fits) {
            return new StoredPixels(low, high, 1, 0, bits);
        }
        double intercept = asWritten(Math.min(0, low));
        double slope = asWritten((high - intercept) / ((1 << bits) - 1));
        return new StoredPixels(low, high, slope > 0 && Double.isFinite(slope) ? slope : 1, intercept, bits);
    }

    /** What a reader of the attribute will calculate with. */
    private static double asWritten(double value) {
        return Double.isFinite(value) ? Double.parseDouble(DecimalString.of(value)) : value;
    }

    boolean isRescaled() {
        return slope != 1 || intercept != 0;
    }

    boolean isSigned() {
        return !isRescaled() && low < 0;
    }

    /** Bits that hold every stored value of the series. */
    int bitsStored() {
        if (isRescaled()) {
            return bits;
        }
        int needed = isSigned()
                ? 33 - Integer.numberOfLeadingZeros((int) Math.max(-low - 1, high))
                : 32 - Integer.numberOfLeadingZeros((int) high);
        return Math.max(MIN_BITS, Math.min(ALL_BITS, needed));
    }

    /** The stored values of one plane, two bytes each, little-endian. */
    byte[] stored(double[] values, int first, int count) {
        ByteBuffer out = ByteBuffer.allocate(Math.multiplyExact(2, count)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = first; i < first + count; i++) {
            // An infinite one becomes an end of the range, what is no number 0 by the cast.
            double value = Math.max(low, Math.min(high, values[i]));
            double stored = Math.rint((value - intercept) / slope);
            if (isRescaled()) { // intercept and slope are rounded
                stored = Math.max(0, Math.min((1 << bits) - 1, stored));
            }
            out.putShort((short) (int) stored);
        }
        return out.array();
    }

    /** Puts the attributes of grey pixels of 16 bits, but neither their number nor a window. */
    void describe(DataSet to, int bitsStored, boolean signed) {
        to.putInts(Attribute.SamplesPerPixel, 1);
        if (!to.text(Attribute.PhotometricInterpretation).orElse("").startsWith("MONOCHROME")) {
            to.putText(Attribute.PhotometricInterpretation, "MONOCHROME2");
        }
        to.remove(Attribute.PlanarConfiguration);
        to.putInts(Attribute.BitsAllocated, 16);
        to.putInts(Attribute.BitsStored, bitsStored);
        to.putInts(Attribute.HighBit, bitsStored - 1);
        to.putInts(Attribute.PixelRepresentation, signed ? 1 : 0);
        if (isRescaled()) {
            to.putDecimals(Attribute.RescaleIntercept, intercept);
            to.putDecimals(Attribute.RescaleSlope, slope);
            to.putText(Attribute.RescaleType, "US");
        }
    }

    /** Puts a window from the smallest to the largest value of the series, if they differ. */
    void describeRange(DataSet to) {
        double range = high - low;
        if (range >= 1) { // LINEAR is black at center - width / 2 and white at center + width / 2 - 1
            putWindow(to, (low + high + 1) / 2, range + 1);
        } else if (range > 0) {
            putWindow(to, (low + high) / 2, range);
        }
    }

    /**
     * Puts a window, in values after RescaleSlope. The usual function LINEAR has none narrower than 1 (PS3.3 C.11.2.1.2.1);
     * such a one becomes LINEAR_EXACT.
     *
     * @param width more than 0
     */
    static void putWindow(DataSet to, double center, double width) {
        to.putDecimals(Attribute.WindowCenter, center);
        to.putDecimals(Attribute.WindowWidth, width);
        if (width < 1) {
            to.putText(Attribute.VOILUTFunction, EXACT);
        } else if (to.text(Attribute.VOILUTFunction).equals(Optional.of(EXACT))) {
            to.remove(Attribute.VOILUTFunction);
        }
    }

    /** Makes a data set a colour image: red, green and blue of each pixel together, 8 bits each. */
    static void putColour(DataSet to, double[] values, int first, int plane, int stride) {
        byte[] bytes = new byte[Math.multiplyExact(3, plane)];
        for (int i = 0; i < plane; i++) {
            for (int channel = 0; channel < 3; channel++) {
                bytes[3 * i + channel] = (byte) (int) Math.max(0, Math.min(255, values[first + channel * stride + i]));
            }
        }
        to.putInts(Attribute.SamplesPerPixel, 3);
        to.putText(Attribute.PhotometricInterpretation, "RGB");
        to.putInts(Attribute.PlanarConfiguration, 0);
        to.putInts(Attribute.BitsAllocated, 8);
        to.putInts(Attribute.BitsStored, 8);
        to.putInts(Attribute.HighBit, 7);
        to.putInts(Attribute.PixelRepresentation, 0);
        to.put(new Element.Value(Attribute.PixelData.tag(), Vr.OB, bytes));
        for (Attribute grey : new Attribute[] {
            Attribute.WindowCenter,
            Attribute.WindowWidth,
            Attribute.WindowCenterWidthExplanation,
            Attribute.VOILUTFunction,
            Attribute.RescaleSlope,
            Attribute.RescaleIntercept,
            Attribute.RescaleType
        }) {
            to.remove(grey);
        }
        // MR Image Storage has grey images only.
        to.putText(Attribute.SOPClassUID, Uid.SECONDARY_CAPTURE_IMAGE_STORAGE);
        to.putText(Attribute.ConversionType, "WSD");
        if (to.get(Attribute.PatientOrientation.tag()).isEmpty()) {
            to.putEmpty(Attribute.PatientOrientation); // required, if empty, where there is no Image Plane module
        }
    }
}
