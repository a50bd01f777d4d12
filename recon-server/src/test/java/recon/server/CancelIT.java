package recon.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.Request.OfJob;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;

/** The cancel of a script that has children, of which one does not heed SIGTERM. */
@Timeout(60)
class CancelIT {
    private static final Duration LIMIT = Duration.ofSeconds(6);

    /** Five processes: the script, a stubborn one that waits for a pipe, a shell with a child, and one more child. */
    private static final String TREE = """
            if [ "$5" = none ]; then cp "$1"/* "$3"/; exit; fi
            cd "$1/.."
            mkfifo never
            echo $$ >> pids
            sh -c 'trap "" TERM; echo $$ >> pids; read line < never' &
            sh -c 'sleep 1000 & echo $! >> pids; echo $$ >> pids; wait' &
            sh -c 'echo $$ >> pids; exec sleep 1000' &
            while [ "$(wc -l < pids)" -lt 5 ]; do sleep 0.05; done
            echo "the tree stands"
            wait
            """;

    @TempDir
    Path directory;

    private JobId submit(TestClient client, String tree) throws Exception {
        return client.submit(Map.of("a.7", "a".getBytes(UTF_8)), true, "{\"tree\": \"" + tree + "\"}")
                .jobId();
    }

    @Test
    void allFiveProcessesAreGoneInTimeAndTheWorkerTakesTheNextJob() throws Exception {
        ServerProcess.writeScript(directory, TREE);
        try (ServerProcess server = ServerProcess.start(directory, List.of(), "");
                TestClient waiting = server.connect();
                TestClient next = server.connect()) {
            JobId job = submit(waiting, "five");
            awaitTree(server, job);
            submit(next, "none");
            List<Long> pids = Files.readAllLines(directory.resolve("in/pids")).stream()
                    .map(Long::parseLong)
                    .toList();
            assertThat(pids).hasSize(5).doesNotHaveDuplicates();
            for (long pid : pids) {
                assertThat(ServerProcess.isRunning(pid)).isTrue();
            }

            long start = System.nanoTime();
            Report.JobDetails cancelled;
            try (TestClient operator = server.connect()) {
                operator.send(new Request.OfJob(OfJob.Verb.CANCEL, job));
                cancelled = (Report.JobDetails) operator.event();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            for (long pid : pids) {
                assertThat(ServerProcess.isRunning(pid)).isFalse();
            }
            assertThat(took)
                    .as("5 processes were gone, and the cancel recorded, after %d ms", took.toMillis())
                    .isLessThanOrEqualTo(LIMIT);
            assertThat(cancelled.job().status()).isEqualTo("cancelled");
            assertThat(((Event.JobFailed) waiting.awaitEnd().last()).state()).isEqualTo(JobState.CANCELLED);
            assertThat(next.awaitEnd().files()).containsOnlyKeys("a.7");
        }
    }

    private static void awaitTree(ServerProcess server, JobId job) throws Exception {
        try (TestClient follower = server.connect()) {
            follower.send(new Request.GetJobLog(job, true));
            Report.JobLog said = (Report.JobLog) follower.event();
            assertThat(said.output()).asString(UTF_8).isEqualTo("the tree stands\n");
        }
    }
}
