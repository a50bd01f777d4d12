package recon.mrd.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of an HDF5 file that is being written: space is handed out from the front to the back, never reused. */
final class Hdf5Space implements Closeable {
    /** What an address says that points nowhere. */
    static final long UNDEFINED_ADDRESS = -1L;

    private final FileChannel channel;
    private long end;

    /** Creates the file, which must not exist yet, and leaves room for the superblock. */
    Hdf5Space(Path path) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        end = Superblock.BYTES;
    }

    /** Reserves space that begins at a multiple of 8 and returns its address. */
    long allocate(long bytes) {
        long address = end;
        end = Math.addExact(address, padded(bytes));
        return address;
    }

    void write(ByteBuffer bytes, long address) throws IOException {
        long at = address;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** Reserves space for the bytes, writes them, and returns their address. */
    long append(ByteBuffer bytes) throws IOException {
        long address = allocate(bytes.remaining());
        write(bytes, address);
        return address;
    }

    /** Writes the superblock, makes the file as long as what was handed out, and brings all of it to the disk. */
    void finish(long rootHeaderAddress) throws IOException {
        write(Superblock.encode(rootHeaderAddress, end), 0);
        if (channel.size() < end) {
            write(ByteBuffer.allocate(1), end - 1);
        }
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    static long padded(long bytes) {
        return Math.addExact(bytes, 7) & ~7L;
    }
}
