package recon.mrd.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Section II.A, superblock version 0: where a file's root group is and where the file ends. It closes with the symbol
 * table entry of the root group (section III.C).
 */
final class Superblock {
    static final int BYTES = 96;
    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    private static final int OFFSET_BYTES = 8;
    private static final int LENGTH_BYTES = 8;
    private static final int GROUP_LEAF_K = 4;
    private static final int GROUP_INTERNAL_K = 16;

    private Superblock() {}

    static ByteBuffer encode(long rootHeaderAddress, long endOfFile) {
        ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.put(SIGNATURE);
        out.putInt(0); // versions: superblock, free space, root symbol table; one byte reserved
        out.put((byte) 0).put((byte) OFFSET_BYTES).put((byte) LENGTH_BYTES).put((byte) 0);
        out.putShort((short) GROUP_LEAF_K).putShort((short) GROUP_INTERNAL_K);
        out.putInt(0); // consistency flags
        out.putLong(0); // base address
        out.putLong(Hdf5Space.UNDEFINED_ADDRESS); // free space
        out.putLong(endOfFile);
        out.putLong(Hdf5Space.UNDEFINED_ADDRESS); // driver
        out.putLong(0).putLong(rootHeaderAddress); // link name offset, object header
        out.position(BYTES); // nothing cached
        return out.flip();
    }
}
