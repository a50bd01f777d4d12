package recon.mrd.file;

import io.jhdf.storage.HdfBackingStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import recon.mrd.format.MrdException;

/**
 * Reads sequences of variable length from global heaps, as {@link GlobalHeapWriter} describes them. Keeps the last
 * collection, for small sequences share one. Every length is held against the file's before memory is taken.
 */
final class GlobalHeapReader {
    /** Longest collection accepted; the HDF5 library makes a larger one only for a single sequence of that size. */
    private static final int MAX_COLLECTION_BYTES = 1 << 30;

    /** The bulk of a file are collections of one readout each, read one after the other into the same place. */
    private static final int USUAL_COLLECTION_BYTES = 1 << 20;

    private final HdfBackingStorage storage;
    private final ByteBuffer usual =
            ByteBuffer.allocateDirect(USUAL_COLLECTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final Map<Long, ByteBuffer> objects = new HashMap<>();
    private long lastAddress = -1;

    GlobalHeapReader(HdfBackingStorage storage) {
        this.storage = storage;
    }

    /**
     * The bytes of a sequence, little-endian, valid until the next call.
     *
     * @param elementBytes size of one element
     */
    ByteBuffer read(HeapReference reference, int elementBytes) throws MrdException {
        if (reference.length() == 0) {
            return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
        }
        if (reference.collectionAddress() != lastAddress) {
            load(reference.collectionAddress());
        }
        ByteBuffer object = objects.get(reference.index());
        long bytes = reference.length() * elementBytes;
        if (object == null || object.capacity() < bytes) {
            throw new MrdException("damaged HDF5 file: the heap at " + reference.collectionAddress() + " holds "
                    + (object == null ? "no object " : "only " + object.capacity() + " bytes in object ")
                    + reference.index() + " where " + bytes + " bytes belong");
        }
        return object.duplicate().order(ByteOrder.LITTLE_ENDIAN).limit((int) bytes);
    }

    /** A sequence of 32-bit floats, whose length the caller has checked. */
    float[] floats(HeapReference reference) throws MrdException {
        float[] values = new float[(int) reference.length()];
        read(reference, Float.BYTES).asFloatBuffer().get(values);
        return values;
    }

    /** A sequence of 32-bit integers, whose length the caller has checked. */
    int[] integers(HeapReference reference) throws MrdException {
        int[] values = new int[(int) reference.length()];
        read(reference, Integer.BYTES).asIntBuffer().get(values);
        return values;
    }

    private void load(long address) throws MrdException {
        objects.clear();
        lastAddress = -1;
        ByteBuffer header = bytes(address, GlobalHeapWriter.COLLECTION_HEADER_BYTES);
        byte[] signature = new byte[4];
        header.get(signature);
        int version = header.getInt() & 0xFF;
        long size = header.getLong();
        if (!Arrays.equals(signature, GlobalHeapWriter.SIGNATURE) || version != 1) {
            throw new MrdException("damaged HDF5 file: no heap at " + address);
        }
        if (size < GlobalHeapWriter.COLLECTION_HEADER_BYTES || size > MAX_COLLECTION_BYTES) {
            throw new MrdException("damaged HDF5 file: the heap at " + address + " has " + size + " bytes, outside "
                    + GlobalHeapWriter.COLLECTION_HEADER_BYTES + ".." + MAX_COLLECTION_BYTES);
        }
        ByteBuffer collection = bytes(address, size);
        collection.position(GlobalHeapWriter.COLLECTION_HEADER_BYTES);
        while (collection.remaining() >= GlobalHeapWriter.OBJECT_HEADER_BYTES) {
            long index = Short.toUnsignedLong(collection.getShort());
            collection.position(collection.position() + 6); // references, reserved
            long objectBytes = collection.getLong();
            if (index == 0) {
                break; // the free rest
            }
            if (objectBytes < 0 || objectBytes > collection.remaining()) {
                throw new MrdException("damaged HDF5 file: object " + index + " of the heap at " + address + " has "
                        + Long.toUnsignedString(objectBytes) + " bytes where " + collection.remaining() + " are left");
            }
            objects.put(index, collection.slice(collection.position(), (int) objectBytes));
            long next = collection.position() + Hdf5Space.padded(objectBytes);
            collection.position((int) Math.min(next, collection.limit()));
        }
        lastAddress = address;
    }

    /** Valid until the next call. */
    private ByteBuffer bytes(long address, long length) throws MrdException {
        long available = storage.size() - storage.getUserBlockSize();
        if (address < 0 || address > available || length > available - address) {
            throw new MrdException("damaged or truncated HDF5 file: " + length + " bytes at "
                    + Long.toUnsignedString(address) + " lie beyond its end at " + available);
        }
        if (length > usual.capacity()) {
            return storage.readBufferFromAddress(address, (int) length).order(ByteOrder.LITTLE_ENDIAN);
        }
        usual.clear().limit((int) length);
        long start = storage.getUserBlockSize() + address;
        try {
            while (usual.hasRemaining() && storage.getFileChannel().read(usual, start + usual.position()) >= 0) {
                // a channel may return less than asked for
            }
        } catch (IOException e) {
            throw new MrdException("cannot read " + length + " bytes at " + start + ": " + e.getMessage(), e);
        }
        if (usual.hasRemaining()) {
            throw new MrdException("truncated HDF5 file: it ends at " + (start + usual.position()));
        }
        return usual.flip();
    }
}
