package recon.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.SharedKey;
import recon.common.job.JobId;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.Request.OfJob;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;

/** Servers as processes of their own: two at once, and one after another that was killed. */
@Timeout(60)
class CrashIT {
    private static final Map<String, byte[]> FILES = Map.of("a.7", "a".getBytes(UTF_8));

    /** Hangs the first time, with a process of its own that it leaves behind, and copies the second. */
    private static final String HANGS_ONCE = """
            if [ -e "$1/../pid" ]; then cp "$1"/* "$3"/; exit; fi
            sleep 1000 > /dev/null 2>&1 &
            echo $! > "$1/../pid"
            echo "it hangs"
            wait
            """;

    @TempDir
    Path directory;

    @Test
    void aSecondServerOnTheSameDirectoriesIsRefusedWithExitCode2() throws Exception {
        ServerProcess.writeScript(directory, "cp \"$1\"/* \"$3\"/\n");
        try (ServerProcess first = ServerProcess.start(directory, List.of(), "")) {
            Path options = ServerProcess.writeOptions(directory, SharedKey.generate(new SecureRandom()), "");
            Process second = ServerProcess.launch(directory, List.of(), "--opts", options.toString());
            String output = new String(second.getInputStream().readAllBytes(), UTF_8);
            assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).isEqualTo(2);
            assertThat(output.lines())
                    .singleElement()
                    .asString()
                    .startsWith("recon-server: another server (process " + first.pid() + ") uses ")
                    .contains("STATE_DIR");
            try (TestClient client = first.connect()) { // it does not mind
                client.submit(FILES);
                assertThat(client.awaitEnd().files()).containsOnlyKeys("a.7");
            }
        }
    }

    @Test
    void aJobOfAServerThatWasKilledRunsAgainAndWhatItsScriptLeftIsEnded() throws Exception {
        ServerProcess.writeScript(directory, HANGS_ONCE);
        JobId job;
        JobId waiting;
        try (ServerProcess server = ServerProcess.start(directory, List.of(), "");
                TestClient one = server.connect();
                TestClient two = server.connect()) {
            job = one.submitOurs(FILES).jobId();
            one.socket().setSoTimeout(20_000);
            try (TestClient follower = server.connect()) {
                follower.send(new Request.GetJobLog(job, true));
                assertThat(((Report.JobLog) follower.event()).output())
                        .asString(UTF_8)
                        .isEqualTo("it hangs\n");
            }
            waiting = two.submitOurs(FILES).jobId();
        } // SIGKILL
        long leftOver =
                Long.parseLong(Files.readString(directory.resolve("in/pid")).strip());
        assertThat(ServerProcess.isRunning(leftOver)).isTrue();

        try (ServerProcess server = ServerProcess.start(directory, List.of(), "")) {
            assertThat(ServerProcess.isRunning(leftOver)).isFalse();
            for (JobId each : new JobId[] {job, waiting}) {
                try (TestClient client = server.connect()) {
                    client.fetch(each);
                    assertThat(client.awaitEnd().files()).containsOnlyKeys("a.7");
                }
            }
            try (TestClient operator = server.connect()) {
                operator.send(new OfJob(OfJob.Verb.SHOW, job));
                assertThat(((Report.JobDetails) operator.event()).history())
                        .extracting(change -> change.status() + " " + change.reason())
                        .containsSequence(
                                "running attempt 1", "queued interrupted: the server ended", "running attempt 2");
            }
            assertThat(ServerProcess.jobDirectories(directory.resolve("in"))).isEmpty();
        }
    }
}
