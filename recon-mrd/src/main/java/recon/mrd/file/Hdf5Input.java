package recon.mrd.file;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.storage.HdfBackingStorage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import recon.mrd.format.MrdException;

/** An HDF5 file open for reading. Whatever damage makes of it is an {@link MrdException} of one line. */
final class Hdf5Input implements Closeable {
    /** The signature is at 0, or behind a user block of 512 bytes or a power of two times that. */
    private static final int MIN_USER_BLOCK_BYTES = 512;

    private final Path path;
    private final HdfFile file;
    private final HdfBackingStorage storage;
    private final GlobalHeapReader heap;

    /** A step that may meet damage. */
    interface Step<T> {
        T run() throws IOException;
    }

    private Hdf5Input(Path path, HdfFile file) {
        this.path = path;
        this.file = file;
        this.storage = file.getHdfBackingStorage();
        this.heap = new GlobalHeapReader(storage);
    }

    /** @throws MrdException if it is no HDF5 file or is damaged */
    static Hdf5Input open(Path path) throws IOException {
        checkSignature(path);
        return guarded(path, () -> new Hdf5Input(path, new HdfFile(path)));
    }

    Path path() {
        return path;
    }

    HdfBackingStorage storage() {
        return storage;
    }

    GlobalHeapReader heap() {
        return heap;
    }

    Group root() {
        return file;
    }

    /** Names of the groups of the root. */
    List<String> groups() {
        return file.getChildren().values().stream()
                .filter(Node::isGroup)
                .map(Node::getName)
                .toList();
    }

    /** A group of the root. */
    Group group(String name) throws MrdException {
        List<String> groups = groups();
        if (!groups.contains(name)) {
            throw new MrdException("there is no group " + name + " among " + groups);
        }
        return (Group) file.getChild(name);
    }

    /** A dataset of the group. Links are not followed: one may point to another file. */
    static Optional<Dataset> dataset(Group group, String name) {
        return group.getChild(name) instanceof Dataset dataset ? Optional.of(dataset) : Optional.empty();
    }

    /** The same in one line, for it may quote a text of several, and with the name of the file before it. */
    MrdException named(MrdException e) {
        return new MrdException(path + ": " + oneLine(e), e);
    }

    <T> T guarded(Step<T> step) throws IOException {
        return guarded(path, step);
    }

    /**
     * Turns what jHDF throws on a damaged file into one line. Its recursion and its allocations follow the file's numbers,
     * so that damage may also end in one of the two errors caught here; the state they leave is dropped with the reader.
     */
    private static <T> T guarded(Path path, Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (MrdException e) {
            throw new MrdException(path + ": " + oneLine(e), e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new MrdException(path + ": damaged HDF5 file: " + oneLine(e), e);
        }
    }

    private static String oneLine(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.replaceAll("\\s+", " ");
    }

    /** @throws MrdException if it is no HDF5 file */
    static void checkSignature(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new MrdException(path + " is a directory, not an HDF5 file");
        }
        if (!hasSignature(path)) {
            throw new MrdException(path + " is not an HDF5 file");
        }
    }

    private static boolean hasSignature(Path path) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            byte[] found = new byte[Superblock.SIGNATURE.length];
            for (long at = 0; at + found.length <= channel.size(); at = Math.max(MIN_USER_BLOCK_BYTES, 2 * at)) {
                ByteBuffer into = ByteBuffer.wrap(found);
                channel.position(at);
                while (into.hasRemaining() && channel.read(into) >= 0) {
                    // a channel may return less than asked for
                }
                if (Arrays.equals(found, Superblock.SIGNATURE)) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
