package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.ReconOptions;
import recon.common.job.ReconOptions.Argument;
import recon.common.job.ResultPath;
import recon.server.script.ScriptOutcome.Failed;
import recon.server.script.ScriptOutcome.NotStarted;
import recon.server.script.ScriptOutcome.Succeeded;

class ProcessScriptTest {
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

    @Test
    void aScriptThatWritesItsResultsSucceeds() throws Exception {
        Path script = fixture.shell("mkdir \"$3/series\"; echo image > \"$3/series/1.dcm\"; echo image > 2.dcm");
        assertThat(fixture.run(script)).isInstanceOf(Succeeded.class);
        assertThat(ResultFiles.list(fixture.outputs))
                .extracting(ResultPath::toString)
                .containsExactly("2.dcm", "series/1.dcm");
    }

    @Test
    void anExitCodeIsReportedWithTheLastLines() throws Exception {
        Path script = fixture.shell("echo reading; echo 'no coil sensitivities' >&2; exit 3");
        ScriptOutcome outcome = fixture.run(script);
        assertThat(outcome).isEqualTo(new Failed(3, "reading\nno coil sensitivities"));
        assertThat(outcome.reason()).isEqualTo("script exited with code 3");
        assertThat(fixture.log).hasContent("reading\nno coil sensitivities\n");
    }

    @Test
    void aScriptKilledByASignalSaysWhich() throws Exception {
        ScriptOutcome outcome = fixture.run(fixture.shell("echo half; kill -KILL $$"));
        assertThat(outcome.reason()).isEqualTo("script was killed by signal 9 (SIGKILL)");
        assertThat(outcome.lastOutput()).isEqualTo("half");
    }

    @Test
    void invalidUtf8IsReplacedForTheClientAndKeptInTheLog() throws Exception {
        ScriptOutcome outcome = fixture.run(fixture.shell("printf 'a\\377\\033[31mb\\n'; exit 1"));
        assertThat(outcome.lastOutput()).isEqualTo("a\ufffdb");
        assertThat(Files.readAllBytes(fixture.log))
                .isEqualTo(new byte[] {'a', (byte) 0xff, 0x1b, '[', '3', '1', 'm', 'b', '\n'});
    }

    @Test
    void argumentsArriveAsTheyWereSent() throws Exception {
        List<String> values =
                List.of("", "O'Neill \"x\"", "--dashes", "a b\tc", "$HOME `id` ; *", "Z\u00fcrich \u2713", "1\n2");
        List<Argument> arguments = IntStream.range(0, values.size())
                .mapToObj(i -> new Argument("option-" + i, values.get(i)))
                .toList();
        Path script = fixture.file(
                "recon.py",
                "import os, sys\nopen('arguments', 'wb').write(b'\\0'.join(os.fsencode(a) for a in sys.argv[1:]))\n");
        assertThat(fixture.run(script, new ReconOptions("{}", arguments))).isInstanceOf(Succeeded.class);

        List<String> expected =
                new ArrayList<>(List.of(fixture.inputs.toString(), "--output-dir", fixture.outputs.toString()));
        arguments.forEach(argument -> expected.addAll(List.of("--" + argument.name(), argument.value())));
        String received = Files.readString(fixture.outputs.resolve("arguments"));
        assertThat(received.split("\0", -1)).containsExactlyElementsOf(expected);
    }

    @Test
    void theEnvironmentNamesTheJobAndItsDirectories() throws Exception {
        Path script = fixture.shell("echo \"$RECON_JOB_ID|$RECON_INPUT_DIR|$RECON_OUTPUT_DIR|$PWD\"\n"
                + "ls -l \"$RECON_OPTIONS_FILE\" | cut -c1-10; cat \"$RECON_OPTIONS_FILE\"; cat");
        String json = "{\"name\":\"Z\u00fcrich\"}";
        fixture.run(script, new ReconOptions(json, List.of(new Argument("name", "Z\u00fcrich"))));
        assertThat(fixture.log)
                .hasContent(fixture.job + "|" + fixture.inputs + "|" + fixture.outputs + "|" + fixture.outputs
                        + "\n-rw-------\n" + json);
    }

