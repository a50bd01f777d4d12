package recon.server.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.Failures;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;

/** Puts files on the disk to stay, and takes them away. */
final class DiskFiles {
    private static final Logger log = LoggerFactory.getLogger(DiskFiles.class);
    private static final int READ_BYTES = 64 * 1024;

    private DiskFiles() {}

    /** Reads the file once, for its digest, and syncs it. */
    static StoredFile measure(ResultPath path, Path file) throws IOException {
        // Opened for writing where that is allowed: some systems sync nothing else.
        boolean writable = Files.isWritable(file);
        try (FileChannel channel = writable
                ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : FileChannel.open(file, StandardOpenOption.READ)) {
            StoredFile measured = read(path, channel);
            channel.force(true);
            return measured;
        }
    }

    /** Whether the file still is what it was. */
    static boolean isAsStored(StoredFile stored, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(stored.path(), channel).equals(stored);
        }
    }

    private static StoredFile read(ResultPath path, FileChannel channel) throws IOException {
        MessageDigest digest = Sha256.begin();
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        long size = 0;
        for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer)) {
            size += n;
            digest.update(buffer.flip());
            buffer.clear();
        }
        return new StoredFile(path, size, Sha256.of(digest));
    }

    /** Of the files in a directory, not below it; 0 if there is none. */
    static long bytesIn(Path directory) throws IOException {
        long bytes = 0;
        for (BasicFileAttributes file : entries(directory)) {
            bytes += file.size();
        }
        return bytes;
    }

    /** When one of the files in a directory was last written to; the beginning of time if there is none. */
    static Instant lastWrite(Path directory) throws IOException {
        Instant last = Instant.EPOCH;
        for (BasicFileAttributes file : entries(directory)) {
            Instant written = file.lastModifiedTime().toInstant();
            last = written.isAfter(last) ? written : last;
        }
        return last;
    }

    private static List<BasicFileAttributes> entries(Path directory) throws IOException {
        List<BasicFileAttributes> attributes = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                attributes.add(Files.readAttributes(file, BasicFileAttributes.class));
            }
        } catch (NoSuchFileException itIsGone) {
            return List.of();
        }
        return attributes;
    }

    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** As {@link #deleteTree}; a failure is logged: it must not change how a job ended. */
    static void removeTree(Path root) {
        try {
            deleteTree(root);
        } catch (IOException e) {
            log.error("{} cannot be removed yet: {}", root, Failures.words(e));
        }
    }

    /** Deletes a directory and all below it, or a file; what is gone already, or goes meanwhile, is no failure. */
    static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
