package recon.mrd.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Section III.E, global heap: sequences of variable length in collections of at least 4096 bytes.
 *
 * <pre>
 * collection  "GCOL" | version 1 | 3 reserved | size u64 | objects ... | object 0: the free rest
 * object      index u16 | references u16 | 4 reserved | size u64 | bytes, padded to a multiple of 8
 * </pre>
 *
 * Small sequences share a collection, a large one has a collection of its own. Holds one collection in memory.
 */
final class GlobalHeapWriter {
    static final int COLLECTION_HEADER_BYTES = 16;
    static final int OBJECT_HEADER_BYTES = 16;
    static final byte[] SIGNATURE = {'G', 'C', 'O', 'L'};
    private static final int MIN_COLLECTION_BYTES = 4096;

    private final Hdf5Space space;
    private ByteBuffer collection = ByteBuffer.allocate(0);
    private long address;
    private int lastIndex;

    GlobalHeapWriter(Hdf5Space space) {
        this.space = space;
    }

    HeapReference add(float[] values) throws IOException {
        if (values.length == 0) {
            return HeapReference.EMPTY;
        }
        int bytes = Math.multiplyExact(values.length, Float.BYTES);
        reserve(bytes);
        collection.asFloatBuffer().put(values);
        return added(values.length, bytes);
    }

    HeapReference add(int[] values) throws IOException {
        if (values.length == 0) {
            return HeapReference.EMPTY;
        }
        int bytes = Math.multiplyExact(values.length, Integer.BYTES);
        reserve(bytes);
        collection.asIntBuffer().put(values);
        return added(values.length, bytes);
    }

    HeapReference add(byte[] values) throws IOException {
        if (values.length == 0) {
            return HeapReference.EMPTY;
        }
        reserve(values.length);
        collection.duplicate().put(values);
        return added(values.length, values.length);
    }

    private void reserve(int bytes) throws IOException {
        long needed = OBJECT_HEADER_BYTES + Hdf5Space.padded(bytes);
        if (needed > collection.remaining()) {
            flush();
            long size = Math.max(MIN_COLLECTION_BYTES, COLLECTION_HEADER_BYTES + needed);
            collection = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
            address = space.allocate(size);
            lastIndex = 0;
            collection.put(SIGNATURE).putInt(1).putLong(size);
        }
        lastIndex++;
        collection.putShort((short) lastIndex).putShort((short) 1).putInt(0).putLong(bytes);
    }

    private HeapReference added(int length, int bytes) {
        collection.position(collection.position() + (int) Hdf5Space.padded(bytes));
        return new HeapReference(length, address, lastIndex);
    }

    /** Writes what is still in memory. */
    void flush() throws IOException {
        if (collection.position() == 0) {
            return;
        }
        int free = collection.remaining();
        if (free >= OBJECT_HEADER_BYTES) {
            collection.putShort((short) 0).putShort((short) 0).putInt(0).putLong(free);
        }
        space.write(collection.rewind(), address);
        collection = ByteBuffer.allocate(0);
    }
}