    @Test
    void onlyTheLogIsLeftBesideIt() throws Exception {
        fixture.run(fixture.shell("exit 0"));
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("input 'dir'", "output", "job.log", "pids", "recon.sh");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fixture.log)))
                .isEqualTo("rw-------");
    }

    @Test
    void theServersSecretsAreHiddenFromTheScript() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "RECON_SHARED_KEY", "k",
                "RECON_PREVIOUS_SHARED_KEYS", "k",
                "RECON_TLS_KEY_FILE", "k",
                "RECON_SCANNER_PASSWORD", "k",
                "RECON_SERVER_PORT", "60000",
                "PATH", "/bin",
                "LICENSE_KEY", "matlab"));
        ProcessScript.hideSecrets(environment);
        assertThat(environment).containsOnlyKeys("RECON_SERVER_PORT", "PATH", "LICENSE_KEY");
    }

    @Test
    void theScriptLeadsASessionOfItsOwn() throws Exception {
        Path script = fixture.shell("cat /proc/$$/stat");
        fixture.run(script);
        String[] fields = Files.readString(fixture.log).strip().split(" ", -1);
        assertThat(fields[4]).as("process group").isEqualTo(fields[0]);
        assertThat(fields[5]).as("session").isEqualTo(fields[0]);
    }

    @Test
    void aScriptThatDoesNotExistIsNotStarted() throws Exception {
        ScriptOutcome outcome = fixture.run(directory.resolve("gone.sh"));
        assertThat(outcome).isInstanceOf(NotStarted.class);
        assertThat(outcome.reason()).startsWith("script " + directory.resolve("gone.sh") + " does not exist");
    }

    @Test
    void aScriptThatIsNotExecutableIsNotStarted() throws Exception {
        Path script =
                Files.setPosixFilePermissions(fixture.shell("exit 0"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(fixture.run(script).reason())
                .isEqualTo("script " + script + " is not executable; run: chmod +x " + script);
    }

    @Test
    void aScriptWithABadInterpreterLineIsNotStarted() throws Exception {
        Path script = fixture.file("bad.sh", "#!/no/such/shell\n");
        assertThat(fixture.run(script)).isInstanceOf(NotStarted.class);
    }

    @Test
    void anInterpreterThatEnvDoesNotFindFails() throws Exception {
        ScriptOutcome outcome = fixture.run(fixture.file("bad.sh", "#!/usr/bin/env no-such-language\n"));
        assertThat(outcome.reason()).isEqualTo("script exited with code 127 (a command in it was not found)");
        assertThat(outcome.lastOutput()).contains("no-such-language");
    }

    @Test
    void anOptionTooLongForACommandLineIsNotStarted() throws Exception {
        ReconOptions options = new ReconOptions("{}", List.of(new Argument("mask", "1".repeat(200_000))));
        ScriptOutcome outcome = fixture.run(fixture.shell("exit 0"), options);
        assertThat(outcome).isInstanceOf(NotStarted.class);
        assertThat(outcome.reason())
                .isEqualTo("script " + directory.resolve("recon.sh")
                        + " cannot be started: error=7, Argument list too long");
    }

    @Test
    void anArgumentThatTheLocaleCannotWriteIsNamed() {
        assertThat(ProcessScript.unencodable(List.of("plain", "Z\u00fcrich"), StandardCharsets.US_ASCII)
                        .orElseThrow())
                .contains("Z\u00fcrich")
                .contains("LC_ALL=C.UTF-8");
        assertThat(ProcessScript.unencodable(List.of("Z\u00fcrich"), StandardCharsets.UTF_8))
                .isEmpty();
    }

    @Test
    void aLogThatCannotBeWrittenIsTheServersFailure() throws Exception {
        Path script = fixture.shell("exit 0");
        ScriptRun run = new ScriptRun(
                fixture.job, fixture.inputs, fixture.outputs, directory.resolve("gone/job.log"), ReconOptions.NONE);
        ProcessScript process = fixture.script(script, Duration.ofSeconds(20), ScriptFixture.SHORT_GRACE, 1 << 20);
        assertThatThrownBy(() -> process.run(run)).hasMessageContaining("cannot make a pipe");
    }

    @Test
    void aScriptThatKnowsTheSharedDirectoryItselfIsNotToldOfIt() throws Exception {
        Files.writeString(fixture.outputs.resolve("of an earlier job.dcm"), "image");
        SharedOutput shared = SharedOutput.before(fixture.outputs);
        Path script = fixture.shell("echo $# > '" + fixture.outputs.resolve("count") + "'");
        ProcessScript process = new ProcessScript(
                fixture.command(script, OutputMode.SHARED), Duration.ofSeconds(20), ScriptFixture.SHORT_GRACE, 1 << 20);
        assertThat(process.run(fixture.run(ReconOptions.NONE))).isInstanceOf(Succeeded.class);
        assertThat(shared.changed()).containsExactly(ResultPath.parse("count"));
        assertThat(fixture.outputs.resolve("count")).hasContent("1");
    }

    @Test
    void withoutSetsidAndProcfsTheTreeIsEndedAllTheSame() throws Exception {
        Path script = fixture.shell("sh -c 'echo $$ > $PIDS; exec sleep 1000' &\nreport\nwait");
        ProcessScript process = new ProcessScript(
                fixture.command(script, OutputMode.JOB),
                Duration.ofMinutes(1),
                ScriptFixture.SHORT_GRACE,
                1 << 20,
                Optional.empty(),
                false);
        List<Long> pids = fixture.cancel(process, 2);
        assertThat(pids).noneMatch(ScriptFixture::isRunning);
    }

    @Test
    void aCancelledScriptMayCleanUpAndSaySo() throws Exception {
        // Without a child: one that the shell has just forked may lose the signal, and lives until the grace is over.
        Path script = fixture.shell("trap 'echo cleaned up; exit 0' TERM; report; while :; do :; done");
        Duration grace = Duration.ofMinutes(1);
        fixture.cancel(fixture.script(script, grace, grace, 1 << 20), 1);
        assertThat(fixture.log).content().endsWith("cleaned up\n");
    }

    @Test
    void aMissingOutputDirectoryIsTheServersFailure() throws Exception {
        Path script = fixture.shell("exit 0");
        Files.delete(fixture.outputs);
        assertThatThrownBy(() -> fixture.run(script)).hasMessageContaining("no output directory for the script");
    }

    @Test
    void aLogThatIsADirectoryLeavesNothingBehind() throws Exception {
        Files.createDirectories(fixture.log.resolve("full"));
        Path script = fixture.shell("exit 0");
        assertThatThrownBy(() -> fixture.run(script)).isInstanceOf(DirectoryNotEmptyException.class);
        assertThat(fixture.log.resolveSibling("job.log.pipe")).doesNotExist();
    }

    @Test
    void aJobCancelledBeforeItStartsIsNotStarted() throws Exception {
        Path script = fixture.shell("echo started > started");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> fixture.run(script)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(fixture.outputs).isEmptyDirectory();
    }

    @Test
    void aFullDiskDoesNotBlockTheScript() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "skipped: needs /dev/full");
        ScriptLog log = new ScriptLog(FileChannel.open(full, StandardOpenOption.WRITE), 1 << 20);
        try (ScriptOutput output = new ScriptOutput(OutputPipe.create(directory.resolve("pipe")), log, "drain")) {
            Process process = new ProcessBuilder("sh", "-c", "head -c 1000000 /dev/zero; echo last")
                    .redirectOutput(output.destination())
                    .start();
            output.handOver();
            assertThat(process.waitFor()).isZero();
            output.finish();
            assertThat(output.lastOutput()).isEqualTo("last");
        }
    }

    @Test
    void aChildLeftBehindWithoutStdoutIsEnded() throws Exception {
        Path script = fixture.shell(
                "sh -c 'echo $$ > $PIDS; exec sleep 1000' >/dev/null 2>&1 &\nread line < " + directory.resolve("go"));
        assertThat(leavesBehind(script)).isInstanceOf(Succeeded.class);
    }

    @Test
    void aChildLeftBehindThatHoldsStdoutIsEnded() throws Exception {
        Path script =
                fixture.shell("sh -c 'echo $$ > $PIDS; exec sleep 1000' &\nread line < " + directory.resolve("go"));
        assertThat(leavesBehind(script)).isInstanceOf(Succeeded.class);
    }

    @Test
    void aDaemonThatForkedItselfAwayIsEnded() throws Exception {
        Path script = fixture.shell("(setsid sh -c 'echo $$ > $PIDS; sleep 1000; :' 2>/dev/null &)\nread line < "
                + directory.resolve("go") + "\nexit 3");
        assertThat(leavesBehind(script)).isEqualTo(new Failed(3, ""));
    }

    /** Runs the script, which waits for the word to end; then its reported children are to be gone with it. */
    private ScriptOutcome leavesBehind(Path script) throws Exception {
        Path go = directory.resolve("go");
        assertThat(new ProcessBuilder("mkfifo", go.toString()).start().waitFor())
                .isZero();
        var outcome = CompletableFuture.supplyAsync(() -> {
            try {
                return fixture.run(script);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        List<Long> pids = fixture.reportedPids(1);
        assertThat(pids).allMatch(ScriptFixture::isRunning);
        Files.writeString(go, "go\n", StandardOpenOption.WRITE);
        ScriptOutcome ended = outcome.get(20, TimeUnit.SECONDS);
        assertThat(pids).noneMatch(ScriptFixture::isRunning);
        return ended;
    }
}
