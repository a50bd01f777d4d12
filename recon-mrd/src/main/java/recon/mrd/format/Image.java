package recon.mrd.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One image of all channels, or a volume. The pixels are not copied, for they are the bulk of it: whoever makes an image
 * hands them over, and nobody writes to them afterwards.
 *
 * @param attributes the XML of {@link MetaAttributes}, or nothing
 * @param pixels little-endian; x fastest, then y, z, channel: {@code columns * rows * slices * channels} of the header's type
 */
@SuppressWarnings("ArrayRecordComponent")
public record Image(ImageHeader head, String attributes, byte[] pixels) implements MrdItem {
    /** @throws IllegalArgumentException if the pixels are not as many as the header says */
    public Image {
        double bytes = head.pixels() * head.pixelType().bytes();
        if (pixels.length != bytes) {
            throw new IllegalArgumentException(String.format(
                    "%d bytes of pixels where %d x %d x %d of %d channels of %s belong, which are %.0f",
                    pixels.length,
                    head.columns(),
                    head.rows(),
                    head.slices(),
                    head.channels(),
                    head.pixelType(),
                    bytes));
        }
    }

    /** An image whose header says how long its attributes are. */
    public static Image of(ImageHeaderBuilder head, MetaAttributes attributes, byte[] pixels) {
        String xml = attributes.toXml();
        int bytes = xml.getBytes(StandardCharsets.UTF_8).length;
        return new Image(head.attributeBytes(bytes).build(), xml, pixels);
    }

    /** An image of 16 bits with sign; sets the header's type. */
    public static Image of(ImageHeaderBuilder head, MetaAttributes attributes, short[] pixels) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * pixels.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(pixels);
        return of(head.pixelType(PixelType.I16), attributes, bytes.array());
    }

    /** The pixels as they lie, to be read with their own type. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(pixels)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * All pixels as numbers.
     *
     * @throws MrdException if they are complex
     */
    public double[] values() throws MrdException {
        int bytes = head.pixelType().bytes();
        double[] values = new double[pixels.length / bytes];
        ByteBuffer in = buffer();
        for (int i = 0; i < values.length; i++) {
            int at = i * bytes;
            values[i] = switch (head.pixelType()) {
                case U16 -> Short.toUnsignedInt(in.getShort(at));
                case I16 -> in.getShort(at);
                case U32 -> Integer.toUnsignedLong(in.getInt(at));
                case I32 -> in.getInt(at);
                case F32 -> in.getFloat(at);
                case F64 -> in.getDouble(at);
                case COMPLEX_F32, COMPLEX_F64 ->
                    throw new MrdException("the pixels of an image are complex (" + head.pixelType()
                            + "); numbers without an imaginary part belong there");
            };
        }
        return values;
    }

    /** All pixels as numbers; of complex ones the magnitude. */
    public double[] valuesOrMagnitudes() throws MrdException {
        PixelType type = head.pixelType();
        if (!type.isComplex()) {
            return values();
        }
        ByteBuffer in = buffer();
        double[] values = new double[pixels.length / type.bytes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type == PixelType.COMPLEX_F32
                    ? Math.hypot(in.getFloat(), in.getFloat())
                    : Math.hypot(in.getDouble(), in.getDouble());
        }
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Image that
                && head.equals(that.head)
                && attributes.equals(that.attributes)
                && Arrays.equals(pixels, that.pixels);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * head.hashCode() + attributes.hashCode()) + Arrays.hashCode(pixels);
    }

    @Override
    public String toString() {
        return "Image[" + head + "]";
    }
}
