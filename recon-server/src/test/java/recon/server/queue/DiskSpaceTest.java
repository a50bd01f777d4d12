package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In parts of what is free, so that others may write to the disk meanwhile. */
class DiskSpaceTest {
    @TempDir
    Path directory;

    private Path inputs;
    private long free;
    private DiskSpace half;

    @BeforeEach
    void measure() throws IOException {
        inputs = Files.createDirectory(directory.resolve("in"));
        free = Files.getFileStore(inputs).getUsableSpace();
        half = space(free / 2);
    }

    private DiskSpace space(long minFreeBytes) throws IOException {
        return new DiskSpace(inputs, List.of(directory), minFreeBytes);
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1048576.0);
    }

    private void requireNoRoom(DiskSpace space, long bytes) {
        assertThatThrownBy(() -> space.share(bytes)).isInstanceOf(IOException.class);
    }

    @Test
    void aJobThatWouldNotFitIsRefusedWithAllFigures() {
        long wanted = free / 5 * 4;
        assertThatThrownBy(() -> half.share(wanted))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("not enough space in in: [\\d.]+ MiB are free, the job needs " + mib(wanted)
                        + " MiB, and " + mib(free / 2)
                        + " MiB must stay free \\(MIN_FREE_DISK_MB\\); try again later");
    }

    @Test
    void withTooLittleFreeEvenAJobOfUnknownSizeIsRefused() throws Exception {
        requireNoRoom(space(free + free / 2), 0);
    }

    @Test
    void whatOtherUploadsHaveAnnouncedCountsAsTaken() throws Exception {
        try (DiskSpace.Share first = half.share(free / 5 * 2)) {
            assertThat(first).isNotNull();
            requireNoRoom(half, free / 5 * 2);
            half.share(0).close();
        }
        half.share(free / 5 * 2).close();
    }

    @Test
    void whatWasWrittenIsSeenOnTheDiskAndNotCountedTwice() throws Exception {
        long bytes = free / 5 * 2;
        try (DiskSpace.Share first = half.share(bytes)) {
            for (long left = bytes; left > 0; left -= Integer.MAX_VALUE) {
                first.written((int) Math.min(left, Integer.MAX_VALUE));
            }
            first.written(1000); // more than it said
            half.share(bytes).close();
        }
        try (DiskSpace.Share next = half.share(bytes)) {
            assertThat(next).isNotNull();
            requireNoRoom(half, bytes);
        }
    }

    @Test
    void aShareGrowsWithWhatIsAnnouncedAndNeverTwiceForTheSame() throws Exception {
        try (DiskSpace.Share share = half.share(0)) {
            share.growTo(free / 5);
            share.growTo(free / 5);
            share.growTo(free / 5 * 2);
            share.growTo(1);
            assertThatThrownBy(() -> share.growTo(free / 5 * 4)).isInstanceOf(IOException.class);
            half.share(free / 100).close(); // what was refused is not counted
        }
    }

    @Test
    void anAbsurdSizeIsRefused() {
        requireNoRoom(half, Long.MAX_VALUE);
    }

    @Test
    void zeroSwitchesItOff() throws Exception {
        DiskSpace off = space(0);
        off.share(Long.MAX_VALUE).close();
    }

    @Test
    void theDisksOfTheOtherDirectoriesNeedTheirFreeSpaceToo() throws Exception {
        Path proc = Path.of("/proc");
        assumeTrue(Files.isDirectory(proc), "skipped: needs Linux, whose /proc has no space at all");
        DiskSpace space = new DiskSpace(inputs, List.of(proc), 1 << 20);
        assertThatThrownBy(() -> space.share(0))
                .hasMessageStartingWith(
                        "not enough space in proc: 0.0 MiB are free, the job needs 0.0 MiB, and 1.0 MiB must stay free");
    }
}
