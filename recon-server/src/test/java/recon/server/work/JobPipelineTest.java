package recon.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Transfer;
import recon.server.script.ScriptOutcome;
import recon.server.testing.FakeScript;
import recon.server.testing.RecordedLog;
import recon.server.testing.TestClient;
import recon.server.testing.TestServer;

/** From the queue to the client: what scripts do, and what clients do. */
@Timeout(30)
class JobPipelineTest {
    private static final Map<String, byte[]> INPUT = Map.of("a.7", "a".getBytes(UTF_8));

    @TempDir
    Path directory;

    private final RecordedLog log = new RecordedLog();

    @AfterEach
    void closeLog() {
        log.close();
    }

    private TestClient.Ended run(TestServer server, boolean resultPaths) throws IOException {
        try (TestClient client = server.connect()) {
            client.submit(INPUT, resultPaths, "{}");
            return client.awaitEnd();
        }
    }

    private void requireNothingLeft(TestServer server) throws Exception {
        log.await("worker is free");
        assertThat(server.jobFiles()).isEmpty();
        assertThat(server.store.active(10)).isEmpty();
    }

    /** The results stay for a while, should somebody need them again. */
    private void requireOnlyResultsLeft(TestServer server) throws Exception {
        log.await("worker is free");
        assertThat(server.jobFiles()).isNotEmpty().allMatch(file -> file.startsWith(server.outputs));
        assertThat(server.store.active(10)).isEmpty();
        assertThat(server.store.ended(10)).extracting(JobSummary::state).containsOnly(JobState.DELIVERED);
    }

    @Test
    void resultsInSubdirectoriesKeepTheirPathsForAClientThatTakesThem() throws Exception {
        try (TestServer server = new TestServer(directory, FakeScript.writes("1.dcm", "s1/1.dcm", "s1/t/2.dcm"))) {
            TestClient.Ended ended = run(server, true);
            assertThat(ended.files()).containsOnlyKeys("1.dcm", "s1/1.dcm", "s1/t/2.dcm");
            ended.files()
                    .forEach((name, content) ->
                            assertThat(new String(content, UTF_8)).isEqualTo(name));
            assertThat(ended.events())
                    .hasExactlyElementsOfTypes(Event.DicomTransferStart.class, Event.ReconComplete.class);
            assertThat(((Event.ReconComplete) ended.last()).primaryFile()).isEqualTo("a.7");
            requireOnlyResultsLeft(server);
        }
    }

    @Test
    void resultsInSubdirectoriesBecomeBareNamesForOtherClients() throws Exception {
        try (TestServer server = new TestServer(directory, FakeScript.writes("1.dcm", "s1/1.dcm", "s1/t/2.dcm"))) {
            Map<String, byte[]> files = run(server, false).files();
            assertThat(files).containsOnlyKeys("1.dcm", "s1_1.dcm", "2.dcm");
            assertThat(new String(files.get("s1_1.dcm"), UTF_8)).isEqualTo("s1/1.dcm");
            requireOnlyResultsLeft(server);
        }
    }

    @Test
    void aScriptWithoutResultsCompletesWithoutDicoms() throws Exception {
        try (TestServer server = new TestServer(directory, FakeScript.ends(FakeScript.GOOD))) {
            TestClient.Ended ended = run(server, true);
            assertThat(ended.events()).hasExactlyElementsOfTypes(Event.ReconStatus.class, Event.ReconComplete.class);
            Event.ReconStatus status = (Event.ReconStatus) ended.events().get(0);
            assertThat(status.status()).isEqualTo("completed_no_dicoms");
            assertThat(status.primaryFile()).isEqualTo("a.7");
            requireOnlyResultsLeft(server);
        }
    }

