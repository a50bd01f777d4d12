package recon.mrd.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import recon.mrd.format.MrdException;

/**
 * The bytes of an HDF5 file that is being written: space is handed out from the front to the back, never reused. An interrupt
 * of the writing thread does not close the file, as it would a channel: what has come in is to be kept, also by a program
 * that is told to stop.
 */
final class Hdf5Space implements Closeable {
    /** What an address says that points nowhere. */
    static final long UNDEFINED_ADDRESS = -1L;

    private final RandomAccessFile file;
    private final Superblock superblock;
    private long end;

    private Hdf5Space(RandomAccessFile file, Superblock superblock, long end) {
        this.file = file;
        this.superblock = superblock;
        this.end = end;
    }

    /** Creates the file, which must not exist yet, and leaves room for the superblock. */
    static Hdf5Space create(Path path, FileAttribute<?>... attributes) throws IOException {
        Files.createFile(path, attributes);
        return new Hdf5Space(new RandomAccessFile(path.toFile(), "rw"), Superblock.create(), Superblock.BYTES);
    }

    /**
     * Opens a file to add to it: all that it holds stays where it is.
     *
     * @throws MrdException if the file is of a kind that cannot be added to
     */
    static Hdf5Space append(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            Superblock superblock = Superblock.read(channel);
            if (superblock.endOfFile() > channel.size()) {
                throw new MrdException("damaged or truncated HDF5 file: it has " + channel.size()
                        + " bytes where it says " + superblock.endOfFile());
            }
            return new Hdf5Space(new RandomAccessFile(path.toFile(), "rw"), superblock, padded(channel.size()));
        }
    }

    /** Reserves space that begins at a multiple of 8 and returns its address. */
    long allocate(long bytes) {
        long address = end;
        end = Math.addExact(address, padded(bytes));
        return address;
    }

    /** Writes the bytes, which must lie in an array. */
    void write(ByteBuffer bytes, long address) throws IOException {
        file.seek(address);
        file.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        bytes.position(bytes.limit());
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
        if (file.length() < end) {
            file.setLength(end);
        }
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    static long padded(long bytes) {
        return Math.addExact(bytes, 7) & ~7L;
    }
}
