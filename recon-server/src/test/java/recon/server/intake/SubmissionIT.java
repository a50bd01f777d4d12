package recon.server.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.FileName;
import recon.common.job.InputFile;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.job.Priority;
import recon.common.job.ReconOptions;
import recon.common.job.SubmissionId;
import recon.common.wire.Event;
import recon.common.wire.Message;
import recon.common.wire.Request;
import recon.common.wire.Transfer;
import recon.server.queue.NewJob;
import recon.server.script.ScriptOutcome;
import recon.server.testing.FakeScript;
import recon.server.testing.RecordedLog;
import recon.server.testing.TestClient;
import recon.server.testing.TestServer;

/** Submissions that come twice, and those that are refused before anything is sent. */
@Timeout(30)
class SubmissionIT {
    private static final Map<String, byte[]> FILES = Map.of("a.7", "raw data".getBytes(UTF_8));

    @TempDir
    Path directory;

    private final RecordedLog log = new RecordedLog();
    private final TestServer.Setup setup = new TestServer.Setup();
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final FakeScript script = FakeScript.waitsFor(letGo);
    private final SubmissionId id = SubmissionId.random();
    private TestServer server;

    private void start() throws IOException {
        start(script);
    }

    private void start(FakeScript script) throws IOException {
        server = new TestServer(directory, script, setup);
    }

    @AfterEach
    void stopServer() throws IOException {
        letGo.countDown();
        server.close();
        log.close();
    }

    private List<JobSummary> allJobs() throws IOException {
        List<JobSummary> jobs = new ArrayList<>(server.store.active(100));
        jobs.addAll(server.store.ended(100));
        return jobs;
    }

    private String refusal(Request.SubmitJob submission) throws IOException {
        return ((Event.EventError) server.ask(submission)).message();
    }

