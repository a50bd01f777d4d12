package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.common.job.JobId;
import recon.server.testing.RecordedLog;

/** Processes of scripts whose server was killed. */
@Timeout(30)
class LeftOverProcessesIT {
    private static final Duration GRACE = Duration.ofMillis(300);

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void requireProc() {
        assumeTrue(LinuxProcesses.available(), "skipped: needs Linux, with /proc");
    }

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.waitFor();
        }
    }

    /** A shell that has said that it is there. */
    private Process start(JobId job, String text) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", text).redirectErrorStream(true);
        builder.environment().put("RECON_JOB_ID", job.toString());
        Process process = builder.start();
        started.add(process);
        assertThat(process.inputReader().readLine()).isEqualTo("here");
        return process;
    }

    private static void requireEnded(Process process) throws InterruptedException {
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theWholeTreeOfAJobIsEndedAndOtherJobsAreLeftAlone() throws Exception {
        JobId job = JobId.random();
        Process tree = start(job, "sleep 1000 & (setsid sleep 1000 &) ; echo here; wait");
        List<ProcessHandle> children = tree.descendants().toList();
        assertThat(children).isNotEmpty();
        Process other = start(JobId.random(), "echo here; exec sleep 1000");
        new LeftOverProcesses(GRACE).end(Set.of(job, JobId.random()));
        requireEnded(tree);
        assertThat(children).noneMatch(child -> ScriptFixture.isRunning(child.pid()));
        assertThat(other.isAlive()).isTrue();
        assertThat(LinuxProcesses.list())
                .noneMatch(entry -> !entry.isDead() && LinuxProcesses.hasVariable(entry.pid(), "RECON_JOB_ID=" + job));
    }

    @Test
    void oneThatIgnoresSigtermIsKilledAfterTheGrace() throws Exception {
        JobId job = JobId.random();
        Process stubborn = start(job, "trap '' TERM; echo here; while :; do sleep 1000; done");
        long start = System.nanoTime();
        new LeftOverProcesses(GRACE).end(Set.of(job));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(GRACE);
        requireEnded(stubborn);
        assertThat(stubborn.exitValue()).isEqualTo(128 + 9);
    }

    @Test
    void withoutAnyItReturnsAtOnce() throws Exception {
        try (RecordedLog log = new RecordedLog()) {
            new LeftOverProcesses(Duration.ofHours(1)).end(Set.of(JobId.random()));
            assertThat(log.text()).doesNotContain("ending process");
        }
    }
}
