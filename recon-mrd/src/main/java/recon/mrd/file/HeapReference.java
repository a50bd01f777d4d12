package recon.mrd.file;

import java.nio.ByteBuffer;

/**
 * Section VIII.B (disk format of variable-length data): a sequence in a global heap.
 *
 * @param length in elements, 0 to 2^32 - 1
 * @param collectionAddress of the heap collection; 0 for an empty sequence
 * @param index of the object within the collection; 0 for an empty sequence
 */
record HeapReference(long length, long collectionAddress, long index) {
    static final HeapReference EMPTY = new HeapReference(0, 0, 0);

    static HeapReference read(ByteBuffer in) {
        return new HeapReference(
                Integer.toUnsignedLong(in.getInt()), in.getLong(), Integer.toUnsignedLong(in.getInt()));
    }

    void write(ByteBuffer out) {
        out.putInt((int) length).putLong(collectionAddress).putInt((int) index);
    }
}
