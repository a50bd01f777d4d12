package recon.mrd.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import recon.mrd.format.PixelType;

/**
 * How the pixels of a DICOM image of one frame lie (PS3.3 C.7.6.3): grey ones of 8 or 16 bits, or RGB of 8 bits.
 *
 * @param samples 1 grey, 3 red, green and blue
 * @param allocatedBits 8 or 16 of each sample
 * @param byPlane all red samples first, then all green ones, then all blue ones
 */
record PixelLayout(int rows, int columns, int samples, int allocatedBits, boolean signed, boolean byPlane) {
    private static final int MAX_SIDE = 65_535;

    /** @throws DicomFormatException if the image is of another kind; names it, and what can be read */
    static PixelLayout of(DataSet image) throws DicomFormatException {
        int frames = image.integer(Attribute.NumberOfFrames).orElse(1);
        if (frames != 1) {
            throw new DicomFormatException(
                    "NumberOfFrames is " + frames + "; only images of one frame can be read, one in each file");
        }
        int samples = image.integer(Attribute.SamplesPerPixel).orElse(1);
        String photometric = image.text(Attribute.PhotometricInterpretation).orElse("MONOCHROME2");
        int allocated = required(image, Attribute.BitsAllocated, 1, 64);
        boolean grey = samples == 1 && photometric.startsWith("MONOCHROME") && (allocated == 8 || allocated == 16);
        boolean colour = samples == 3 && photometric.equals("RGB") && allocated == 8;
        if (!grey && !colour) {
            throw new DicomFormatException(photometric + " pixels of " + samples + " samples of " + allocated
                    + " bits; grey ones of 8 or 16 bits and RGB of 8 bits can be read");
        }
        return new PixelLayout(
                required(image, Attribute.Rows, 1, MAX_SIDE),
                required(image, Attribute.Columns, 1, MAX_SIDE),
                samples,
                allocated,
                grey && image.integer(Attribute.PixelRepresentation).orElse(0) == 1,
                colour && image.integer(Attribute.PlanarConfiguration).orElse(0) == 1);
    }

    private static int required(DataSet image, Attribute attribute, int low, int high) throws DicomFormatException {
        int value = image.integer(attribute)
                .orElseThrow(() -> new DicomFormatException("the data set has no " + attribute));
        if (value < low || value > high) {
            throw new DicomFormatException(attribute + " " + value + " is outside " + low + ".." + high);
        }
        return value;
    }

    /** What the samples become: there are no pixels of 8 bits in ISMRMRD. */
    PixelType type() {
        return signed ? PixelType.I16 : PixelType.U16;
    }

    /**
     * The stored values as they are, 16 bits each, little-endian: column fastest, then row, then sample.
     *
     * @throws DicomFormatException if there are too few
     */
    byte[] pixels(DataSet image) throws DicomFormatException {
        byte[] stored = image.bytes(Attribute.PixelData)
                .orElseThrow(() -> new DicomFormatException("the data set has no PixelData"));
        long count = (long) rows * columns * samples;
        if (stored.length < count * allocatedBits / 8) {
            throw new DicomFormatException("PixelData has " + stored.length + " bytes, " + rows + " rows of " + columns
                    + " columns of " + samples + " samples need " + count * allocatedBits / 8);
        }
        if (allocatedBits == 16) {
            return Arrays.copyOf(stored, Math.toIntExact(2 * count));
        }
        ByteBuffer pixels = ByteBuffer.allocate(Math.toIntExact(2 * count)).order(ByteOrder.LITTLE_ENDIAN);
        int plane = rows * columns;
        for (int i = 0; i < count; i++) {
            byte value = stored[place(i, plane)];
            pixels.putShort((short) (signed ? value : value & 0xff));
        }
        return pixels.array();
    }

    /**
     * The way back of {@link #pixels}.
     *
     * @param pixels as many as rows, columns and samples say; of 8 bits the lower ones are kept
     */
    byte[] stored(byte[] pixels) {
        if (allocatedBits == 16) {
            return pixels.clone();
        }
        byte[] stored = new byte[pixels.length / 2];
        int plane = rows * columns;
        for (int i = 0; i < stored.length; i++) {
            stored[place(i, plane)] = pixels[2 * i];
        }
        return stored;
    }

    private int place(int index, int plane) {
        return samples == 1 || byPlane ? index : index % plane * samples + index / plane;
    }
}
