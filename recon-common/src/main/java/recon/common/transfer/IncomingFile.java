package recon.common.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.UUID;
import recon.common.job.Sha256;
import recon.common.lifecycle.CrashPoint;

/**
 * A file on its way in. It has its real name only after {@link #commit()}, and is on the disk then. So a reader of the
 * directory sees a whole file or none. Closing without committing deletes it, unless it was opened to be
 * {@linkplain #resume resumed}.
 */
public final class IncomingFile implements Closeable {
    private static final String PARTIAL_PREFIX = ".incoming-";
    private static final int READ_BYTES = 128 * 1024;

    private final Path target;
    private final Path partial;
    private final FileChannel out;
    private final long expectedBytes;
    private final boolean resumable;
    private final MessageDigest digest = Sha256.begin();
    private long receivedBytes;

    private IncomingFile(Path target, Path partial, FileChannel out, long expectedBytes, boolean resumable) {
        this.target = target;
        this.partial = partial;
        this.out = out;
        this.expectedBytes = expectedBytes;
        this.resumable = resumable;
    }

    /**
     * Begins a file.
     *
     * @param target its real name, in an existing directory
     * @param expectedBytes its exact size
     */
    public static IncomingFile create(Path target, long expectedBytes) throws IOException {
        Path partial = target.resolveSibling(PARTIAL_PREFIX + UUID.randomUUID() + ".part"); // the umask holds
        return new IncomingFile(
                target,
                partial,
                FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                expectedBytes,
                false);
    }

    /**
     * Goes on with a file that was begun before, or begins it. What is here already counts as received. Nobody else can
     * have it open meanwhile; closing without committing keeps it.
     *
     * @param key names the file in its directory, among those that are not whole: letters, digits and hyphens
     * @param busy told while the bytes that are here already are read
     * @return empty if somebody else has it open
     */
    public static Optional<IncomingFile> resume(Path target, String key, long expectedBytes, Busy busy)
            throws IOException {
        Path partial = partial(target, key);
        FileChannel out =
                FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (!isOurs(out)) {
                out.close();
                return Optional.empty();
            }
            IncomingFile file = new IncomingFile(target, partial, out, expectedBytes, true);
            file.readBack(busy);
            return Optional.of(file);
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    /** Where the bytes are until the file is whole. */
    public static Path partial(Path target, String key) {
        return target.resolveSibling(PARTIAL_PREFIX + key + ".part");
    }

    private static boolean isOurs(FileChannel out) throws IOException {
        try {
            return out.tryLock() != null; // until it is closed
        } catch (OverlappingFileLockException anotherThreadHasIt) {
            return false;
        } catch (IOException noLocksHere) { // some network shares
            return true;
        }
    }

    private void readBack(Busy busy) throws IOException {
        if (out.size() > expectedBytes) {
            restart();
            return;
        }
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(out.size(), READ_BYTES));
        for (int count = out.read(piece); count > 0; count = out.read(piece)) {
            digest.update(piece.array(), 0, count);
            receivedBytes += count;
            piece.clear();
            busy.tick();
        }
    }

    /** Drops all bytes that are here. */
    public void restart() throws IOException {
        out.truncate(0);
        out.position(0);
        digest.reset();
        receivedBytes = 0;
    }

    /** For tests: fills a file that exists already. */
    static IncomingFile onto(Path target, Path partial, long expectedBytes) throws IOException {
        return new IncomingFile(
                target, partial, FileChannel.open(partial, StandardOpenOption.WRITE), expectedBytes, false);
    }

    /** Writes the first {@code length} bytes of {@code piece}. */
    public void append(byte[] piece, int length) throws IOException {
        append(piece, 0, length);
    }

    public void append(byte[] piece, int offset, int length) throws IOException {
        if (length > expectedBytes - receivedBytes) {
            throw new IOException(
                    target.getFileName() + " is longer than the " + expectedBytes + " bytes that were announced");
        }
        CrashPoint.BEFORE_FILE_WRITE.reach();
        ByteBuffer buffer = ByteBuffer.wrap(piece, offset, length);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        CrashPoint.AFTER_FILE_WRITE.reach();
        digest.update(piece, offset, length);
        receivedBytes += length;
    }

    public long receivedBytes() {
        return receivedBytes;
    }

    public long expectedBytes() {
        return expectedBytes;
    }

    /** The digest of what is here. */
    public Sha256 sha256() {
        try {
            return Sha256.of((MessageDigest) digest.clone());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's digests can be cloned", e);
        }
    }

    /** Gives the file its real name, once it is whole and on the disk. An older file of that name is replaced. */
    public void commit() throws IOException {
        sync();
        CrashPoint.BEFORE_FILE_RENAME.reach();
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        CrashPoint.AFTER_FILE_RENAME.reach();
    }

    /**
     * As {@link #commit}, but keeps an older file of that name.
     *
     * @throws FileAlreadyExistsException if there is one; this file is still uncommitted then
     */
    public void commitAs(Path newTarget) throws IOException {
        sync();
        try {
            Files.createLink(newTarget, partial); // fails if the name is taken, where an atomic move would replace
            Files.delete(partial);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException noLinksHere) { // FAT, some network shares
            Files.move(partial, newTarget); // fails as well, but looks and moves in two steps
        }
        syncName(newTarget);
    }

    /** Puts the name on the disk: the content is there already. Systems that cannot, do it by themselves. */
    private static void syncName(Path file) throws IOException {
        FileChannel directory;
        try {
            directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ);
        } catch (FileSystemException directoriesAreNotOpened) {
            return;
        }
        try (directory) {
            directory.force(true);
        }
    }

    /** Whether an existing file holds the same bytes as this one, which is whole. */
    public boolean hasContentOf(Path other) throws IOException {
        return Files.isRegularFile(other) && Files.mismatch(partial, other) < 0;
    }

    private void sync() throws IOException {
        if (receivedBytes != expectedBytes) {
            throw new IOException(
                    target.getFileName() + " ended at " + receivedBytes + " of " + expectedBytes + " bytes");
        }
        if (out.isOpen()) {
            CrashPoint.BEFORE_FILE_SYNC.reach();
            out.force(true);
            CrashPoint.AFTER_FILE_SYNC.reach();
            out.close();
        }
    }

    /** Closes it, and removes what is not committed. */
    public void discard() throws IOException {
        out.close();
        Files.deleteIfExists(partial); // gone already after a commit
    }

    @Override
    public void close() throws IOException {
        if (resumable) {
            out.close();
        } else {
            discard();
        }
    }
}
