package recon.mrd.file;

import io.jhdf.checksum.JenkinsLookup3HashLittle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import recon.mrd.format.MrdException;

/**
 * Section II.A, superblock: where a file's root group is and where the file ends.
 *
 * <pre>
 * version 0     signature | versions u8[5] | sizes u8[2] | 0 | group k u16[2] | flags u32 | base | free space | end |
 *               driver | entry of the root group (III.C): name u64 | object header | what is cached u32 | 0 u32 | u8[16]
 * version 2, 3  signature | version u8 | sizes u8[2] | flags u8 | base | extension | end | root's object header |
 *               checksum u32
 * </pre>
 *
 * Files are created with version 0; the others are met in files that are added to.
 */
final class Superblock {
    static final int BYTES = 96;
    static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    private static final int OFFSET_BYTES = 8;
    private static final int LENGTH_BYTES = 8;
    private static final int GROUP_LEAF_K = 4;
    private static final int GROUP_INTERNAL_K = 16;

    private static final int VERSION_AT = 8;
    /** Offsets in version 0. */
    private static final int SIZES_AT_V0 = 13;

    private static final int BASE_AT_V0 = 24;
    private static final int END_AT_V0 = 40;
    private static final int DRIVER_AT_V0 = 48;
    private static final int ROOT_AT_V0 = 64;
    /** Offsets in versions 2 and 3. */
    private static final int SIZES_AT_V2 = 9;

    private static final int FLAGS_AT_V2 = 11;
    private static final int BASE_AT_V2 = 12;
    private static final int EXTENSION_AT_V2 = 20;
    private static final int END_AT_V2 = 28;
    private static final int ROOT_AT_V2 = 36;
    private static final int CHECKSUM_AT_V2 = 44;
    private static final int BYTES_V2 = 48;

    private final byte[] content;
    private final ByteBuffer bytes;

    private Superblock(byte[] content) {
        this.content = content;
        this.bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** That of a new file. */
    static Superblock create() {
        byte[] content = new byte[BYTES];
        ByteBuffer out = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        out.put(SIGNATURE);
        out.putInt(0); // versions: superblock, free space, root symbol table; one byte reserved
        out.put((byte) 0).put((byte) OFFSET_BYTES).put((byte) LENGTH_BYTES).put((byte) 0);
        out.putShort((short) GROUP_LEAF_K).putShort((short) GROUP_INTERNAL_K);
        out.putInt(0); // consistency flags
        out.putLong(0); // base address
        out.putLong(Hdf5Space.UNDEFINED_ADDRESS); // free space
        out.putLong(0); // end of the file
        out.putLong(Hdf5Space.UNDEFINED_ADDRESS); // driver
        return new Superblock(content);
    }

    /** That of a file that is to be added to. */
    static Superblock read(FileChannel channel) throws IOException {
        byte[] content = new byte[BYTES];
        ByteBuffer in = ByteBuffer.wrap(content);
        while (in.hasRemaining() && channel.read(in, in.position()) >= 0) {
            // a channel may return less than asked for
        }
        if (!Arrays.equals(Arrays.copyOf(content, SIGNATURE.length), SIGNATURE)) {
            throw cannot("begins with a user block");
        }
        int version = in.get(VERSION_AT);
        if (in.position() < (version == 0 ? BYTES : BYTES_V2)) {
            throw new MrdException("damaged or truncated HDF5 file: it ends within its superblock");
        }
        Superblock superblock = new Superblock(content);
        switch (version) {
            case 0 -> superblock.check(SIZES_AT_V0, BASE_AT_V0, DRIVER_AT_V0, "is kept by a driver of its own");
            case 2, 3 -> {
                superblock.check(SIZES_AT_V2, BASE_AT_V2, EXTENSION_AT_V2, "has a superblock extension");
                superblock.checkVersion2();
            }
            default -> throw cannot("has a superblock of version " + version + "; 0, 2 and 3 are known");
        }
        return superblock;
    }

    private void check(int sizesAt, int baseAt, int undefinedAt, String whatIfDefined) throws MrdException {
        if (bytes.get(sizesAt) != OFFSET_BYTES || bytes.get(sizesAt + 1) != LENGTH_BYTES) {
            throw cannot("has addresses of " + bytes.get(sizesAt) + " and lengths of " + bytes.get(sizesAt + 1)
                    + " bytes; 8 are known");
        }
        if (bytes.getLong(baseAt) != 0) {
            throw cannot("has the base address " + bytes.getLong(baseAt));
        }
        if (bytes.getLong(undefinedAt) != Hdf5Space.UNDEFINED_ADDRESS) {
            throw cannot(whatIfDefined);
        }
    }

    private void checkVersion2() throws MrdException {
        if (bytes.getInt(CHECKSUM_AT_V2) != checksum()) {
            throw new MrdException("damaged HDF5 file: the checksum of its superblock is wrong");
        }
        if (bytes.get(FLAGS_AT_V2) != 0) {
            throw cannot("is being written, or its writer did not close it (h5clear -s puts that right)");
        }
    }

    private static MrdException cannot(String what) {
        return new MrdException("nothing can be appended to this HDF5 file: it " + what + " (h5repack writes it anew)");
    }

    private int checksum() {
        return JenkinsLookup3HashLittle.hash(Arrays.copyOf(content, CHECKSUM_AT_V2));
    }

    private boolean isVersion0() {
        return bytes.get(VERSION_AT) == 0;
    }

    long endOfFile() {
        return bytes.getLong(isVersion0() ? END_AT_V0 : END_AT_V2);
    }

    /** The bytes to begin the file with once its root group and its end are known. */
    ByteBuffer encode(long rootHeaderAddress, long endOfFile) {
        if (isVersion0()) {
            bytes.putLong(END_AT_V0, endOfFile);
            Arrays.fill(content, ROOT_AT_V0 - Long.BYTES, BYTES, (byte) 0); // no name, nothing cached
            bytes.putLong(ROOT_AT_V0, rootHeaderAddress);
            return ByteBuffer.wrap(content);
        }
        bytes.putLong(END_AT_V2, endOfFile).putLong(ROOT_AT_V2, rootHeaderAddress);
        bytes.putInt(CHECKSUM_AT_V2, checksum());
        return ByteBuffer.wrap(content, 0, BYTES_V2);
    }
}