    private static Request.SubmitJob announcing(long... sizes) {
        List<Request.SubmitJob.OfferedFile> files = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            files.add(new Request.SubmitJob.OfferedFile(i + ".7", "/data/" + i + ".7", OptionalLong.of(sizes[i])));
        }
        return new Request.SubmitJob(files, "{}", true, Optional.of(SubmissionId.random()), "normal");
    }

    private void requireNothingTaken() throws IOException {
        assertThat(allJobs()).isEmpty();
        assertThat(server.jobFiles()).isEmpty();
    }

    @Test
    void aSubmissionThatComesAgainIsTheSameJobAndNoFileIsAskedFor() throws Exception {
        start();
        JobId job;
        try (TestClient first = server.connect()) {
            first.send(TestClient.ours(id, "normal", FILES));
            first.upload(FILES);
            job = ((Event.JobQueued) first.event()).jobId();
        }
        try (TestClient again = server.connect()) {
            again.send(TestClient.ours(id, "normal", FILES));
            assertThat(again.event()).isEqualTo(new Event.JobQueued(job, 1));
            letGo.countDown();
            assertThat(again.awaitEnd().files()).containsOnlyKeys("a.7");
            assertThat(allJobs()).extracting(JobSummary::id).containsExactly(job);
        }
    }

    @Test
    void aSubmissionThatComesAgainAfterItsEndLearnsHowItEnded() throws Exception {
        start(FakeScript.ends(new ScriptOutcome.Failed(3, "")));
        JobId job;
        try (TestClient first = server.connect()) {
            first.send(TestClient.ours(id, "normal", FILES));
            first.upload(FILES);
            job = ((Event.JobQueued) first.event()).jobId();
            first.awaitEnd();
        }
        try (TestClient again = server.connect()) {
            again.send(TestClient.ours(id, "normal", FILES));
            assertThat(((Event.JobQueued) again.event()).jobId()).isEqualTo(job);
            assertThat(again.awaitEnd().failure()).isEqualTo("script exited with code 3");
        }
        assertThat(allJobs()).hasSize(1);
    }

    @Test
    void aClientThatIsBackWhileItsOlderConnectionStillUploadsTakesItsPlace() throws Exception {
        start();
        try (TestClient older = server.connect();
                TestClient newer = server.connect()) {
            older.send(TestClient.ours(id, "normal", FILES));
            assertThat(older.receive()).isEqualTo(new Transfer.RequestFile("/data/a.7"));
            older.send(new Transfer.Start("a.7", 8));
            older.receive();
            older.send(new Transfer.Chunk("a.7", "raw".getBytes(UTF_8), 3));

            newer.send(TestClient.ours(id, "normal", FILES));
            newer.upload(FILES);
            JobId job = ((Event.JobQueued) newer.event()).jobId();
            assertThat(isEnded(older)).isTrue();
            letGo.countDown();
            assertThat(newer.awaitEnd().files().get("a.7")).isEqualTo(FILES.get("a.7"));
            assertThat(allJobs()).extracting(JobSummary::id).containsExactly(job);
            log.await("worker is free");
            assertThat(server.jobFiles()).allMatch(file -> file.startsWith(server.outputs));
        }
    }

    private static boolean isEnded(TestClient client) {
        try {
            Optional<Message> message = client.receiveOrEnd();
            return message.isEmpty();
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void aSubmissionIdWithOtherContentsIsRefused() throws Exception {
        start();
        try (TestClient first = server.connect()) {
            first.send(TestClient.ours(id, "normal", FILES));
            first.upload(FILES);
            JobId job = ((Event.JobQueued) first.event()).jobId();
            String words = "Job submission: submission " + id + " was another job before, " + job
                    + "; a new job needs a new submission_id";
            assertThat(refusal(TestClient.ours(id, "normal", Map.of("b.7", new byte[8]))))
                    .isEqualTo(words);
            assertThat(refusal(new Request.SubmitJob(
                            TestClient.ours(id, "normal", FILES).files(),
                            "{\"x\": 1}",
                            true,
                            Optional.of(id),
                            "normal")))
                    .isEqualTo(words);
            assertThat(allJobs()).hasSize(1);
        }
    }

    @Test
    void aPriorityAboveTheCapIsLoweredAndTheClientTold() throws Exception {
        setup.maxPriority = Priority.NORMAL;
        start();
        try (TestClient client = server.connect()) {
            client.send(TestClient.ours(id, "urgent", FILES));
            client.upload(FILES);
            Event.JobQueued queued = (Event.JobQueued) client.event();
            assertThat(queued.notice())
                    .isEqualTo("priority urgent is more than this server gives to clients;"
                            + " the job has priority normal (MAX_CLIENT_PRIORITY)");
            assertThat(server.store.find(queued.jobId()).orElseThrow().priority())
                    .isEqualTo(Priority.NORMAL);
        }
    }

    @Test
    void aPriorityThatIsNoneIsRefused() throws Exception {
        start();
        assertThat(refusal(TestClient.ours(id, "now!", FILES)))
                .isEqualTo("Job submission: no priority \"now!\"; there are urgent, normal and low");
        requireNothingTaken();
    }

    @Test
    void jobsRunByPriorityAndThenInTheOrderOfTheirSubmission() throws Exception {
        start();
        List<TestClient> clients = new ArrayList<>();
        try {
            List<JobId> jobs = new ArrayList<>();
            for (String priority : new String[] {"low", "low", "normal", "urgent", "normal"}) {
                TestClient client = server.connect();
                clients.add(client);
                client.send(TestClient.ours(SubmissionId.random(), priority, FILES));
                client.upload(FILES);
                jobs.add(((Event.JobQueued) client.event()).jobId());
                if (jobs.size() == 1) {
                    assertThat(script.awaitStart().job()).isEqualTo(jobs.get(0)); // holds the only worker
                }
            }
            letGo.countDown();
            List<JobId> order = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                order.add(script.awaitStart().job());
            }
            assertThat(order).containsExactly(jobs.get(3), jobs.get(2), jobs.get(4), jobs.get(1));
        } finally {
            for (TestClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void moreBytesThanAJobMayHaveAreRefusedBeforeAnyAreSent() throws Exception {
        setup.maxJobBytes = 10;
        start();
        assertThat(refusal(announcing(5, 6)))
                .isEqualTo("Job submission: 11 bytes are more than this server takes in one job (MAX_JOB_BYTES = 10)");
        assertThat(refusal(announcing(Long.MAX_VALUE, Long.MAX_VALUE, 3)))
                .startsWith("Job submission: " + Long.MAX_VALUE + " bytes are more");
        requireNothingTaken();
    }

    @Test
    void aClientThatAnnouncesNothingIsRefusedByTheFileThatIsTooMuch() throws Exception {
        setup.maxJobBytes = 10;
        start();
        try (TestClient client = server.connect()) {
            client.send(TestClient.submission(true, "{}", "/data/a.7", "/data/b.7"));
            client.receive();
            client.sendFile("a.7", new byte[10]);
            client.receive();
            client.send(new Transfer.Start("b.7", 1));
            Transfer.StartAck ack = (Transfer.StartAck) client.receive();
            assertThat(ack.ready()).isFalse();
            assertThat(ack.detail())
                    .isEqualTo("with this file the job has more bytes than this server takes in one"
                            + " (MAX_JOB_BYTES = 10)");
            assertThat(client.receiveOrEnd()).isEmpty();
        }
        log.await("was not queued");
        requireNothingTaken();
    }

    @Test
    void aJobThatDoesNotFitOnTheDiskIsRefusedBeforeItsUpload() throws Exception {
        long free = Files.getFileStore(directory).getUsableSpace();
        setup.minFreeDiskBytes = free / 2;
        start();
        assertThat(refusal(announcing(free / 5 * 4)))
                .startsWith("Job submission: not enough space in inputs: ")
                .contains(String.format(
                        Locale.ROOT, " MiB are free, the job needs %.1f MiB, and ", free / 5 * 4 / 1048576.0))
                .endsWith(" MiB must stay free (MIN_FREE_DISK_MB); try again later");
        requireNothingTaken();
        try (TestClient large = server.connect()) {
            large.send(announcing(free / 5 * 2));
            assertThat(large.receive()).isInstanceOf(Transfer.RequestFile.class);
            assertThat(refusal(announcing(free / 5 * 2))).contains("MIN_FREE_DISK_MB"); // one at a time
        }
        log.await("was not queued");
        try (TestClient next = server.connect()) {
            next.send(announcing(free / 5 * 2));
            assertThat(next.receive()).isInstanceOf(Transfer.RequestFile.class);
        }
    }

    @Test
    void anUploadInProgressHasItsRoomInTheQueue() throws Exception {
        setup.maxQueued = 1;
        start();
        try (TestClient first = server.connect()) {
            first.send(TestClient.ours(id, "normal", FILES));
            assertThat(first.receive()).isInstanceOf(Transfer.RequestFile.class);
            assertThat(refusal(announcing(1))).startsWith("Job submission: the queue is full (MAX_QUEUED_JOBS = ");
            log.await("submission refused");
            assertThat(log.text()).doesNotContain("its files are removed"); // it had none
        }
        log.await("was not queued");
        try (TestClient next = server.connect()) {
            assertThat(next.submitOurs(FILES).filesReceived()).isEqualTo(1);
        }
    }

    /** A record whose session could not remove it, for want of disk space perhaps. */
    private JobId leftRecord() throws IOException {
        JobRequest request =
                new JobRequest(List.of(new InputFile(new FileName("a.7"), "/data/a.7")), ReconOptions.NONE);
        NewJob job =
                new NewJob(JobId.random(), id, request, Priority.NORMAL, "127.0.0.1", "shared", false, Instant.now());
        server.store.add(job);
        return job.id();
    }

    private void keepHouse() {
        server.housekeeping.start();
        server.housekeeping.stop(); // it looks once
    }

    @Test
    void aRecordThatWasLeftIsForgottenLater() throws Exception {
        start();
        JobId left = leftRecord();
        keepHouse();
        assertThat(server.store.find(left)).isEmpty();
    }

    @Test
    void aRecordThatWasLeftDoesNotKeepItsSubmissionFromComingAgain() throws Exception {
        start();
        JobId left = leftRecord();
        try (TestClient client = server.connect()) {
            client.send(TestClient.ours(id, "normal", FILES));
            client.upload(FILES);
            assertThat(((Event.JobQueued) client.event()).jobId()).isNotEqualTo(left);
        }
        assertThat(server.store.find(left)).isEmpty();
    }

    @Test
    void anUploadInProgressIsNotForgotten() throws Exception {
        start();
        try (TestClient client = server.connect()) {
            client.send(TestClient.ours(id, "normal", FILES));
            assertThat(client.receive()).isInstanceOf(Transfer.RequestFile.class);
            keepHouse();
            assertThat(server.store.counts()).containsEntry(JobState.RECEIVING, 1);
            client.sendFile("a.7", FILES.get("a.7"));
            assertThat(client.event()).isInstanceOf(Event.JobQueued.class);
        }
    }
}
