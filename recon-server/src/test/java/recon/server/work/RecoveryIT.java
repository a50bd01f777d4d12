package recon.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.SubmissionId;
import recon.common.wire.Event;
import recon.server.queue.SqliteJobStore;
import recon.server.testing.FakeScript;
import recon.server.testing.TestClient;
import recon.server.testing.TestServer;

/** Two runs of a server on the same directories, and clients that come back. */
@Timeout(30)
class RecoveryIT {
    private static final Map<String, byte[]> FILES = Map.of("a.7", "raw data".getBytes(UTF_8));

    @TempDir
    Path directory;

    private final TestServer.Setup setup = new TestServer.Setup();

    /** Submits one job for each priority to a server whose only worker is held by the first, and stops it. */
    private List<JobId> firstRun(SubmissionId firstId, String... priorities) throws Exception {
        setup.grace = Duration.ofMillis(400);
        FakeScript script = FakeScript.waitsFor(new CountDownLatch(1));
        List<JobId> jobs = new ArrayList<>();
        try (TestServer server = new TestServer(directory, script, setup)) {
            for (String priority : priorities) {
                try (TestClient client = server.connect()) {
                    client.send(TestClient.ours(jobs.isEmpty() ? firstId : SubmissionId.random(), priority, FILES));
                    client.upload(FILES);
                    jobs.add(((Event.JobQueued) client.event()).jobId());
                }
                if (jobs.size() == 1) {
                    script.awaitStart();
                }
            }
        }
        return jobs;
    }

    /** As a crash leaves it while the job's script runs. */
    private void setRunning(JobId job) throws IOException {
        try (SqliteJobStore store = SqliteJobStore.open(directory.resolve("state"), Clock.systemUTC())) {
            assertThat(store.start(job)).isPresent();
        }
    }

    @Test
    void everyAcceptedJobRunsInTheNextRunAndItsClientGetsTheResults() throws Exception {
        SubmissionId submission = SubmissionId.random();
        List<JobId> jobs = firstRun(submission, "normal", "low", "normal", "urgent");
        setRunning(jobs.get(0));
        CountDownLatch letGo = new CountDownLatch(1);
        FakeScript script = FakeScript.waitsFor(letGo);
        try (TestServer server = new TestServer(directory, script, setup)) {
            try (TestClient again = server.connect()) {
                again.send(TestClient.ours(submission, "normal", FILES));
                assertThat(((Event.JobQueued) again.event()).jobId()).isEqualTo(jobs.get(0));
                letGo.countDown();
                assertThat(again.awaitEnd().files()).containsOnlyKeys("a.7");
            }
            List<JobId> order = new ArrayList<>();
            for (JobId ignored : jobs) {
                order.add(script.awaitStart().job());
            }
            assertThat(order).containsExactly(jobs.get(3), jobs.get(0), jobs.get(2), jobs.get(1));
            for (JobId job : jobs) {
                if (!job.equals(jobs.get(0))) {
                    try (TestClient client = server.connect()) {
                        client.fetch(job);
                        assertThat(client.awaitEnd().files().get("a.7")).isEqualTo(FILES.get("a.7"));
                    }
                }
                assertThat(server.store.find(job).orElseThrow().state()).isEqualTo(JobState.DELIVERED);
            }
            assertThat(server.store.find(jobs.get(0)).orElseThrow().attempts()).isEqualTo(2);
        }
    }

    @Test
    void aClientOfAJobThatMustNotRunTwiceLearnsWhyItHasNoResults() throws Exception {
        SubmissionId submission = SubmissionId.random();
        JobId job = firstRun(submission, "normal").get(0);
        setRunning(job);
        setup.rerunInterrupted = false;
        try (TestServer server = new TestServer(directory, FakeScript.copiesInputs(), setup);
                TestClient again = server.connect()) {
            again.send(TestClient.ours(submission, "normal", FILES));
            assertThat(((Event.JobQueued) again.event()).jobId()).isEqualTo(job);
            assertThat(again.awaitEnd().failure())
                    .isEqualTo("the server ended while the script ran, and it must not run twice"
                            + " (RERUN_INTERRUPTED = false)");
            assertThat(server.jobFiles()).isEmpty();
        }
    }

    @Test
    void undeliveredResultsAreThereInTheNextRunAndDeliveredOnesStill() throws Exception {
        JobId job;
        try (TestServer server = new TestServer(directory, FakeScript.copiesInputs(), setup);
                TestClient client = server.connect()) {
            job = client.submitOurs(FILES).jobId();
            client.receive(); // the results are ready, and it does not take them
        }
        for (JobState before : new JobState[] {JobState.DELIVERING, JobState.DELIVERED}) {
            try (TestServer server = new TestServer(directory, FakeScript.hasABug(), setup);
                    TestClient client = server.connect()) {
                assertThat(server.store.find(job).orElseThrow().state()).isEqualTo(before);
                client.fetch(job);
                assertThat(client.awaitEnd().files().get("a.7")).isEqualTo(FILES.get("a.7"));
            }
        }
    }

    @Test
    void aServerWhoseDiskIsNotMountedDoesNotStartAndLosesNothing() throws Exception {
        List<JobId> jobs = firstRun(SubmissionId.random(), "normal");
        Path inputs = directory.resolve("inputs");
        Path elsewhere = Files.move(inputs, directory.resolve("elsewhere"));
        assertThatThrownBy(() -> new TestServer(directory, FakeScript.copiesInputs(), setup))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the inputs of 1 accepted job ")
                .hasMessageContaining("is its disk mounted")
                .hasMessageContaining(".recon-server.store");
        Files.delete(inputs.resolve(".recon-server.lock"));
        Files.delete(inputs);
        Files.move(elsewhere, inputs);
        try (TestServer server = new TestServer(directory, FakeScript.copiesInputs(), setup);
                TestClient client = server.connect()) {
            client.fetch(jobs.get(0));
            assertThat(client.awaitEnd().files()).containsOnlyKeys("a.7");
        }
    }

    @Test
    void resultsThatWaitElsewhereKeepTheServerFromStarting() throws Exception {
        JobId job;
        try (TestServer server = new TestServer(directory, FakeScript.copiesInputs(), setup)) {
            try (TestClient client = server.connect()) {
                job = client.submitOurs(FILES).jobId();
            }
            try (TestClient client = server.connect()) { // is told of the end, and takes nothing
                client.fetch(job);
                client.receive();
            }
        }
        setup.sharedOutput = true;
        assertThatThrownBy(() -> new TestServer(directory, FakeScript.copiesInputs(), setup))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the results of 1 accepted job ")
                .hasMessageContaining("RECON_OUTPUT_MODE");
    }

    @Test
    void jobsThatAnOldCopyOfTheRecordDoesNotKnowAreSetAsideAndNotRemoved() throws Exception {
        firstRun(SubmissionId.random(), "normal");
        Path record = directory.resolve("state").resolve("recon.db");
        Path copy = Files.copy(record, directory.resolve("copy"));
        JobId later = firstRun(SubmissionId.random(), "urgent").get(0);
        Files.copy(copy, record, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(directory.resolve("state").resolve("recon.db-wal"));
        try (TestServer server = new TestServer(directory, FakeScript.copiesInputs(), setup)) {
            assertThat(server.store.find(later)).isEmpty();
            server.housekeeping.cleanUp();
            assertThat(directory
                            .resolve("inputs")
                            .resolve("unknown_" + later.inputDirectoryName())
                            .resolve("a.7"))
                    .hasContent("raw data");
        }
    }
}
