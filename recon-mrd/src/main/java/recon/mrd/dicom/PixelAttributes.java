package recon.mrd.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import recon.mrd.recon.ReconImage;

/** The modules Image Pixel and VOI LUT: unsigned pixels in 16 bits, of which the lower 8 to 16 are used. */
final class PixelAttributes {
    private PixelAttributes() {}

    /**
     * Puts pixels and window.
     *
     * @param maximum the magnitude that becomes 2^bitsStored - 1; if it is 0 every pixel is 0
     */
    static void put(DataSet to, ReconImage image, double maximum, SeriesOptions options) {
        int bits = options.bitsStored();
        to.putInts(Attribute.SamplesPerPixel, 1);
        to.putText(Attribute.PhotometricInterpretation, "MONOCHROME2");
        to.putInts(Attribute.Rows, image.rows());
        to.putInts(Attribute.Columns, image.columns());
        to.putInts(Attribute.BitsAllocated, 16);
        to.putInts(Attribute.BitsStored, bits);
        to.putInts(Attribute.HighBit, bits - 1);
        to.putInts(Attribute.PixelRepresentation, 0);
        to.putDecimals(Attribute.WindowCenter, options.windowCenter().orElse(1 << (bits - 1)));
        to.putDecimals(Attribute.WindowWidth, options.windowWidth().orElse(1 << bits));
        to.putBytes(Attribute.PixelData, pixels(image, maximum, (1 << bits) - 1));
    }

    private static byte[] pixels(ReconImage image, double maximum, int largest) {
        float[] magnitude = image.magnitude();
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(2, magnitude.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : magnitude) {
            // Not a number becomes 0 by the cast, an infinite pixel the largest value.
            double stored = maximum > 0 ? Math.rint((double) value * largest / maximum) : 0;
            bytes.putShort((short) (int) Math.max(0, Math.min(largest, stored)));
        }
        return bytes.array();
    }
}
