package recon.mrd.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A one-dimensional dataset that grows: its elements go to the disk as they come, each a chunk of its own. */
final class RecordTable {
    private final Hdf5Space space;
    private final byte[] datatype;
    private final int recordBytes;
    private final ChunkTree tree;
    private final ByteBuffer records;
    private long written;
    private long writtenAt;

    /** @param recordsPerWrite how many elements are kept in memory before they are written */
    RecordTable(Hdf5Space space, byte[] datatype, int recordBytes, int recordsPerWrite) {
        this.space = space;
        this.datatype = datatype;
        this.recordBytes = recordBytes;
        this.tree = new ChunkTree(space, 1, recordBytes);
        this.records = ByteBuffer.allocate(recordsPerWrite * recordBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Begins with elements that are in the file already. */
    void adopt(long[] addresses) throws IOException {
        for (long address : addresses) {
            tree.add(address);
        }
    }

    /** Room for one more element, little-endian; to be filled before the next call. */
    ByteBuffer next() throws IOException {
        if (!records.hasRemaining()) {
            flush();
        }
        int start = records.position();
        records.position(start + recordBytes);
        return records.slice(start, recordBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void flush() throws IOException {
        if (records.position() == 0) {
            return;
        }
        long address = space.append(records.flip());
        for (int at = 0; at < records.limit(); at += recordBytes) {
            tree.add(address + at);
        }
        records.clear();
    }

    /**
     * Writes the dataset as it is now, unless it was written so, and returns the address of its object header. It may grow
     * after that.
     */
    long write() throws IOException {
        flush();
        if (writtenAt == 0 || written != tree.count()) {
            long root = tree.write();
            writtenAt = space.append(ObjectHeader.chunked(
                    new long[] {tree.count()}, new int[] {1}, Datatypes.message(datatype), recordBytes, root));
            written = tree.count();
        }
        return writtenAt;
    }
}
