package recon.mrd.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import recon.mrd.format.ImageSeries;

/**
 * How the pixels of a series become stored values of 16 bits, the same way for all its images: as they are if they are
 * whole numbers that fit; else {@code value = stored * slope + intercept} with stored values from 0 to 65535. Of complex
 * pixels the magnitude is taken.
 *
 * @param low smallest finite value of the series
 * @param high largest one
 */
record StoredPixels(double low, double high, double slope, double intercept) {
    private static final int MAX_16 = 0xffff;
    private static final int MIN_BITS = 12;

    /** Looks at all images of a series. */
    static StoredPixels of(ImageSeries series) throws IOException {
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
            return new StoredPixels(0, 0, 1, 0); // no image, or none of its pixels is a number
        }
        boolean fits = low >= 0 ? high <= MAX_16 : low >= Short.MIN_VALUE && high <= Short.MAX_VALUE;
        if (whole && fits) {
            return new StoredPixels(low, high, 1, 0);
        }
        double intercept = asWritten(Math.min(0, low));
        double slope = asWritten((high - intercept) / MAX_16);
        return new StoredPixels(low, high, slope > 0 && Double.isFinite(slope) ? slope : 1, intercept);
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

    /** Bits that hold every stored value of the series: 12 to 16. */
    int bitsStored() {
        if (isRescaled()) {
            return 16;
        }
        int bits = isSigned()
                ? 33 - Integer.numberOfLeadingZeros((int) Math.max(-low - 1, high))
                : 32 - Integer.numberOfLeadingZeros((int) high);
        return Math.max(MIN_BITS, Math.min(16, bits));
    }

    /** The stored values of one plane, two bytes each, little-endian. */
    byte[] stored(double[] values, int first, int count) {
        ByteBuffer out = ByteBuffer.allocate(Math.multiplyExact(2, count)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = first; i < first + count; i++) {
            double stored = Math.rint((values[i] - intercept) / slope);
            // What is no number becomes 0 by the cast.
            out.putShort((short) (int) Math.max(isSigned() ? Short.MIN_VALUE : 0, Math.min(MAX_16, stored)));
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
