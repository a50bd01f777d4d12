package recon.server.queue;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps some space free on the server's disks: a job is refused before its upload where it would not fit. What uploads in
 * progress have announced and not yet written counts as taken. Thread-safe.
 */
public final class DiskSpace {
    private static final double MEBIBYTE = 1 << 20;

    private final List<Path> directories;
    private final List<FileStore> disks = new ArrayList<>();
    private final long minFreeBytes;
    private final AtomicLong announced = new AtomicLong();

    /**
     * @param inputs where uploads go
     * @param others directories whose disk must have the free space too
     * @param minFreeBytes 0 switches all of it off
     */
    public DiskSpace(Path inputs, List<Path> others, long minFreeBytes) throws IOException {
        this.minFreeBytes = minFreeBytes;
        directories = new ArrayList<>(List.of(inputs));
        directories.addAll(others);
        for (Path directory : directories) {
            disks.add(Files.getFileStore(directory));
        }
    }

    /** The space that one upload may take. Used by one thread. */
    public final class Share implements AutoCloseable {
        private long bytes;
        private long left;

        private Share() {}

        /**
         * Makes it at least so large.
         *
         * @throws IOException if there is not so much; in words for client and operator
         */
        public void growTo(long atLeast) throws IOException {
            long more = Math.max(0, atLeast - bytes);
            require(more);
            bytes += more;
            left += more;
            announced.addAndGet(more);
        }

        /** So much of it has been written, and shows on the disk now. */
        public void written(int count) {
            long counted = Math.min(count, left);
            left -= counted;
            announced.addAndGet(-counted);
        }

        @Override
        public void close() {
            announced.addAndGet(-left);
            left = 0;
        }
    }

    /**
     * Space for a job of that size.
     *
     * @param bytes 0 where the client has not said how many there will be
     * @throws IOException if there is not so much; in words for client and operator
     */
    public Share share(long bytes) throws IOException {
        Share share = new Share();
        share.growTo(bytes);
        return share;
    }

    private void require(long bytes) throws IOException {
        if (minFreeBytes == 0) {
            return;
        }
        for (int i = 0; i < disks.size(); i++) {
            long free = disks.get(i).getUsableSpace() - (i == 0 ? announced.get() : 0);
            long wanted = i == 0 ? bytes : 0;
            if (free - wanted < minFreeBytes) {
                throw new IOException(String.format(
                        Locale.ROOT,
                        "not enough space in %s: %.1f MiB are free, the job needs %.1f MiB, and %.1f MiB must stay free"
                                + " (MIN_FREE_DISK_MB); try again later",
                        directories.get(i).getFileName(),
                        Math.max(0, free) / MEBIBYTE,
                        wanted / MEBIBYTE,
                        minFreeBytes / MEBIBYTE));
            }
        }
    }
}
