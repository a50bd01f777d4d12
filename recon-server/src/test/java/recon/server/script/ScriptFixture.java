package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import recon.common.job.JobId;
import recon.common.job.ReconOptions;

/**
 * One job's directories, scripts as text, and a named pipe on which a script reports the numbers of its processes:
 * reading it is the latch that says "these run now".
 */
final class ScriptFixture implements AutoCloseable {
    static final Duration SHORT_GRACE = Duration.ofMillis(300);
    private static final long PATIENCE_SECONDS = 30;

    final Path directory;
    final Path inputs;
    final Path outputs;
    final Path log;
    final JobId job = JobId.random();

    private final Path pids;
    private final FileChannel pidChannel;
    private final BufferedReader pidLines;

    ScriptFixture(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        inputs = Files.createDirectory(directory.resolve("input 'dir'"));
        outputs = Files.createDirectory(directory.resolve("output"));
        log = directory.resolve("job.log");
        pids = directory.resolve("pids");
        if (new ProcessBuilder("mkfifo", pids.toString()).start().waitFor() != 0) {
            throw new IOException("mkfifo failed");
        }
        pidChannel = FileChannel.open(pids, StandardOpenOption.READ, StandardOpenOption.WRITE);
        InputStream lines = Channels.newInputStream(pidChannel);
        pidLines = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8));
    }

    /** A shell script in which {@code report} tells the number of the process. */
    Path shell(String text) throws IOException {
        return file(
                "recon.sh", "#!/bin/sh\nPIDS=" + pids + "; export PIDS\nreport() { echo $$ > " + pids + "; }\n" + text);
    }

    Path file(String name, String text) throws IOException {
        Path script = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    ScriptCommand command(Path script, OutputMode mode) {
        ScriptLocator locator = new ScriptLocator(script.toString(), directory, List.of(), List.of());
        return new ScriptCommand(locator, List.of("python3"), List.of("octave-cli", "--eval"), mode);
    }

    ProcessScript script(Path script, Duration limit, Duration grace, long maxLogBytes) {
        return new ProcessScript(command(script, OutputMode.JOB), limit, grace, maxLogBytes);
    }

    ScriptOutcome run(Path script, ReconOptions options) throws IOException, InterruptedException {
        return script(script, Duration.ofSeconds(PATIENCE_SECONDS), SHORT_GRACE, 1 << 20)
                .run(run(options));
    }

    ScriptOutcome run(Path script) throws IOException, InterruptedException {
        return run(script, ReconOptions.NONE);
    }

    ScriptRun run(ReconOptions options) {
        return new ScriptRun(job, inputs, outputs, log, options);
    }

    /** Waits until so many processes have reported. */
    List<Long> reportedPids(int count) throws Exception {
        CompletableFuture<List<Long>> reported = CompletableFuture.supplyAsync(() -> {
            List<Long> numbers = new ArrayList<>();
            try {
                while (numbers.size() < count) {
                    numbers.add(Long.parseLong(pidLines.readLine()));
                }
            } catch (IOException closed) {
                throw new UncheckedIOException(closed);
            }
            return numbers;
        });
        return reported.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Runs the script in a thread of its own, which is interrupted once so many processes have reported. */
    List<Long> cancel(ProcessScript script, int processes) throws Exception {
        CompletableFuture<ScriptOutcome> ended = new CompletableFuture<>();
        Thread worker = new Thread(
                () -> {
                    try {
                        ended.complete(script.run(run(ReconOptions.NONE)));
                    } catch (IOException | InterruptedException e) {
                        ended.completeExceptionally(e);
                    }
                },
                "worker");
        worker.start();
        List<Long> pids = reportedPids(processes);
        assertThat(pids).doesNotHaveDuplicates().allMatch(ScriptFixture::isRunning);
        worker.interrupt();
        assertThat(ended)
                .failsWithin(Duration.ofSeconds(PATIENCE_SECONDS))
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(InterruptedException.class);
        return pids;
    }

    static boolean isRunning(long pid) {
        return LinuxProcesses.read(pid).filter(entry -> !entry.isDead()).isPresent();
    }

    @Override
    public void close() throws IOException {
        pidChannel.close();
    }
}
