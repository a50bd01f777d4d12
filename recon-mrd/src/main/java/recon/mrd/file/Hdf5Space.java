package recon.mrd.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.format.MrdException;

/**
 * The bytes of an HDF5 file that is being written: space is handed out from the front to the back, never reused. An interrupt
 * of the writing thread does not close the file, as it would a channel: what has come in is to be kept, also by a program
 * that is told to stop. While it is open a lock tells other programs that it is being written ({@link #isBeingWritten}).
 */
final class Hdf5Space implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Hdf5Space.class);

    /** What an address says that points nowhere. */
    static final long UNDEFINED_ADDRESS = -1L;

    /** The byte that is locked. It lies behind all data, since some systems let nobody else read what is locked. */
    private static final long LOCKED_BYTE = 1L << 62;

    private final RandomAccessFile file;
    private final Superblock superblock;
    private long end;

    private Hdf5Space(Path path, Superblock superblock, long end) throws IOException {
        this.file = new RandomAccessFile(path.toFile(), "rw");
        this.superblock = superblock;
        this.end = end;
        lock();
    }

    private void lock() {
        boolean interrupted = Thread.interrupted(); // that would close the file
        try {
            file.getChannel().tryLock(LOCKED_BYTE, 1, false); // until the file is closed
        } catch (IOException e) {
            log.debug("no locks here, so nobody can tell that a file is being written: {}", e.toString());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Whether a program that runs has the file open to write it. To be asked for files of other programs only: asking takes
     * this program's own lock away.
     *
     * @throws IOException if that cannot be found out
     */
    static boolean isBeingWritten(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false)) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    /** Creates the file, which must not exist yet, and leaves room for the superblock. */
    static Hdf5Space create(Path path, FileAttribute<?>... attributes) throws IOException {
        Files.createFile(path, attributes);
        return new Hdf5Space(path, Superblock.create(), Superblock.BYTES);
    }

    /**
     * Opens a file to add to it: all that it holds stays where it is.
     *
     * @throws MrdException if the file is of a kind that cannot be added to
     */
    static Hdf5Space append(Path path) throws IOException {
        Superblock superblock = requireWhole(path);
        return new Hdf5Space(path, superblock, padded(Files.size(path)));
    }

    /** Looks at a file that is to be added to. */
    static Superblock requireWhole(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            Superblock superblock = Superblock.read(channel);
            if (superblock.endOfFile() > channel.size()) {
                throw new MrdException("damaged or truncated HDF5 file: it has " + channel.size()
                        + " bytes where it says " + superblock.endOfFile());
            }
            return superblock;
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

    /** Makes the file as long as what was handed out, and returns that length. */
    long fill() throws IOException {
        if (file.length() < end) {
            file.setLength(end);
        }
        return end;
    }

    /** Brings to the disk what was written. May run beside a thread that writes on. */
    void sync() throws IOException {
        file.getFD().sync();
    }

    /** Writes the superblock, by which readers find what lies below the end, and which must not come to the disk before that. */
    void publish(long rootHeaderAddress, long endOfFile) throws IOException {
        write(superblock.encode(rootHeaderAddress, endOfFile), 0);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    static long padded(long bytes) {
        return Math.addExact(bytes, 7) & ~7L;
    }
}