    static Stream<ScriptOutcome> failures() {
        return Stream.of(
                new ScriptOutcome.Failed(3, "line 1\nline 2\n"),
                new ScriptOutcome.Failed(137, ""),
                new ScriptOutcome.TimedOut(Duration.ofSeconds(2), "still at it"),
                new ScriptOutcome.NotStarted("there is no script"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aScriptThatFailsFailsTheJobWithTheReasonAndItsLastWords(ScriptOutcome outcome) throws Exception {
        try (TestServer server = new TestServer(directory, FakeScript.ends(outcome))) {
            String words = outcome.lastOutput().strip();
            TestClient.Ended ended = run(server, true);
            assertThat(ended.failure()).isEqualTo(outcome.reason() + (words.isEmpty() ? "" : "\n" + words));
            assertThat(((Event.JobFailed) ended.last()).primaryFile()).isEqualTo("a.7");
            assertThat(ended.files()).isEmpty();
            requireNothingLeft(server);
        }
    }

    @Test
    void whatTheServerItselfCannotDoFailsTheJob() throws Exception {
        try (TestServer server =
                new TestServer(directory, FakeScript.breaksWith(new IOException("no space left on device")))) {
            assertThat(run(server, true).failure()).isEqualTo("on the server: no space left on device");
            requireNothingLeft(server);
        }
    }

    @Test
    void aBugFailsTheJobAndNotTheServer() throws Exception {
        try (TestServer server = new TestServer(directory, FakeScript.hasABug())) {
            assertThat(run(server, true).failure())
                    .isEqualTo("on the server: java.lang.IllegalStateException: a bug, made on purpose");
            requireNothingLeft(server);
            assertThat(run(server, true).failure()).contains("made on purpose"); // the worker lives
        }
    }

    @Test
    void aResultWhoseNameCannotBeSentFailsTheJobNamingItAndIsKept() throws Exception {
        try (TestServer server = new TestServer(directory, FakeScript.writes("a\\b.dcm"))) {
            String failure = run(server, true).failure();
            assertThat(failure)
                    .startsWith("the script succeeded, but its results cannot be sent: ")
                    .contains("a\\b.dcm");
            Path kept = Path.of(failure.substring(failure.indexOf("on the server in ") + "on the server in ".length()));
            assertThat(kept.resolve("a\\b.dcm")).exists();
        }
    }

    @Test
    void aLargeResultArrivesInPieces() throws Exception {
        byte[] content = new byte[3_000_000];
        new java.util.Random(1).nextBytes(content);
        try (TestServer server = new TestServer(directory, FakeScript.copiesInputs());
                TestClient client = server.connect()) {
            client.submit(Map.of("big", content));
            assertThat(client.awaitEnd().files().get("big")).isEqualTo(content);
        }
    }

    /** The directory of the only job, whose client did not get its results. */
    private Path keptResults(TestServer server) throws Exception {
        log.await("the client did not get all 1 results; they are kept: ");
        log.await("worker is free");
        return theResults(server);
    }

    private static Path theResults(TestServer server) throws IOException {
        assertThat(server.store.active(10)).extracting(JobSummary::state).containsExactly(JobState.DELIVERING);
        try (Stream<Path> jobs = Files.list(server.outputs).filter(Files::isDirectory)) {
            return jobs.findFirst().orElseThrow();
        }
    }

    @Test
    void resultsThatTheClientDeclinesAreKept() throws Exception {
        try (TestServer server = new TestServer(directory, FakeScript.copiesInputs());
                TestClient client = server.connect()) {
            client.submit(INPUT);
            Event event = (Event) client.receive();
            client.send(new EventAck(event.name(), "error"));
            assertThat(client.receiveOrEnd()).isEmpty();
            assertThat(keptResults(server).resolve("a.7")).hasContent("a");
            assertThat(log.text()).contains("the client is not ready for the results; it answered \"error\"");
            assertThat(server.jobFiles()).allMatch(file -> file.startsWith(server.outputs));
        }
    }

    @Test
    void aResultThatTheClientCannotKeepIsKeptHereAndTheJobIsNotComplete() throws Exception {
        try (TestServer server = new TestServer(directory, FakeScript.copiesInputs());
                TestClient client = server.connect()) {
            client.submit(INPUT);
            client.event();
            client.receive();
            client.send(new Transfer.StartAck("a.7", false, "disk full"));
            assertThat(client.receiveOrEnd()).isEmpty();
            assertThat(keptResults(server).resolve("a.7")).hasContent("a");
            assertThat(log.await("disk full").getLevel()).isEqualTo(Level.WARN);
        }
    }

    @Test
    void anAckOfAnotherFileEndsTheDelivery() throws Exception {
        try (TestServer server = new TestServer(directory, FakeScript.copiesInputs());
                TestClient client = server.connect()) {
            client.submit(INPUT);
            client.event();
            client.receive();
            client.send(new Transfer.StartAck("b.7", true, ""));
            assertThat(client.receiveOrEnd()).isEmpty();
            assertThat(keptResults(server).resolve("a.7")).hasContent("a");
        }
    }

    @Test
    void aClientThatVanishesDuringTheScriptLeavesItsResultsHere() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        FakeScript script = FakeScript.waitsFor(letGo);
        try (TestServer server = new TestServer(directory, script)) {
            try (TestClient client = server.connect()) {
                client.submit(INPUT);
                script.awaitStart();
            }
            log.await("the client does not wait any longer; the job goes on");
            letGo.countDown();
            log.await("worker is free");
            assertThat(theResults(server).resolve("a.7")).hasContent("a");
            TestClient.Ended next = run(server, true);
            assertThat(next.files()).containsOnlyKeys("a.7");
        }
    }

    @Test
    void aClientThatVanishesBeforeItHearsOfAFailureHarmsNobody() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        FakeScript script = new FakeScript(run -> {
            letGo.await();
            return new ScriptOutcome.Failed(1, "");
        });
        try (TestServer server = new TestServer(directory, script)) {
            try (TestClient client = server.connect()) {
                client.submit(INPUT);
                script.awaitStart();
            }
            letGo.countDown();
            requireNothingLeft(server);
        }
    }

    @Test
    void aClientThatNeverAnswersDoesNotHoldTheWorker() throws Exception {
        try (TestServer server = new TestServer(directory, FakeScript.copiesInputs());
                TestClient silent = server.connect()) {
            silent.submit(INPUT);
            assertThat(silent.receive()).isInstanceOf(Event.DicomTransferStart.class);
            assertThat(run(server, true).files()).containsOnlyKeys("a.7");
        }
    }

    @Test
    void aResultThatCannotBeReadIsToldToTheClientAndKept() throws Exception {
        FakeScript script = new FakeScript(run -> {
            Files.createSymbolicLink(run.outputs().resolve("link"), run.outputs());
            Files.writeString(run.outputs().resolve("a.dcm"), "a");
            return FakeScript.GOOD;
        });
        try (TestServer server = new TestServer(directory, script);
                TestClient client = server.connect()) {
            client.submit(INPUT);
            Event.DicomTransferStart start = (Event.DicomTransferStart) client.receive();
            assertThat(start.fileCount()).isEqualTo(1); // a link is no result
            log.await("worker is free");
            Files.delete(theResults(server).resolve("a.dcm"));
            client.acknowledge(start);
            assertThat(client.receive()).isInstanceOfSatisfying(Transfer.RefuseFile.class, refusal -> {
                assertThat(refusal.filepath()).isEqualTo("a.dcm");
                assertThat(refusal.detail()).contains("there is no such file");
            });
            assertThat(client.receiveOrEnd()).isEmpty();
            keptResults(server);
        }
    }

    @Test
    void inSharedModeWhatIsNewInTheGeneralDirectoryIsSentAndStays() throws Exception {
        TestServer.Setup setup = new TestServer.Setup();
        setup.sharedOutput = true;
        Path outputs = directory.resolve("outputs");
        Files.createDirectory(
                outputs,
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")));
        Files.writeString(outputs.resolve("old.dcm"), "old");
        try (TestServer server = new TestServer(directory, FakeScript.writes("s1/new.dcm"), setup)) {
            assertThat(run(server, true).files()).containsOnlyKeys("s1/new.dcm");
            log.await("worker is free");
            assertThat(outputs.resolve("s1/new.dcm")).exists();
            assertThat(outputs.resolve("old.dcm")).exists();
            assertThat(server.jobFiles()).isEmpty();
        }
    }

    @Test
    void jobsThatRunAtOnceGetTheirOwnResults() throws Exception {
        TestServer.Setup setup = new TestServer.Setup();
        setup.workers = 3;
        CountDownLatch letGo = new CountDownLatch(1);
        FakeScript script = FakeScript.waitsFor(letGo);
        try (TestServer server = new TestServer(directory, script, setup);
                TestClient a = server.connect();
                TestClient b = server.connect();
                TestClient c = server.connect()) {
            a.submit(Map.of("x", "of a".getBytes(UTF_8)));
            b.submit(Map.of("x", "of b".getBytes(UTF_8)));
            c.submit(Map.of("x", "of c".getBytes(UTF_8)));
            for (int i = 0; i < 3; i++) {
                script.awaitStart(); // all at the same time
            }
            letGo.countDown();
            assertThat(new String(a.awaitEnd().files().get("x"), UTF_8)).isEqualTo("of a");
            assertThat(new String(b.awaitEnd().files().get("x"), UTF_8)).isEqualTo("of b");
            assertThat(new String(c.awaitEnd().files().get("x"), UTF_8)).isEqualTo("of c");
        }
    }

    @Test
    void everyLineAboutAJobCarriesItsIdAndThoseOfASessionItsClient() throws Exception {
        try (TestServer server = new TestServer(directory, FakeScript.copiesInputs());
                TestClient client = server.connect()) {
            String job = client.submit(INPUT).jobId().toString();
            client.awaitEnd();
            log.await("worker is free");
            for (String line : new String[] {"receiving 1 files", "queued: ", "delivered 1"}) {
                assertThat(log.await(line).getMDCPropertyMap())
                        .as(line)
                        .containsEntry("job", job)
                        .containsEntry("client", "127.0.0.1");
            }
            assertThat(log.await("running the script").getMDCPropertyMap()).containsEntry("job", job);
        }
    }

    @Test
    void inputsThatAreNotAsTheyCameFailTheJobBeforeItsScriptRuns() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        FakeScript script = FakeScript.waitsFor(letGo);
        try (TestServer server = new TestServer(directory, script);
                TestClient first = server.connect();
                TestClient second = server.connect();
                TestClient third = server.connect()) {
            first.submit(INPUT);
            script.awaitStart();
            String changed = second.submit(INPUT).jobId().inputDirectoryName();
            String gone = third.submit(INPUT).jobId().inputDirectoryName();
            Files.writeString(server.inputs.resolve(changed).resolve("a.7"), "longer");
            Files.delete(server.inputs.resolve(gone).resolve("a.7"));
            letGo.countDown();
            assertThat(first.awaitEnd().files()).containsOnlyKeys("a.7");
            assertThat(second.awaitEnd().failure())
                    .isEqualTo("on the server: the input a.7 has 6 bytes on the server's disk, and had 1");
            assertThat(third.awaitEnd().failure())
                    .isEqualTo("on the server: the input a.7 is gone from the server's disk");
        }
    }

    @Test
    void inSharedModeResultsCanBeFetchedAgainWhateverBecameOfTheGeneralDirectory() throws Exception {
        TestServer.Setup setup = new TestServer.Setup();
        setup.sharedOutput = true;
        try (TestServer server = new TestServer(directory, FakeScript.writes("s1/new.dcm"), setup);
                TestClient client = server.connect();
                TestClient later = server.connect()) {
            JobId job = client.submit(INPUT).jobId();
            client.awaitEnd();
            Files.writeString(server.outputs.resolve("s1/new.dcm"), "of another job");
            later.fetch(job);
            assertThat(new String(later.awaitEnd().files().get("s1/new.dcm"), UTF_8))
                    .isEqualTo("s1/new.dcm");
        }
    }
}
