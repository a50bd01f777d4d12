package recon.common.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
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
    private static final byte[] NONE = new byte[0];

    /** What is written at once: with 16 KiB at a time, a new file of 1 GiB takes twice as long. */
    private static final int BLOCK_BYTES = 256 * 1024;

    /** After so many bytes the disk is told to begin. */
    private static final long SYNC_BYTES = 64L << 20;

    private final Path target;
    private final Path partial;
    private final FileChannel out;
    private final long expectedBytes;
    private final boolean resumable;
    private final MessageDigest digest = Sha256.begin();
    private byte[] block = NONE;
    private byte[] spare = NONE;
    private int filled;
    private Optional<Future<Void>> writer = Optional.empty();
    private Optional<Future<Void>> syncing = Optional.empty();
    private long unsyncedBytes;
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
        FileChannel out = FileChannel.open(
                partial,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS); // the folder may be open to others
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

    /** Whether a file of that name could be taken for one that is not whole. */
    public static boolean isPartialName(String name) {
        return name.startsWith(PARTIAL_PREFIX);
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
        awaitWriter();
        filled = 0;
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

    /** Takes the first {@code length} bytes of {@code piece}. */
    public void append(byte[] piece, int length) throws IOException {
        append(piece, 0, length);
    }

    /**
     * Takes bytes. Those of a large file are digested and written by another thread, a block at a time; a failure of
     * that shows in a later call.
     */
    public void append(byte[] piece, int offset, int length) throws IOException {
        if (length > expectedBytes - receivedBytes) {
            throw new IOException(
                    target.getFileName() + " is longer than the " + expectedBytes + " bytes that were announced");
        }
        receivedBytes += length;
        if (expectedBytes <= BLOCK_BYTES) {
            write(piece, offset, length);
            return;
        }
        int at = offset;
        int left = length;
        while (left > 0) {
            if (block.length == 0) {
                block = new byte[BLOCK_BYTES];
            }
            int count = Math.min(left, block.length - filled);
            System.arraycopy(piece, at, block, filled, count);
            filled += count;
            at += count;
            left -= count;
            if (filled == block.length) {
                writeInBackground();
            }
        }
    }

    private void writeInBackground() throws IOException {
        awaitWriter();
        byte[] full = block;
        block = spare;
        spare = full;
        filled = 0;
        writer = Optional.of(Helpers.submit(() -> {
            write(full, 0, full.length);
            return null;
        }));
    }

    private void awaitWriter() throws IOException {
        if (writer.isPresent()) {
            Future<Void> running = writer.get();
            writer = Optional.empty();
            Helpers.result(running);
        }
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        CrashPoint.BEFORE_FILE_WRITE.reach();
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        CrashPoint.AFTER_FILE_WRITE.reach();
        digest.update(bytes, offset, length);
        unsyncedBytes += length;
        if (unsyncedBytes >= SYNC_BYTES) {
            unsyncedBytes = 0;
            syncInBackground();
        }
    }

    /** Lets the disk work while the rest comes in. What fails here fails again at the end, and is told then. */
    private void syncInBackground() {
        if (syncing.isEmpty() || syncing.get().isDone()) {
            syncing = Optional.of(Helpers.submit(() -> {
                out.force(false);
                return null;
            }));
        }
    }

    /** Writes what was taken and is not written yet. */
    private void flush() throws IOException {
        awaitWriter();
        int count = filled;
        filled = 0;
        if (count > 0) {
            write(block, 0, count);
        }
        if (receivedBytes == expectedBytes) {
            dropBlocks(); // many whole files may wait for the disk
        }
    }

    public long receivedBytes() {
        return receivedBytes;
    }

    public long expectedBytes() {
        return expectedBytes;
    }

    /** The digest of what is here. */
    public Sha256 sha256() throws IOException {
        flush();
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
        flush();
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
        filled = 0;
        release();
        Files.deleteIfExists(partial); // gone already after a commit
    }

    /** Nobody uses the file after this; what can be written of what was taken is. */
    private void release() throws IOException {
        try {
            if (out.isOpen()) {
                flush();
            }
        } catch (IOException e) {
            // It fails where it matters: the file is not committed.
        } finally {
            dropBlocks();
            out.close();
        }
    }

    private void dropBlocks() {
        block = NONE;
        spare = NONE;
    }

    @Override
    public void close() throws IOException {
        if (resumable) {
            release();
        } else {
            discard();
        }
    }
}
