package recon.mrd.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.mrd.file.MrdReader;
import recon.mrd.file.MrdText;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;

@Timeout(30)
class RecordingTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Acquisition READOUT = new Acquisition(
            AcquisitionHeader.builder().numberOfSamples(2).channels(1).build(), new float[0], new float[] {1, 2, 3, 4});

    @TempDir
    private Path directory;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void whatHasComeCanSoonBeReadThoughNothingMoreComes() throws Exception {
        try (WatchService changes = directory.getFileSystem().newWatchService();
                Recording recording = new Recording(directory, "a", Duration.ofMillis(20), noFloor())) {
            directory.register(changes, StandardWatchEventKinds.ENTRY_MODIFY);
            recording.write(MrdText.XML, "none");
            recording.write(READOUT);
            while (!canBeRead(files().get(0))) {
                changes.poll(1, TimeUnit.SECONDS);
            }
            assertThat(recording.complete("b")).isEqualTo(directory.resolve("b.h5"));
        }
        assertThat(files()).containsExactly(directory.resolve("b.h5"));
    }

    private static boolean canBeRead(Path file) {
        try (MrdReader in = MrdReader.open(file)) {
            return in.count() == 1;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aFileThatIsNotCompletedStaysWithAllThatCame() throws Exception {
        try (Recording recording = new Recording(directory, "a", NEVER, noFloor())) {
            recording.write(MrdText.XML, "none");
            recording.write(READOUT);
        }
        assertThat(files()).containsExactly(directory.resolve("a.incomplete.h5"));
        try (MrdReader in = MrdReader.open(files().get(0))) {
            assertThat(in.acquisition(0)).isEqualTo(READOUT);
        }
    }

    @Test
    void aFileIsCompletedAlsoByAThreadThatIsInterrupted() throws Exception {
        try (Recording recording = new Recording(directory, "a", NEVER, noFloor())) {
            Thread.currentThread().interrupt();
            recording.write(READOUT);
            recording.complete("a");
            assertThat(Thread.interrupted()).isTrue();
        }
        try (MrdReader in = MrdReader.open(directory.resolve("a.h5"))) {
            assertThat(in.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsPublishedOfAFileThatWasWrittenInPart(boolean whenCompleted) throws Exception {
        Path prlimit = Path.of("/usr/bin/prlimit");
        assumeTrue(Files.isExecutable(prlimit), "skipped: needs prlimit");
        try (Recording recording = new Recording(directory, "a", NEVER, noFloor())) {
            recording.write(MrdText.XML, "none");
            recording.write(READOUT);
            limitFiles(prlimit, "100:");
            try {
                assertThatThrownBy(() -> {
                            if (whenCompleted) {
                                recording.complete("a");
                            } else {
                                recording.write(MrdText.CONFIG, "more than is left in a heap".repeat(200));
                            }
                        })
                        .isInstanceOf(IOException.class);
            } finally {
                limitFiles(prlimit, "unlimited:"); // somebody makes room
            }
            assertThatThrownBy(() -> recording.write(READOUT)).isInstanceOf(IOException.class);
        }
        assertThat(files()).containsExactly(directory.resolve("a.incomplete.h5"));
        assertThatThrownBy(() -> MrdReader.open(files().get(0))).hasMessageContaining("is not an HDF5 file");
    }

    private DiskFloor noFloor() {
        return DiskFloor.of(directory, 0);
    }

    @Test
    void nothingIsBegunWhereTooLittleIsFree() throws Exception {
        long tooMuch = Files.getFileStore(directory).getTotalSpace() + 1;
        Path missing = directory.resolve("saved");
        assertThatThrownBy(() -> new Recording(missing, "a", NEVER, DiskFloor.of(missing, tooMuch)))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("not enough space in saved: [0-9]+[.][0-9] MiB are free, and "
                        + String.format(Locale.ROOT, "%.1f", tooMuch / (double) (1 << 20))
                        + " MiB must stay free \\(MIN_FREE_DISK_MB\\); make room, or try again later");
        assertThat(missing).isEmptyDirectory();
        new Recording(missing, "a", NEVER, DiskFloor.of(missing, 1)).close();
        assertThat(missing.resolve("a.incomplete.h5")).exists();
    }

    @Test
    void allThatCameIsKeptWhenTooLittleIsLeft() throws Exception {
        FallingSpace space = new FallingSpace();
        int written = 0;
        try (Recording recording = new Recording(directory, "a", Duration.ofMillis(20), space.floor(directory))) {
            recording.write(MrdText.XML, "none");
            space.bytes = 5 << 19;
            IOException refusal = null;
            while (refusal == null) {
                try {
                    recording.write(READOUT);
                    written++;
                } catch (IOException e) {
                    refusal = e;
                }
            }
            assertThat(refusal)
                    .hasMessageEndingWith(": 2.5 MiB are free, and 3.0 MiB must stay free (MIN_FREE_DISK_MB);"
                            + " make room, or try again later");
            space.bytes = Long.MAX_VALUE;
            assertThatThrownBy(() -> recording.write(READOUT)).hasMessage(refusal.getMessage());
            assertThatThrownBy(() -> recording.complete("a")).hasMessage(refusal.getMessage());
        }
        assertThat(files()).containsExactly(directory.resolve("a.incomplete.h5"));
        try (MrdReader in = MrdReader.open(files().get(0))) {
            assertThat(in.count()).isEqualTo(written);
        }
    }

    @Test
    void aFileThatLacksNothingIsCompletedThoughTooLittleIsLeft() throws Exception {
        FallingSpace space = new FallingSpace();
        try (Recording recording = new Recording(directory, "a", Duration.ofMillis(20), space.floor(directory))) {
            recording.write(READOUT);
            space.bytes = 0;
            assertThat(space.lookedAtTwice.await(20, TimeUnit.SECONDS)).isTrue(); // the first was heeded
            recording.complete("a");
        }
        assertThat(files()).containsExactly(directory.resolve("a.h5"));
    }

    /** A disk that others fill, too. */
    private static final class FallingSpace {
        private final CountDownLatch lookedAtTwice = new CountDownLatch(2);
        private volatile long bytes = Long.MAX_VALUE;

        private DiskFloor floor(Path directory) {
            return new DiskFloor(directory, 3 << 20, () -> {
                if (bytes < Long.MAX_VALUE) {
                    lookedAtTwice.countDown();
                }
                return bytes;
            });
        }
    }

    /** What this program may write of one file, as if the disk were full. */
    static void limitFiles(Path prlimit, String bytes) throws Exception {
        Process limit = new ProcessBuilder(
                        prlimit.toString(),
                        "--pid",
                        Long.toString(ProcessHandle.current().pid()),
                        "--fsize=" + bytes)
                .inheritIO()
                .start();
        assertThat(limit.waitFor()).isZero();
    }
}
