package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.job.ReconOptions;
import recon.server.script.ScriptOutcome.Succeeded;
import recon.server.script.ScriptOutcome.TimedOut;

/** Scripts that flood, hang, and leave things behind. */
@Timeout(60)
class ProcessScriptIT {
    private static final long LOG_BYTES = 1 << 20;
    private static final Duration LONG = Duration.ofSeconds(50);

    /** Five processes: one ignores SIGTERM, one has a session of its own, one also forked itself away. */
    private static final String FAMILY = """
            sh -c 'trap "" TERM; echo $$ > $PIDS; while :; do sleep 1000; done' &
            sh -c 'echo $$ > $PIDS; exec sleep 1000' &
            setsid sh -c 'echo $$ > $PIDS; sleep 1000; :' &
            (setsid sh -c 'echo $$ > $PIDS; sleep 1000; :' &)
            report
            echo running
            wait
            """;

    @TempDir
    Path directory;

    private ScriptFixture fixture;

    @BeforeEach
    void makeFixture() throws Exception {
        fixture = new ScriptFixture(directory);
    }

    @AfterEach
    void closeFixture() throws Exception {
        fixture.close();
    }

    private ScriptOutcome run(Path script, Duration limit) throws IOException, InterruptedException {
        return fixture.script(script, limit, ScriptFixture.SHORT_GRACE, LOG_BYTES)
                .run(fixture.run(ReconOptions.NONE));
    }

    @Test
    void theWholeTreeOfAScriptThatNeverEndsIsKilled() throws Exception {
        ScriptOutcome outcome = run(fixture.shell(FAMILY), Duration.ofSeconds(4));
        assertThat(outcome.reason()).isEqualTo("script took longer than 4 s (SCRIPT_TIMEOUT_SECONDS)");
        assertThat(outcome).isInstanceOf(TimedOut.class);
        assertThat(outcome.lastOutput()).startsWith("running");
        assertThat(fixture.reportedPids(5)).doesNotHaveDuplicates().noneMatch(ScriptFixture::isRunning);
        assertThat(marked()).isEmpty();
    }

    @Test
    void anInterruptEndsTheWholeTreeBeforeItIsThrown() throws Exception {
        ProcessScript script = fixture.script(fixture.shell(FAMILY), LONG, ScriptFixture.SHORT_GRACE, LOG_BYTES);
        assertThat(fixture.cancel(script, 5)).noneMatch(ScriptFixture::isRunning);
        assertThat(marked()).isEmpty();
    }

    @Test
    void aSecondInterruptCutsTheGraceShort() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Path script = fixture.shell("trap 'report' TERM; report; while :; do sleep 0.1; done");
        Thread worker = new Thread(
                () -> {
                    try {
                        fixture.script(script, LONG, LONG, LOG_BYTES).run(fixture.run(ReconOptions.NONE));
                    } catch (IOException | InterruptedException e) {
                        thrown.set(e);
                    }
                },
                "worker");
        worker.start();
        List<Long> pids = fixture.reportedPids(1);
        worker.interrupt();
        assertThat(fixture.reportedPids(1)).as("told to end, but goes on").isEqualTo(pids);
        worker.interrupt();
        worker.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(pids).noneMatch(ScriptFixture::isRunning);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes 'line of output' | head -c 100000000", "head -c 100000000 /dev/zero | tr '\\0' x"})
    void aHundredMegabytesLeaveTheHeadAndTheTail(String flood) throws Exception {
        Path script = fixture.shell("echo first\n" + flood + "\nprintf last");
        assertThat(run(script, LONG)).isInstanceOf(Succeeded.class);
        String log = Files.readString(fixture.log, StandardCharsets.UTF_8);
        assertThat(log).hasSizeBetween((int) LOG_BYTES, (int) LOG_BYTES + 100);
        assertThat(log).startsWith("first\n").endsWith("last");
        long dropped = 100_000_000 + "first\nlast".length() - LOG_BYTES;
        assertThat(log).containsOnlyOnce("\n[... " + dropped + " bytes left out (SCRIPT_LOG_MAX_BYTES) ...]\n");
    }

    @Test
    void aStubbornChildThatFloodsTheOutputDoesNotHoldTheJob() throws Exception {
        Path script = fixture.shell("""
                mkfifo started
                sh -c 'trap "" TERM; echo > started; exec yes' &
                read line < started
                exit 4
                """);
        assertThat(run(script, LONG).reason()).isEqualTo("script exited with code 4");
        assertThat(Files.size(fixture.log)).isLessThan(LOG_BYTES + 100);
        assertThat(marked()).isEmpty();
    }

    /** Without session, environment and parent nothing tells that it is the job's; it lives on, the job does not. */
    @Test
    void aChildThatGotAwayWithStdoutDoesNotHoldTheJob() throws Exception {
        Path pids = directory.resolve("pids");
        Path go = directory.resolve("go");
        assertThat(new ProcessBuilder("mkfifo", go.toString()).start().waitFor())
                .isZero();
        Path script = fixture.shell("(env -i setsid sh -c 'echo $$ > " + pids + "; exec sleep 1000' &)\nread line < "
                + go + "\necho result");
        CompletableFuture<ScriptOutcome> outcome = CompletableFuture.supplyAsync(() -> {
            try {
                return run(script, LONG);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        long pid = fixture.reportedPids(1).get(0);
        ProcessHandle escaped = ProcessHandle.of(pid).orElseThrow();
        try {
            Files.writeString(go, "go\n");
            assertThat(outcome.get(20, TimeUnit.SECONDS)).isInstanceOf(Succeeded.class);
            assertThat(fixture.log).hasContent("result\n");
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("script-output-" + fixture.job);
        } finally {
            escaped.destroyForcibly();
        }
    }

    /** The processes that have this job's id in their environment, whoever their parent is. */
    private List<Long> marked() throws IOException {
        return LinuxProcesses.list().stream()
                .filter(entry -> !entry.isDead())
                .map(LinuxProcesses.Entry::pid)
                .filter(pid -> LinuxProcesses.hasVariable(pid, "RECON_JOB_ID=" + fixture.job))
                .toList();
    }
}
