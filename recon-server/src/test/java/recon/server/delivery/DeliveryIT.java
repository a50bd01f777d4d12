package recon.server.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.Request.OfJob;
import recon.common.wire.Transfer;
import recon.server.queue.JobRecord;
import recon.server.queue.Retention;
import recon.server.script.ScriptOutcome;
import recon.server.testing.FakeScript;
import recon.server.testing.RecordedLog;
import recon.server.testing.TestClient;
import recon.server.testing.TestServer;

/** From an ended job to the clients that come for it, now or later. */
@Timeout(30)
class DeliveryIT {
    private static final Map<String, byte[]> FILES = Map.of("a.7", "raw data".getBytes(UTF_8));

    @TempDir
    Path directory;

    private final RecordedLog log = new RecordedLog();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final TestServer.Setup setup = new TestServer.Setup();
    private final CountDownLatch letGo = new CountDownLatch(1);
    private TestServer server;

    DeliveryIT() {
        setup.clock = new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
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

    private JobRecord record(JobId job) throws IOException {
        return server.store.find(job).orElseThrow();
    }

    /** A job whose client has gone before it ended, and whose results wait. */
    private JobId undelivered() throws Exception {
        JobId job;
        try (TestClient client = server.connect()) {
            job = client.submitOurs(FILES).jobId();
        }
        log.await("results wait for a client");
        log.await("worker is free"); // and the inputs are gone
        return job;
    }

    private TestClient.Ended fetch(JobId job) throws IOException {
        try (TestClient client = server.connect()) {
            client.fetch(job);
            return client.awaitEnd();
        }
    }

    @Test
    void aClientThatHasGoneFetchesItsResultsLaterAndSoDoesAnother() throws Exception {
        start(FakeScript.writes("1.dcm", "s1/2.dcm"));
        JobId job = undelivered();
        assertThat(record(job).state()).isEqualTo(JobState.DELIVERING);
        assertThat(record(job).resultsUntil())
                .hasValueSatisfying(until -> assertThat(until)
                        .isBetween(
                                now.get().plus(Duration.ofHours(2)).minusMillis(1),
                                now.get().plus(Duration.ofHours(2))));

        TestClient.Ended first = fetch(job);
        assertThat(first.files()).containsOnlyKeys("1.dcm", "s1/2.dcm");
        assertThat(new String(first.files().get("s1/2.dcm"), UTF_8)).isEqualTo("s1/2.dcm");
        assertThat(record(job).state()).isEqualTo(JobState.DELIVERED);
        Optional<Instant> until = record(job).resultsUntil();
        assertThat(until.orElseThrow()).isBefore(now.get().plus(Duration.ofMinutes(61)));

        assertThat(fetch(job).files()).containsOnlyKeys("1.dcm", "s1/2.dcm");
        assertThat(record(job).state()).isEqualTo(JobState.DELIVERED);
        assertThat(record(job).resultsUntil()).isEqualTo(until);
        assertThat(server.show(job).history())
                .extracting(change -> change.status() + " " + change.reason() + " " + change.by())
                .endsWith(
                        "delivered delivered to 127.0.0.1 127.0.0.1", "delivered fetched again by 127.0.0.1 127.0.0.1");
    }

    @Test
    void aJobThatHasNotEndedIsWaitedFor() throws Exception {
        FakeScript script = FakeScript.waitsFor(letGo);
        start(script);
        try (TestClient submitter = server.connect();
                TestClient other = server.connect()) {
            JobId job = submitter.submitOurs(FILES).jobId();
            other.fetch(job);
            script.awaitStart();
            letGo.countDown();
            assertThat(other.awaitEnd().files()).containsOnlyKeys("a.7");
            assertThat(submitter.awaitEnd().files()).containsOnlyKeys("a.7");
        }
    }

    @Test
    void whatAClientHasAlreadyIsNotSentAgain() throws Exception {
        start(FakeScript.writes("1.dcm", "2.dcm"));
        JobId job = undelivered();
        try (TestClient client = server.connect()) {
            client.fetch(job);
            assertThat(((Event.DicomTransferStart) client.event()).fileCount()).isEqualTo(2);
            for (String name : new String[] {"1.dcm", "2.dcm"}) {
                assertThat(client.receive())
                        .isEqualTo(new Transfer.Start(
                                name,
                                5,
                                Optional.of(
                                        TestClient.receipt(name.getBytes(UTF_8)).sha256())));
                client.send(new Transfer.StartAck(name, Transfer.Answer.HAVE, ""));
            }
            assertThat(client.event()).isInstanceOf(Event.ReconComplete.class);
        }
        assertThat(record(job).state()).isEqualTo(JobState.DELIVERED);
    }

    @Test
    void aReceiptOfOtherContentsIsNoDelivery() throws Exception {
        start(FakeScript.copiesInputs());
        JobId job = undelivered();
        try (TestClient client = server.connect()) {
            client.fetch(job);
            client.event();
            client.receive();
            client.send(new Transfer.StartAck("a.7", true, ""));
            while (!(client.receive() instanceof Transfer.End)) {
                // The pieces of the file.
            }
            client.send(
                    new Transfer.EndAck("a.7", true, "", Optional.of(TestClient.receipt("raw dat@".getBytes(UTF_8)))));
            assertThat(client.receiveOrEnd()).isEmpty();
        }
        log.await("the peer does not confirm a.7 as it was sent");
        assertThat(record(job).state()).isEqualTo(JobState.DELIVERING);
        assertThat(fetch(job).files()).containsOnlyKeys("a.7");
    }

    @Test
    void aClientOfVersion1GetsItsResultsAsEverAndTheyCanBeFetchedLater() throws Exception {
        start(FakeScript.writes("s1/1.dcm"));
        JobId job;
        try (TestClient python = server.connect()) {
            job = python.submit(FILES, false, "{}").jobId();
            assertThat(python.event()).isEqualTo(new Event.DicomTransferStart(job, 1));
            assertThat(python.receive()).isEqualTo(new Transfer.Start("1.dcm", 8)); // no digest, a bare name
            python.send(new Transfer.StartAck("1.dcm", true, ""));
            assertThat(python.receive()).isInstanceOf(Transfer.Chunk.class);
            assertThat(python.receive()).isEqualTo(new Transfer.End("1.dcm"));
            python.send(new Transfer.EndAck("1.dcm", true, ""));
            assertThat(python.event()).isEqualTo(new Event.ReconComplete(job, "a.7"));
            assertThat(python.receiveOrEnd()).isEmpty();
        }
        assertThat(record(job).state()).isEqualTo(JobState.DELIVERED);
        assertThat(fetch(job).files()).containsOnlyKeys("s1/1.dcm");
    }

    @Test
    void aResultThatHasChangedOnTheDiskIsNotTakenForTheScriptsOwn() throws Exception {
        start(FakeScript.writes("1.dcm"));
        try (TestClient python = server.connect()) {
            JobId job = python.submit(FILES, false, "{}").jobId();
            Event start = (Event) python.receive();
            Files.writeString(server.outputs.resolve(job.outputDirectoryName()).resolve("1.dcm"), "6.dcm");
            python.acknowledge(start);
            assertThat(((Transfer.RefuseFile) python.receive()).detail()).contains("has changed on the disk");
            assertThat(python.receiveOrEnd()).isEmpty();
            assertThat(record(job).state()).isEqualTo(JobState.DELIVERING);
        }
    }

    @Test
    void clientsThatNeverAnswerHoldNothingButTheirConnections() throws Exception {
        start(FakeScript.copiesInputs()); // on one worker
        try (TestClient atItsAck = server.connect();
                TestClient atTheStart = server.connect();
                TestClient amidAFile = server.connect();
                TestClient good = server.connect()) {
            atItsAck.send(TestClient.submission(true, "{}", "/data/a.7"));
            atItsAck.upload(FILES);
            assertThat(atItsAck.receive()).isInstanceOf(Event.JobQueued.class);
            atTheStart.submitOurs(FILES);
            assertThat(atTheStart.receive()).isInstanceOf(Event.DicomTransferStart.class);
            amidAFile.submitOurs(FILES);
            amidAFile.event();
            amidAFile.receive();
            amidAFile.send(new Transfer.StartAck("a.7", true, ""));
            assertThat(good.submitOurs(FILES).filesReceived()).isEqualTo(1);
            assertThat(good.awaitEnd().files()).containsOnlyKeys("a.7");
            Report.ServerStatus status = (Report.ServerStatus) server.ask(new Request.GetServerStatus());
            assertThat(status.undeliveredJobs()).isEqualTo(3);
            assertThat(status.busyWorkers()).isZero();
        }
    }

    @Test
    void resultsThatAreGoneAreSaidToBe() throws Exception {
        start(FakeScript.copiesInputs());
        JobId job = undelivered();
        assertThat(fetch(job).files()).containsOnlyKeys("a.7");
        now.set(now.get().plus(Duration.ofHours(1)));
        keepHouse();
        assertThat(((Event.EventError) fetch(job).last()).message())
                .startsWith("the results of job " + job
                        + " are not kept any longer (RESULT_RETENTION_HOURS); it was delivered ");
        assertThat(server.show(job).resultsKeptUntilUtc()).isEmpty();
        assertThat(server.jobFiles()).isEmpty();
    }

    private void keepHouse() {
        server.housekeeping.start();
        server.housekeeping.stop();
    }

    @Test
    void whoComesAfterTheResultsHaveExpiredIsToldSo() throws Exception {
        start(FakeScript.copiesInputs());
        JobId job = undelivered();
        now.set(now.get().plus(Duration.ofHours(2)));
        keepHouse();
        Event.JobFailed told = (Event.JobFailed) fetch(job).last();
        assertThat(told.state()).isEqualTo(JobState.EXPIRED);
        assertThat(told.error()).startsWith("nobody fetched the results; the results were removed");
    }

    @Test
    void withoutARetentionTheResultsGoWhenTheClientHasThem() throws Exception {
        setup.retention = new Retention(Duration.ZERO, Duration.ofHours(2), Duration.ZERO);
        start(FakeScript.copiesInputs());
        JobId job = undelivered();
        assertThat(fetch(job).files()).containsOnlyKeys("a.7");
        assertThat(server.jobFiles()).isEmpty();
        assertThat(((Event.EventError) fetch(job).last()).message()).contains("RESULT_RETENTION_HOURS");
    }

    @Test
    void twoThatFetchAtOnceBothGetEverythingAndTheFirstDecidesHowLongItStays() throws Exception {
        start(FakeScript.copiesInputs());
        JobId job = undelivered();
        try (TestClient one = server.connect();
                TestClient two = server.connect()) {
            one.fetch(job);
            two.fetch(job);
            assertThat(one.receive()).isInstanceOf(Event.DicomTransferStart.class);
            Event begun = (Event) two.receive(); // both have found it undelivered
            one.acknowledge(new Event.DicomTransferStart(job, 1));
            takeFile(one);
            assertThat(one.event()).isInstanceOf(Event.ReconComplete.class);
            Instant until = record(job).resultsUntil().orElseThrow();
            two.acknowledge(begun);
            takeFile(two);
            assertThat(two.event()).isInstanceOf(Event.ReconComplete.class);
            assertThat(record(job).resultsUntil()).contains(until);
            assertThat(record(job).state()).isEqualTo(JobState.DELIVERED);
        }
    }

    private static void takeFile(TestClient client) throws IOException {
        assertThat(client.receive()).isInstanceOf(Transfer.Start.class);
        client.send(new Transfer.StartAck("a.7", true, ""));
        while (!(client.receive() instanceof Transfer.End)) {
            // The pieces of the file.
        }
        client.send(new Transfer.EndAck("a.7", true, "", Optional.of(TestClient.receipt(FILES.get("a.7")))));
    }

    @Test
    void aFailedJobTellsWhyAlsoLater() throws Exception {
        start(FakeScript.ends(new ScriptOutcome.Failed(3, "cannot go on")));
        JobId job;
        try (TestClient client = server.connect()) {
            job = client.submitOurs(FILES).jobId();
            client.awaitEnd();
        }
        Event.JobFailed told = (Event.JobFailed) fetch(job).last();
        assertThat(told).isEqualTo(new Event.JobFailed(job, "a.7", "script exited with code 3\ncannot go on"));
    }

    @Test
    void aJobThatIsUnknownIsSaidToBe() throws Exception {
        start(FakeScript.copiesInputs());
        JobId unknown = JobId.random();
        assertThat(((Event.EventError) fetch(unknown).last()).message())
                .isEqualTo("there is no job " + unknown + " on this server");
        for (OfJob.Verb verb : new OfJob.Verb[] {OfJob.Verb.SHOW, OfJob.Verb.CANCEL, OfJob.Verb.RERUN}) {
            assertThat(server.ask(new OfJob(verb, unknown)))
                    .isEqualTo(new Event.EventError("there is no job " + unknown));
        }
        assertThat(server.ask(new Request.GetJobLog(unknown, true)))
                .isEqualTo(new Event.EventError("there is no job " + unknown));
    }

    @Test
    void aJobIsShownWithAllThatHappenedToIt() throws Exception {
        start(FakeScript.copiesInputs());
        JobId job = undelivered();
        fetch(job);
        Report.JobDetails details = server.show(job);
        assertThat(details.job().status()).isEqualTo("delivered");
        assertThat(details.inputBytes()).isEqualTo(8);
        assertThat(details.submittedFrom()).isEqualTo("127.0.0.1");
        assertThat(details.attempts()).isEqualTo(1);
        assertThat(details.resultCount()).isEqualTo(1);
        assertThat(details.resultBytes()).isEqualTo(8);
        assertThat(details.resultsKeptUntilUtc()).endsWith(" UTC");
        assertThat(details.history())
                .extracting(Report.JobDetails.Change::status)
                .containsExactly("receiving", "queued", "running", "delivering", "delivered");
    }

    // --- cancel and run again ---

    @Test
    void aRunningJobIsCancelledAndItsClientTold() throws Exception {
        setup.retention = new Retention(Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3));
        FakeScript script = FakeScript.waitsFor(letGo);
        start(script);
        JobId job;
        try (TestClient client = server.connect()) {
            job = client.submitOurs(FILES).jobId();
            script.awaitStart();
            Report.JobDetails details = (Report.JobDetails) server.ask(new OfJob(OfJob.Verb.CANCEL, job));
            assertThat(details.job().status()).isEqualTo("cancelled");
            assertThat(client.awaitEnd().last())
                    .isEqualTo(new Event.JobFailed(job, "a.7", "cancelled by 127.0.0.1", JobState.CANCELLED));
        }
        letGo.countDown();
        Report.JobDetails again = (Report.JobDetails) server.ask(new OfJob(OfJob.Verb.RERUN, job));
        assertThat(again.history())
                .anySatisfy(change -> assertThat(change.reason()).isEqualTo("to run again"));
        assertThat(fetch(job).files()).containsOnlyKeys("a.7");
    }

