package recon.server.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.OwnedKey;
import recon.common.crypto.SharedKey;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.SubmissionId;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.server.queue.Retention;
import recon.server.testing.FakeScript;
import recon.server.testing.RecordedLog;
import recon.server.testing.TestClient;
import recon.server.testing.TestServer;

/** What clients with keys of their own, and those who share one, may do with the jobs of each other. */
@Timeout(60)
class OwnershipIT {
    private static final Map<String, byte[]> FILES = Map.of("a.7", "a".getBytes(UTF_8));

    @TempDir
    Path directory;

    private final SharedKey scanner1 = SharedKey.generate(new SecureRandom());
    private final SharedKey scanner2 = SharedKey.generate(new SecureRandom());
    private final SharedKey console = SharedKey.generate(new SecureRandom());
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final FakeScript script = FakeScript.waitsFor(letGo);
    private final RecordedLog log = new RecordedLog();
    private TestServer server;

    @BeforeEach
    void startServer() throws IOException {
        TestServer.Setup setup = new TestServer.Setup();
        setup.retention = new Retention(Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(1));
        setup.clients = List.of(
                new OwnedKey(new KeyOwner("scanner1", false), scanner1),
                new OwnedKey(new KeyOwner("scanner2", false), scanner2),
                new OwnedKey(new KeyOwner("console", true), console));
        server = new TestServer(directory, script, setup);
    }

    @AfterEach
    void stopServer() throws IOException {
        letGo.countDown();
        server.close();
        log.close();
    }

    /** A job of scanner1, whose client has gone. */
    private JobId submit() throws IOException {
        try (TestClient client = server.connect(scanner1)) {
            return client.submitOurs(FILES).jobId();
        }
    }

    /** What is said of a job, with the job's id left out. */
    private String answer(Request request, SharedKey key, JobId job) throws IOException {
        try (TestClient client = server.connect(key)) {
            client.send(request);
            String words = client.receive().toString();
            return words.replace(job.toString(), "ID");
        }
    }

