package recon.mrd.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderFormat;
import recon.mrd.format.MrdException;

/**
 * A series of images that grows. All have one size and one type, for their pixels are one dataset; the other libraries
 * refuse anything else as well.
 */
final class ImageTable {
    private static final int RECORDS_PER_WRITE = 1;

    private final Hdf5Space space;
    private final GlobalHeapWriter heap;
    private final String name;
    private final ImageShape shape;
    private final RecordTable headers;
    private final RecordTable attributes;
    private final ChunkTree pixels;
    private long written;
    private long writtenAt;

    ImageTable(Hdf5Space space, GlobalHeapWriter heap, String name, ImageShape shape) throws MrdException {
        this.space = space;
        this.heap = heap;
        this.name = name;
        this.shape = shape;
        this.headers = new RecordTable(space, MrdRecords.imageHeader(), ImageHeaderFormat.BYTES, RECORDS_PER_WRITE);
        this.attributes = new RecordTable(space, Datatypes.string(), Datatypes.REFERENCE_BYTES, RECORDS_PER_WRITE);
        this.pixels = new ChunkTree(space, 1 + shape.sizes().length, imageBytes(shape));
    }

    private static int imageBytes(ImageShape shape) throws MrdException {
        double bytes = shape.type().bytes();
        for (int size : shape.sizes()) {
            bytes *= size;
        }
        if (bytes == 0 || bytes > Integer.MAX_VALUE) {
            throw new MrdException("an image of " + shape + " cannot be written: it has " + (long) bytes
                    + " bytes of pixels, outside 1.." + Integer.MAX_VALUE);
        }
        return (int) bytes;
    }

    /** Begins with images that are in the file already. */
    void adopt(long[] headerAddresses, long[] attributeAddresses, long[] pixelAddresses) throws IOException {
        headers.adopt(headerAddresses);
        attributes.adopt(attributeAddresses);
        for (long address : pixelAddresses) {
            pixels.add(address);
        }
    }

    /** @throws MrdException if the image is of another size or type than those before it */
    void write(Image image) throws IOException {
        ImageShape other = ImageShape.of(image.head());
        if (!other.equals(shape)) {
            throw new MrdException("an image of " + other + " cannot be added to " + name + ", whose images are "
                    + shape + "; give it another image_series_index");
        }
        byte[] text = image.attributes().getBytes(StandardCharsets.UTF_8);
        ImageHeader head = image.head().toBuilder().attributeBytes(text.length).build();
        ImageHeaderFormat.write(head, headers.next());
        heap.add(text).write(attributes.next());
        pixels.add(space.append(ByteBuffer.wrap(image.pixels())));
    }

    /** Writes the series as it is now, unless it was written so, and returns the address of its group. It may grow after that. */
    long write() throws IOException {
        if (writtenAt != 0 && written == pixels.count()) {
            return writtenAt;
        }
        Map<String, Long> links = new LinkedHashMap<>();
        links.put(ImageGroup.ATTRIBUTES, attributes.write());
        links.put(ImageGroup.DATA, writePixels());
        links.put(ImageGroup.HEADER, headers.write());
        writtenAt = space.append(ObjectHeader.group(links));
        written = pixels.count();
        return writtenAt;
    }

    private long writePixels() throws IOException {
        int[] sizes = shape.sizes();
        long[] dimensions = new long[1 + sizes.length];
        int[] chunk = new int[1 + sizes.length];
        dimensions[0] = pixels.count();
        chunk[0] = 1;
        for (int i = 0; i < sizes.length; i++) {
            dimensions[1 + i] = sizes[i];
            chunk[1 + i] = sizes[i];
        }
        long root = pixels.write();
        return space.append(ObjectHeader.chunked(
                dimensions,
                chunk,
                Datatypes.message(MrdRecords.pixel(shape.type())),
                shape.type().bytes(),
                root));
    }
}