    @Test
    void aQueuedJobIsCancelledAndNeverRuns() throws Exception {
        FakeScript script = FakeScript.waitsFor(letGo);
        start(script);
        try (TestClient running = server.connect();
                TestClient waiting = server.connect()) {
            running.submitOurs(FILES);
            script.awaitStart();
            JobId job = waiting.submitOurs(FILES).jobId();
            server.ask(new OfJob(OfJob.Verb.CANCEL, job));
            assertThat(((Event.JobFailed) waiting.awaitEnd().last()).state()).isEqualTo(JobState.CANCELLED);
            letGo.countDown();
            assertThat(running.awaitEnd().files()).containsOnlyKeys("a.7");
            assertThat(record(job).attempts()).isZero();
            assertThat(server.jobFiles()).noneMatch(file -> file.toString().contains(job.toString()));
        }
    }

    // --- logs ---

    private static String receiveLog(TestClient client) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Report.JobLog piece;
        do {
            piece = (Report.JobLog) client.event();
            text.write(piece.output());
        } while (!piece.end());
        assertThat(client.receiveOrEnd()).isEmpty();
        return text.toString(UTF_8);
    }

    @Test
    void theLogOfAnEndedJobComesWhole() throws Exception {
        String said = "x".repeat(150_000) + "\nthe end";
        start(new FakeScript(run -> {
            Files.writeString(run.log(), said);
            return FakeScript.GOOD;
        }));
        JobId job = undelivered();
        for (boolean follow : new boolean[] {false, true}) {
            try (TestClient client = server.connect()) {
                client.send(new Request.GetJobLog(job, follow));
                assertThat(receiveLog(client)).isEqualTo(said);
            }
        }
    }

    @Test
    void theLogOfARunningJobIsFollowedToItsEnd() throws Exception {
        FakeScript script = new FakeScript(run -> {
            Files.writeString(run.log(), "first\n");
            letGo.await();
            Files.writeString(run.log(), "last\n", StandardOpenOption.APPEND);
            return FakeScript.GOOD;
        });
        start(script);
        try (TestClient submitter = server.connect();
                TestClient follower = server.connect();
                TestClient glancer = server.connect()) {
            JobId job = submitter.submitOurs(FILES).jobId();
            follower.send(new Request.GetJobLog(job, true));
            Report.JobLog first = (Report.JobLog) follower.event();
            assertThat(first.output()).asString(UTF_8).isEqualTo("first\n");
            assertThat(first.end()).isFalse();
            glancer.send(new Request.GetJobLog(job, false));
            assertThat(receiveLog(glancer)).isEqualTo("first\n");
            letGo.countDown();
            assertThat(receiveLog(follower)).isEqualTo("last\n");
        }
    }

    @Test
    void aJobThatHasSaidNothingHasAnEmptyLog() throws Exception {
        start(FakeScript.copiesInputs());
        JobId job = undelivered();
        try (TestClient client = server.connect()) {
            client.send(new Request.GetJobLog(job, false));
            assertThat(receiveLog(client)).isEmpty();
        }
    }
}
