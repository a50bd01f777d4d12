package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTreeTest {
    private static final Duration GRACE = Duration.ofSeconds(20);

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

    private static Process start(Path script, String... before) throws Exception {
        List<String> command = new ArrayList<>(List.of(before));
        command.add(script.toString());
        return new ProcessBuilder(command).start();
    }

    @Test
    void withoutProcfsDescendantsSeenEarlierAreEndedThoughOrphaned() throws Exception {
        Process script = start(fixture.shell("sh -c 'echo $$ > $PIDS; exec sleep 1000' &\nreport\nread line"));
        ProcessTree tree = new ProcessTree(script, false, "RECON_JOB_ID=none", false);
        List<Long> pids = fixture.reportedPids(2);
        tree.look();
        script.getOutputStream().close();
        assertThat(script.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(pids).filteredOn(ScriptFixture::isRunning).hasSize(1);
        assertThat(tree.end(GRACE)).isEqualTo(1);
        assertThat(pids).noneMatch(ScriptFixture::isRunning);
    }

    @Test
    void withoutASessionTheTreeIsEndedProcessByProcess() throws Exception {
        Process script = start(fixture.shell("sh -c 'echo $$ > $PIDS; exec sleep 1000' &\nreport\nwait"));
        ProcessTree tree = new ProcessTree(script, false, "RECON_JOB_ID=none", true);
        List<Long> pids = fixture.reportedPids(2);
        assertThat(tree.end(GRACE)).isEqualTo(2);
        assertThat(pids).noneMatch(ScriptFixture::isRunning);
    }

    @Test
    void aProcessThatShedSessionAndEnvironmentIsKnownIfSeenAsAChild() throws Exception {
        Path script = fixture.shell("setsid env -i sh -c 'echo $$ > " + directory.resolve("pids")
                + "; exec sleep 1000' &\nreport\nread line");
        Process process = start(script, "setsid");
        ProcessTree tree = new ProcessTree(process, true, "RECON_JOB_ID=none", true);
        List<Long> pids = fixture.reportedPids(2);
        tree.look();
        process.getOutputStream().close();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(tree.end(GRACE)).isEqualTo(1);
        assertThat(pids).noneMatch(ScriptFixture::isRunning);
    }

    @Test
    void aTreeThatHasEndedIsNotWaitedFor() throws Exception {
        Process script = start(fixture.shell("exit 0"), "setsid");
        ProcessTree tree = new ProcessTree(script, true, "RECON_JOB_ID=none", true);
        assertThat(script.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(tree.end(GRACE)).isZero();
    }

    @Test
    void aNameWithParenthesesAndSpacesDoesNotConfuseTheProcessList() throws Exception {
        Path program = directory.resolve("a) Z 1 (b");
        Files.copy(Path.of("/bin/sleep"), program);
        Process process = new ProcessBuilder(program.toString(), "1000").start();
        try {
            assertThat(LinuxProcesses.read(process.pid()).orElseThrow().parent())
                    .isEqualTo(ProcessHandle.current().pid());
        } finally {
            process.destroyForcibly();
        }
    }
}
