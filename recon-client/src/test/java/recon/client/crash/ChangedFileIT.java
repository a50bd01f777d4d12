package recon.client.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.client.crash.RecordProxy.Fault;
import recon.client.crash.RecordProxy.Place;
import recon.client.crash.RecordProxy.Way;

/** Files that change at the client while an upload is broken off: the server ends with what they hold then. */
@Timeout(120)
class ChangedFileIT {
    private static final int SIZE = 3_000_000;
    private static final Duration PAUSE = Duration.ofMillis(50);

    @TempDir
    private Path directory;

    private final Violations violations = new Violations();

    /** What happens to the files between two connections. */
    @FunctionalInterface
    private interface Change {
        void make(List<Path> files) throws IOException;
    }

    /** Cuts the upload of three files after a part of their bytes. */
    private void change(CrashSite site, ResumeRun run, String label, double part, Change change) throws Exception {
        Path folder = site.path(label);
        List<Path> files = List.of(
                ResumeSite.file(folder, 1, SIZE),
                ResumeSite.file(folder, 2, SIZE - 1),
                ResumeSite.file(folder, 3, SIZE - 2));
        AtomicInteger pauses = new AtomicInteger();
        Runnable once = () -> {
            try {
                if (pauses.incrementAndGet() == 1) {
                    change.make(files);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        run.run(
                new ResumeRun.Job(label, files, site.path("downloads-of-" + label), once),
                List.of(Fault.cut(Place.ofByte(Way.UP, (long) (part * 3 * SIZE)))));
        violations.check(run.proxy.faults() == 1, "%s: the upload was not cut", label);
        violations.check(run.proxy.connections() == 2, "%s: %d connections", label, run.proxy.connections());
    }

    private static void overwrite(Path file, int at) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[at] ^= 1;
        Files.write(file, content);
    }

    private static void shorten(Path file, int bytes) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), bytes));
    }

    private static void lengthen(Path file) throws IOException {
        Files.write(file, new byte[500_000], StandardOpenOption.APPEND);
    }

    private interface Cases {
        void run(CrashSite site, ResumeRun run) throws Exception;
    }

    private void atSite(int jobs, Cases cases) throws Exception {
        ResumeSite.with(
                directory,
                site -> {
                    try (ResumeRun run = new ResumeRun(site, PAUSE, violations)) {
                        cases.run(site, run);
                    }
                    return jobs;
                },
                violations);
    }

    @Test
    void theFileThatWasOnItsWayChanges() throws Exception {
        double inTheFirst = 0.2;
        double inTheSecond = 0.5;
        atSite(7, (site, run) -> {
            change(site, run, "first-byte", inTheFirst, files -> overwrite(files.get(0), 0));
            change(site, run, "last-byte", inTheFirst, files -> overwrite(files.get(0), SIZE - 1));
            change(site, run, "shorter", inTheFirst, files -> shorten(files.get(0), 1000));
            change(site, run, "shorter-by-one", inTheFirst, files -> shorten(files.get(0), SIZE - 1));
            change(site, run, "empty", inTheFirst, files -> shorten(files.get(0), 0));
            change(site, run, "longer", inTheFirst, files -> lengthen(files.get(0)));
            change(site, run, "second-longer", inTheSecond, files -> lengthen(files.get(1)));
        });
    }

    @Test
    void aFileThatTheServerHadWholeChanges() throws Exception {
        double inTheThird = 0.9;
        atSite(6, (site, run) -> {
            change(site, run, "whole-overwritten", inTheThird, files -> overwrite(files.get(1), SIZE / 2));
            change(site, run, "whole-shorter", inTheThird, files -> shorten(files.get(1), SIZE / 2));
            change(site, run, "whole-emptied", inTheThird, files -> shorten(files.get(0), 0));
            change(site, run, "whole-longer", inTheThird, files -> lengthen(files.get(0)));
            change(site, run, "all-change", inTheThird, files -> {
                for (Path file : files) {
                    overwrite(file, 1);
                }
            });
            change(site, run, "not-begun", 0.2, files -> shorten(files.get(2), 5));
        });
    }
}
