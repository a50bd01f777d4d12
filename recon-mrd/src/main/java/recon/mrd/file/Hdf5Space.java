package recon.mrd.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import recon.mrd.format.MrdException;

/** The bytes of an HDF5 file that is being written: space is handed out from the front to the back, never reused. */
final class Hdf5Space implements Closeable {
    /** What an address says that points nowhere. */
    static final long UNDEFINED_ADDRESS = -1L;

    private final FileChannel channel;
    private final Superblock superblock;
    private long end;

    private Hdf5Space(FileChannel channel, Superblock superblock, long end) {
        this.channel = channel;
        this.superblock = superblock;
        this.end = end;
    }

    /** Creates the file, which must not exist yet, and leaves room for the superblock. */
    static Hdf5Space create(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new Hdf5Space(channel, Superblock.create(), Superblock.BYTES);
    }

    /**
     * Opens a file to add to it: all that it holds stays where it is.
     *
     * @throws MrdException if the file is of a kind that cannot be added to
     */
    static Hdf5Space append(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            Superblock superblock = Superblock.read(channel);
            if (superblock.endOfFile() > channel.size()) {
                throw new MrdException("damaged or truncated HDF5 file: it has " + channel.size()
                        + " bytes where it says " + superblock.endOfFile());
            }
            return new Hdf5Space(channel, superblock, padded(channel.size()));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
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
        write(superblock.encode(rootHeaderAddress, end), 0);
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
