package recon.client.watch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import recon.common.job.Sha256;

/** The ledger of one directory, and the lock that lets one program at a time have it. */
final class WatchState implements Closeable {
    private static final int KEY_CHARS = 16;

    private final FileChannel lock;
    private final Ledger ledger;

    private WatchState(FileChannel lock, Ledger ledger) {
        this.lock = lock;
        this.ledger = ledger;
    }

    /** @throws IllegalArgumentException if another program has it */
    static WatchState open(Path stateDirectory, Path directory) throws IOException {
        Files.createDirectories(stateDirectory, privately());
        MessageDigest digest = Sha256.begin();
        digest.update(directory.toRealPath().toString().getBytes(StandardCharsets.UTF_8));
        String name = "watch-" + Sha256.of(digest).hex().substring(0, KEY_CHARS);
        FileChannel lock = FileChannel.open(
                stateDirectory.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isOurs(lock)) {
                throw new IllegalArgumentException(
                        directory + " is watched by another program already; end that first");
            }
            return new WatchState(lock, Ledger.open(stateDirectory.resolve(name + ".ledger"), directory));
        } catch (IOException | IllegalArgumentException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean isOurs(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock(); // goes when the channel is closed
            return lock != null;
        } catch (OverlappingFileLockException anotherThreadHasIt) {
            return false;
        }
    }

    Ledger ledger() {
        return ledger;
    }

    private static FileAttribute<?>[] privately() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            ledger.close();
        }
    }
}
