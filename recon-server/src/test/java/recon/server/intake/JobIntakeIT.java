package recon.server.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.job.JobState;
import recon.common.job.ReconOptions;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Message;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.Transfer;
import recon.server.script.ScriptRun;
import recon.server.testing.FakeScript;
import recon.server.testing.RecordedLog;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;
import recon.server.testing.TestServer;

/** From a submission to a queued job, and every way in which it can go wrong. */
@Timeout(30)
class JobIntakeIT {
    @TempDir
    Path directory;

    private final RecordedLog log = new RecordedLog();
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final FakeScript script = FakeScript.waitsFor(letGo);
    private TestServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new TestServer(directory, script);
    }

    @AfterEach
    void stopServer() throws IOException {
        letGo.countDown();
        server.close();
        log.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private String refusal(Request.SubmitJob submission) throws IOException {
        try (TestClient client = server.connect()) {
            client.send(submission);
            String message = ((Event.EventError) client.event()).message();
            assertThat(client.receiveOrEnd()).isEmpty();
            assertThat(server.jobFiles()).isEmpty();
            assertThat(server.store.active(10)).isEmpty();
            return message;
        }
    }

    private void requireNothingLeft() throws Exception {
        requireNothingLeft(1);
    }

    private void requireNothingLeft(int submissions) throws Exception {
        log.await("was not queued", submissions); // the client is answered before the server has tidied up
        assertThat(server.store.active(10)).isEmpty();
        assertThat(server.jobFiles()).isEmpty();
        try (TestClient next = server.connect()) { // and the next job runs
            letGo.countDown();
            next.submit(Map.of("n.7", bytes("next")));
            assertThat(next.awaitEnd().files()).containsOnlyKeys("n.7");
        }
    }

    /** A client that has been asked for its first file, /data/a.7. */
    private TestClient askedFor(String... paths) throws IOException {
        TestClient client = server.connect();
        client.send(TestClient.submission(true, "{}", paths));
        assertThat(client.receive()).isEqualTo(new Transfer.RequestFile(paths[0]));
        return client;
    }

    @Test
    void filesAreAskedForByTheirPathsOnTheClientAndReachTheScriptByTheirNames() throws Exception {
        byte[] large = new byte[300_000];
        Arrays.fill(large, (byte) 7);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a.7", bytes("one"));
        files.put("b \u00e9.dat", large);
        files.put("empty", new byte[0]);
        try (TestClient client = server.connect()) {
            Event.JobQueued queued = client.submit(files, true, "{\"num_slices\": 128, \"fast\": true}");
            assertThat(queued.filesReceived()).isEqualTo(3);
            ScriptRun run = script.awaitStart();
            assertThat(run.job()).isEqualTo(queued.jobId());
            assertThat(run.inputs().getFileName()).hasToString("job_" + queued.jobId() + "_input");
            assertThat(run.inputs().resolve("a.7")).hasBinaryContent(files.get("a.7"));
            assertThat(run.inputs().resolve("b \u00e9.dat")).hasBinaryContent(large);
            assertThat(run.inputs().resolve("empty")).isEmptyFile();
            assertThat(run.inputs()).isDirectoryNotContaining("glob:**.part");
            assertThat(run.options().arguments())
                    .containsExactly(
                            new ReconOptions.Argument("num_slices", "128"), new ReconOptions.Argument("fast", "true"));
            letGo.countDown();
            assertThat(client.awaitEnd().files()).containsOnlyKeys("a.7", "b \u00e9.dat", "empty");
        }
    }

    @Test
    void noFilesAreRefused() throws Exception {
        assertThat(refusal(TestClient.submission(true, "{}")))
                .isEqualTo("Job submission: 'files' list missing or empty.");
    }

    @Test
    void twoInputsOfOneNameAreRefusedNamingBothPaths() throws Exception {
        assertThat(refusal(TestClient.submission(true, "{}", "/scan/1/a.7", "/scan/2/b.7", "/scan/3/a.7")))
                .startsWith("Job submission: two input files are named a.7: /scan/1/a.7 and /scan/3/a.7;");
    }

    @Test
    void tooManyFilesAreRefused() throws Exception {
        assertThat(refusal(TestClient.submission(true, "{}", "/1", "/2", "/3", "/4", "/5", "/6")))
                .isEqualTo("Job submission: 6 files are more than this server takes in one job (MAX_JOB_FILES = 5)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "7", "", "{\"a b\": 1}", "{\"--x\": 1}", "{\"x\": \"\\u0000\"}"})
    void optionsThatAreNoneAreRefused(String options) throws Exception {
        assertThat(refusal(TestClient.submission(true, options, "/data/a.7")))
                .startsWith("Job submission: reconstruction option");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", " ", "a/..", "a\u0000b", "a\nb", "x/"})
    void namesThatNoFileMayHaveAreRefused(String name) throws Exception {
        assertThat(refusal(new Request.SubmitJob(
                        List.of(new Request.SubmitJob.OfferedFile(name, "/data/a.7")), "{}", true)))
                .startsWith("Job submission: not a bare file name");
    }

    @Test
    void aNameOf300CharactersIsRefused() throws Exception {
        assertThat(refusal(TestClient.submission(true, "{}", "/data/" + "x".repeat(300))))
                .isEqualTo("Job submission: file name of 300 bytes is longer than 255");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../x", "/etc/x", "C:\\scans\\x"})
    void ofAPathOnlyTheLastElementIsTaken(String name) throws Exception {
        try (TestClient client = server.connect()) {
            client.send(new Request.SubmitJob(List.of(new Request.SubmitJob.OfferedFile(name, "/data/x")), "{}", true));
            client.upload(Map.of("x", bytes("x")));
            client.event();
            assertThat(script.awaitStart().inputs().resolve("x")).hasContent("x");
            letGo.countDown();
            assertThat(client.awaitEnd().files()).containsOnlyKeys("x");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"b.7", "..", "../../x", "/etc/x", "", "a\u0000.7"})
    void anotherFileThanTheOneAskedForIsRefused(String name) throws Exception {
        try (TestClient client = askedFor("/data/a.7")) {
            client.send(new Transfer.Start(name, 1));
            Transfer.StartAck ack = (Transfer.StartAck) client.receive();
            assertThat(ack.ready()).isFalse();
            assertThat(ack.filename()).isEqualTo(name);
            assertThat(ack.detail()).matches("Unexpected filename. Expected a.7.|not a bare file name.*");
            assertThat(client.receiveOrEnd()).isEmpty();
        }
        requireNothingLeft();
    }

    @Test
    void aFileThatTheClientCannotSendEndsTheJob() throws Exception {
        try (TestClient client = askedFor("/data/a.7", "/data/b.7")) {
            client.sendFile("a.7", bytes("a"));
            assertThat(client.receive()).isEqualTo(new Transfer.RequestFile("/data/b.7"));
            client.send(new Transfer.RefuseFile("/data/b.7", "there is no such file"));
            assertThat(client.receiveOrEnd()).isEmpty();
        }
        log.await("the client cannot send a file: ");
        requireNothingLeft();
    }

    @Test
    void aFileThatChangesWhileItIsSentEndsTheJob() throws Exception {
        try (TestClient client = askedFor("/data/a.7")) {
            client.send(new Transfer.Start("a.7", 10));
            assertThat(((Transfer.StartAck) client.receive()).ready()).isTrue();
            client.send(new Transfer.Chunk("a.7", bytes("12345"), 5));
            client.send(new Transfer.RefuseFile("a.7", "changed while it was being sent"));
            assertThat(client.receiveOrEnd()).isEmpty();
        }
        requireNothingLeft();
    }

    @Test
    void aFileLongerThanAnnouncedIsRefused() throws Exception {
        try (TestClient client = askedFor("/data/a.7")) {
            client.send(new Transfer.Start("a.7", 3));
            client.receive();
            client.send(new Transfer.Chunk("a.7", bytes("1234"), 4));
            Transfer.EndAck ack = (Transfer.EndAck) client.receive();
            assertThat(ack.success()).isFalse();
            assertThat(ack.detail()).isEqualTo("a.7 is longer than the 3 bytes that were announced");
            assertThat(client.receiveOrEnd()).isEmpty();
        }
        requireNothingLeft();
    }

    @Test
    void aFileShorterThanAnnouncedIsRefused() throws Exception {
        try (TestClient client = askedFor("/data/a.7")) {
            client.send(new Transfer.Start("a.7", 3));
            client.receive();
            client.send(new Transfer.Chunk("a.7", bytes("12"), 2));
            client.send(new Transfer.End("a.7"));
            Transfer.EndAck ack = (Transfer.EndAck) client.receive();
            assertThat(ack.success()).isFalse();
            assertThat(ack.detail()).contains("ended at 2 of 3 bytes");
        }
        requireNothingLeft();
    }

    @Test
    void messagesOutOfOrderEndTheJob() throws Exception {
        for (Message wrong : List.of(
                new Transfer.Chunk("a.7", bytes("1"), 1), new Transfer.End("a.7"), new Request.GetServerStatus())) {
            try (TestClient client = askedFor("/data/a.7")) {
                client.send(wrong);
                assertThat(client.receiveOrEnd()).isEmpty();
            }
            log.await("closed: expected file_transfer_start of a.7, got " + wrong.label());
        }
        for (Message wrong : List.of(
                new Transfer.Chunk("b.7", bytes("1"), 1),
                new Transfer.End("b.7"),
                new Transfer.Start("a.7", 3),
                new EventAck("job_queued", "received"))) {
            try (TestClient client = askedFor("/data/a.7")) {
                client.send(new Transfer.Start("a.7", 3));
                client.receive();
                client.send(wrong);
                assertThat(client.receiveOrEnd()).isEmpty();
            }
        }
        requireNothingLeft(7);
    }

    @Test
    void aClientThatVanishesMidUploadLeavesNothing() throws Exception {
        try (TestClient client = askedFor("/data/a.7")) {
            client.send(new Transfer.Start("a.7", 3));
            client.receive();
            client.send(new Transfer.Chunk("a.7", bytes("12"), 2));
            assertThat(server.jobFiles()).isNotEmpty();
            assertThat(server.store.counts()).containsExactly(Map.entry(JobState.RECEIVING, 1));
        }
        log.await("connection ended: the peer closed the connection");
        requireNothingLeft();
    }

    @Test
    void aClientThatStallsMidUploadIsGivenUp() throws Exception {
        TestServer.Setup setup = new TestServer.Setup();
        setup.idle = Duration.ofMillis(300);
        try (TestServer hasty = new TestServer(directory.resolve("hasty"), script, setup);
                TestClient client = hasty.connect()) {
            client.send(TestClient.submission(true, "{}", "/data/a.7"));
            client.receive();
            assertThat(client.receiveOrEnd()).isEmpty();
            log.await("connection ended: nothing received for ");
            log.await("was not queued");
            assertThat(hasty.jobFiles()).isEmpty();
        }
    }

    @Test
    void aClientThatVanishesAfterJobQueuedHasItsJobRunAllTheSame() throws Exception {
        try (TestClient client = server.connect()) {
            client.send(TestClient.submission(true, "{}", "/data/a.7"));
            client.upload(Map.of("a.7", bytes("a")));
            assertThat(client.receive()).isInstanceOf(Event.JobQueued.class); // and no acknowledgement
        }
        log.await("connection ended: the peer closed the connection; expected ack_command of job_queued");
        ScriptRun run = script.awaitStart();
        letGo.countDown();
        log.await("1 results wait for a client");
        assertThat(run.outputs().resolve("a.7")).hasContent("a");
        log.await("worker is free");
        assertThat(run.inputs()).doesNotExist();
        assertThat(server.store.find(run.job()).orElseThrow().state()).isEqualTo(JobState.DELIVERING);
    }

    @Test
    void aClientThatNeverAcknowledgesHasItsJobRunAllTheSame() throws Exception {
        TestServer.Setup setup = new TestServer.Setup();
        setup.idle = Duration.ofSeconds(2); // which the upload before it must not reach on a busy machine
        try (TestServer hasty = new TestServer(directory.resolve("hasty"), script, setup);
                TestClient client = hasty.connect()) {
            client.send(TestClient.submission(true, "{}", "/data/a.7"));
            client.upload(Map.of("a.7", bytes("a")));
            assertThat(client.receive()).isInstanceOf(Event.JobQueued.class);
            log.await("connection ended: nothing received for ");
            script.awaitStart();
        }
    }

    @Test
    void aFullQueueRefusesTheJobBeforeItsFilesAreSent() throws Exception {
        TestServer.Setup setup = new TestServer.Setup();
        setup.maxQueued = 1;
        try (TestServer small = new TestServer(directory.resolve("small"), script, setup);
                TestClient running = small.connect();
                TestClient waiting = small.connect();
                TestClient third = small.connect()) {
            running.submit(Map.of("a.7", bytes("a")));
            script.awaitStart();
            waiting.submit(Map.of("b.7", bytes("b")));
            third.send(TestClient.submission(true, "{}", "/data/c.7"));
            assertThat(third.event())
                    .isEqualTo(new Event.EventError(
                            "Job submission: the queue is full (MAX_QUEUED_JOBS = 1); try again later", true));
            letGo.countDown();
            assertThat(running.awaitEnd().files()).containsOnlyKeys("a.7");
            assertThat(waiting.awaitEnd().files()).containsOnlyKeys("b.7");
        }
    }

    @Test
    void aServerThatCannotMakeTheJobsDirectoriesSaysSo() throws Exception {
        Files.move(server.inputs, directory.resolve("moved away"));
        Files.writeString(server.inputs, "in the way");
        try (TestClient client = server.connect()) {
            client.send(TestClient.submission(true, "{}", "/data/a.7"));
            assertThat(((Event.EventError) client.event()).message())
                    .startsWith("Job submission: the server cannot take the job: ");
            assertThat(client.receiveOrEnd()).isEmpty();
        }
        assertThat(log.await("the server cannot take the job").getLevel()).isEqualTo(Level.ERROR);
    }

    @Test
    void aServerThatCannotKeepAFileSaysSoAndLogsAnError() throws Exception {
        try (TestClient client = askedFor("/data/a.7")) {
            Files.delete(ServerProcess.jobDirectories(server.inputs).get(0));
            client.send(new Transfer.Start("a.7", 1));
            Transfer.StartAck ack = (Transfer.StartAck) client.receive();
            assertThat(ack.ready()).isFalse();
            assertThat(ack.detail()).isNotEmpty();
        }
        assertThat(log.await("a.7").getMDCPropertyMap()).containsKey("job");
        log.await("the server cannot keep a file");
        requireNothingLeft();
    }

    @Test
    void receivedFilesLieInADirectoryForTheServerOnly() throws Exception {
        try (TestClient client = server.connect()) {
            client.submit(Map.of("a.7", bytes("a")));
            ScriptRun run = script.awaitStart();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run.inputs())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aJobThatIsBeingReceivedIsSeenInTheQueue() throws Exception {
        try (TestClient client = askedFor("/data/a.7");
                TestClient operator = server.connect()) {
            operator.send(new Request.GetQueueDetails());
            Report.QueueDetails details = (Report.QueueDetails) operator.event();
            assertThat(details.jobs()).hasSize(1);
            assertThat(details.jobs().get(0).status()).isEqualTo("receiving");
            assertThat(details.jobs().get(0).primaryFile()).isEqualTo("a.7");
            assertThat(client.socket().isClosed()).isFalse();
        }
    }
}
