package recon.mrd.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What must stay free on the disk of a directory, so that what clients send does not take the space that others need.
 *
 * @param minFreeBytes 0 for no check
 * @param free how much there is
 */
record DiskFloor(Path directory, long minFreeBytes, FreeSpace free) {
    private static final double MEBIBYTE = 1 << 20;

    /** Bytes that this program may still write. */
    interface FreeSpace {
        long bytes() throws IOException;
    }

    static DiskFloor of(Path directory, long minFreeBytes) {
        return new DiskFloor(
                directory, minFreeBytes, () -> Files.getFileStore(directory).getUsableSpace());
    }

    /** @throws IOException if less is free, in words for client and operator; or if that cannot be told */
    void require() throws IOException {
        if (minFreeBytes == 0) {
            return;
        }
        long bytes = free.bytes();
        if (bytes < minFreeBytes) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "not enough space in %s: %.1f MiB are free, and %.1f MiB must stay free (MIN_FREE_DISK_MB); make room,"
                            + " or try again later",
                    directory.getFileName(),
                    bytes / MEBIBYTE,
                    minFreeBytes / MEBIBYTE));
        }
    }
}