    @ParameterizedTest
    @EnumSource(Request.OfJob.Verb.class)
    void aJobOfSomebodyElseIsAnsweredAsOneThatDoesNotExist(Request.OfJob.Verb verb) throws Exception {
        JobId job = submit();
        script.awaitStart();
        JobId none = JobId.random();
        for (SharedKey stranger : List.of(scanner2, server.key)) {
            assertThat(answer(new Request.OfJob(verb, job), stranger, job))
                    .contains("there is no job ID")
                    .isEqualTo(answer(new Request.OfJob(verb, none), stranger, none));
        }
        assertThat(server.store.find(job).orElseThrow().state()).isEqualTo(JobState.RUNNING);
        assertThat(server.store.history(job)).hasSize(3); // and nothing of the strangers
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"CANCELLED", "DELIVERED"})
    void soAreJobsThatHaveEnded(JobState state) throws Exception {
        JobId job = submit();
        if (state == JobState.CANCELLED) {
            script.awaitStart();
            server.ask(new Request.OfJob(Request.OfJob.Verb.CANCEL, job), scanner1);
        } else {
            letGo.countDown();
            try (TestClient client = server.connect(scanner1)) {
                client.fetch(job);
                assertThat(client.awaitEnd().files()).containsOnlyKeys("a.7");
            }
        }
        assertThat(server.store.find(job).orElseThrow().state()).isEqualTo(state);
        JobId none = JobId.random();
        for (Request.OfJob.Verb verb : Request.OfJob.Verb.values()) {
            assertThat(answer(new Request.OfJob(verb, job), scanner2, job))
                    .isEqualTo(answer(new Request.OfJob(verb, none), scanner2, none));
        }
        assertThat(answer(new Request.GetJobLog(job, true), scanner2, job))
                .isEqualTo(answer(new Request.GetJobLog(none, true), scanner2, none));
    }

    @Test
    void theQueueShowsEachItsOwnJobsAndAnOperatorThoseOfAll() throws Exception {
        JobId job = submit();
        script.awaitStart(); // it is running in every answer below
        Report.QueueDetails own = (Report.QueueDetails) server.ask(new Request.GetQueueDetails(true, 10), scanner1);
        assertThat(own.jobs()).extracting(Report.QueueDetails.Row::jobId).containsExactly(job.toString());
        assertThat(own.jobs()).extracting(Report.QueueDetails.Row::owner).containsExactly("scanner1");
        assertThat(own.total()).isEqualTo(1);
        assertThat(server.ask(new Request.GetQueueDetails(true, 10), scanner2))
                .isEqualTo(new Report.QueueDetails(List.of(), 0));
        assertThat(server.ask(new Request.GetQueueDetails(true, 10), server.key))
                .isEqualTo(new Report.QueueDetails(List.of(), 0));
        assertThat(server.ask(new Request.GetQueueDetails(true, 10), console)).isEqualTo(own);
    }

    @Test
    void anOperatorCancelsRerunsAndFetchesAndTheHistoryNamesIt() throws Exception {
        JobId job = submit();
        script.awaitStart();
        Report.JobDetails cancelled =
                (Report.JobDetails) server.ask(new Request.OfJob(Request.OfJob.Verb.CANCEL, job), console);
        assertThat(cancelled.job().status()).isEqualTo("cancelled");
        assertThat(cancelled.job().owner()).isEqualTo("scanner1");
        assertThat(cancelled.reason()).isEqualTo("cancelled by console@127.0.0.1");
        assertThat(cancelled.submittedFrom()).isEqualTo("127.0.0.1");
        assertThat(cancelled.history())
                .extracting(Report.JobDetails.Change::by)
                .containsExactly("scanner1@127.0.0.1", "server", "server", "console@127.0.0.1");
        assertThat(server.ask(new Request.OfJob(Request.OfJob.Verb.RERUN, job), console))
                .isInstanceOf(Report.JobDetails.class);
        letGo.countDown();
        try (TestClient client = server.connect(console)) {
            client.fetch(job);
            assertThat(client.awaitEnd().files()).containsOnlyKeys("a.7");
        }
        assertThat(server.store.history(job))
                .last()
                .satisfies(change -> assertThat(change.by()).isEqualTo("console@127.0.0.1"));
        assertThat(log.await("delivered 1 files").getMDCPropertyMap()).containsEntry("client", "console@127.0.0.1");
    }

    @Test
    void whoSharesAKeyIsNamedByItsAddressAsEver() throws Exception {
        letGo.countDown();
        JobId job;
        try (TestClient client = server.connect()) {
            job = client.submitOurs(FILES).jobId();
            client.awaitEnd();
        }
        assertThat(server.store.find(job).orElseThrow().owner()).isEqualTo("shared");
        assertThat(server.store.history(job).get(0).by()).isEqualTo("127.0.0.1");
        assertThat(log.await("delivered 1 files").getMDCPropertyMap()).containsEntry("client", "127.0.0.1");
    }

    @Test
    void aSubmissionOfSomebodyElseIsRefusedWithoutAWordOfItsJob() throws Exception {
        SubmissionId id = SubmissionId.random();
        JobId job;
        try (TestClient client = server.connect(scanner1)) {
            client.send(TestClient.ours(id, "normal", FILES));
            client.upload(FILES);
            job = ((Event.JobQueued) client.event()).jobId();
        }
        for (SharedKey other : List.of(scanner2, server.key, console)) {
            assertThat(server.ask(TestClient.ours(id, "normal", FILES), other))
                    .isInstanceOfSatisfying(Event.EventError.class, error -> {
                        assertThat(error.message())
                                .isEqualTo("Job submission: the submission_id is taken; a new job needs a new one")
                                .doesNotContain(job.toString());
                        assertThat(error.tryAgain()).isFalse();
                    });
        }
        try (TestClient client = server.connect(scanner1)) {
            client.send(TestClient.ours(id, "normal", FILES));
            assertThat(((Event.JobQueued) client.event()).jobId()).isEqualTo(job);
        }
    }

    @Test
    void anUploadOfSomebodyElseIsNotEndedForItsSubmission() throws Exception {
        SubmissionId id = SubmissionId.random();
        try (TestClient client = server.connect(scanner1)) {
            client.send(TestClient.ours(id, "normal", FILES));
            log.await("receiving 1 files");
            assertThat(server.ask(TestClient.ours(id, "normal", FILES), scanner2))
                    .isInstanceOf(Event.EventError.class);
            client.upload(FILES);
            assertThat(client.event()).isInstanceOf(Event.JobQueued.class);
        }
    }
}
