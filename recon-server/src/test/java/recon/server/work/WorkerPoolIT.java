package recon.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.wire.Event;
import recon.common.wire.Transfer;
import recon.server.queue.JobRecord;
import recon.server.queue.SqliteJobStore;
import recon.server.script.ScriptRun;
import recon.server.testing.FakeScript;
import recon.server.testing.RecordedLog;
import recon.server.testing.TestClient;
import recon.server.testing.TestServer;

/** The request to stop, which must be answered within the grace whatever clients and scripts do. */
@Tag("alone")
@Timeout(30)
class WorkerPoolIT {
    @TempDir
    Path directory;

    private final RecordedLog log = new RecordedLog();

    @AfterEach
    void closeLog() {
        log.close();
    }

    private TestServer server(FakeScript script, int workers, Duration grace) throws IOException {
        TestServer.Setup setup = new TestServer.Setup();
        setup.workers = workers;
        setup.grace = grace;
        return new TestServer(directory, script, setup);
    }

    private static Map<String, byte[]> input(String name) {
        return Map.of(name, name.getBytes(UTF_8));
    }

    private static CompletableFuture<Duration> stop(TestServer server) {
        return CompletableFuture.supplyAsync(() -> {
            long start = System.nanoTime();
            try {
                server.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return Duration.ofNanos(System.nanoTime() - start);
        });
    }

    private static Duration get(CompletableFuture<Duration> stopped) throws Exception {
        return stopped.get(20, TimeUnit.SECONDS);
    }

    /** What the store has of a job after the server has stopped. */
    private JobRecord recorded(JobId job) throws IOException {
        try (SqliteJobStore store = SqliteJobStore.open(directory.resolve("state"), Clock.systemUTC())) {
            return store.find(job).orElseThrow();
        }
    }

    @Test
    void anIdleServerStopsAtOnce() throws Exception {
        TestServer server = server(FakeScript.copiesInputs(), 4, Duration.ofSeconds(20));
        assertThat(get(stop(server))).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void aRunningJobMayEndAndJobsThatWaitStayQueued() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        FakeScript script = FakeScript.waitsFor(letGo);
        TestServer server = server(script, 1, Duration.ofSeconds(20));
        JobId ran;
        JobId waits;
        try (TestClient running = server.connect();
                TestClient waiting = server.connect()) {
            ran = running.submit(input("a")).jobId();
            script.awaitStart();
            waits = waiting.submit(input("b")).jobId();

            CompletableFuture<Duration> stopped = stop(server);
            while (!server.queue.isClosed()) {
                Thread.onSpinWait(); // no other job is started from here on
            }
            letGo.countDown();
            assertThat(running.awaitEnd().files()).containsOnlyKeys("a");
            assertThat(waiting.receiveOrEnd()).isEmpty(); // its client comes back
            assertThat(get(stopped)).isLessThan(Duration.ofSeconds(10));
        }
        assertThat(recorded(ran).state()).isEqualTo(JobState.DELIVERED);
        assertThat(recorded(waits).state()).isEqualTo(JobState.QUEUED);
        assertThat(server.jobFiles()).anyMatch(file -> file.endsWith(waits.inputDirectoryName() + "/b"));
    }

    @Test
    void aScriptThatIsNotDoneInTimeIsEndedAndItsJobQueuedAgain() throws Exception {
        FakeScript script = FakeScript.waitsFor(new CountDownLatch(1));
        TestServer server = server(script, 1, Duration.ofMillis(1_500));
        try (TestClient client = server.connect()) {
            JobId job = client.submit(input("a")).jobId();
            ScriptRun run = script.awaitStart();
            CompletableFuture<Duration> stopped = stop(server);
            assertThat(client.receiveOrEnd()).isEmpty();
            assertThat(get(stopped)).isLessThan(Duration.ofSeconds(4));
            assertThat(run.inputs().resolve("a")).hasContent("a");
            assertThat(run.outputs()).doesNotExist();
            assertThat(recorded(job).state()).isEqualTo(JobState.QUEUED);
            assertThat(recorded(job).attempts()).isZero(); // a stop is no crash
            assertThat(recorded(job).reason()).isEqualTo("interrupted: the server stopped");
        }
    }

    @Test
    void aScriptThatMustNotRunTwiceFailsItsJobWhenTheServerStops() throws Exception {
        FakeScript script = FakeScript.waitsFor(new CountDownLatch(1));
        TestServer.Setup setup = new TestServer.Setup();
        setup.grace = Duration.ofMillis(1_500);
        setup.rerunInterrupted = false;
        TestServer server = new TestServer(directory, script, setup);
        try (TestClient client = server.connect()) {
            JobId job = client.submit(input("a")).jobId();
            script.awaitStart();
            get(stop(server));
            assertThat(recorded(job).state()).isEqualTo(JobState.FAILED);
            assertThat(recorded(job).reason()).contains("RERUN_INTERRUPTED");
            assertThat(server.jobFiles()).isEmpty();
        }
    }

    @Test
    void aScriptThatDoesNotHeedTheFirstInterruptIsEndedBeforeTheGraceIsOver() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        FakeScript script = FakeScript.needsTwoInterrupts(ended);
        TestServer server = server(script, 1, Duration.ofMillis(1_500));
        try (TestClient client = server.connect()) {
            client.submit(input("a"));
            script.awaitStart();
            assertThat(get(stop(server))).isLessThan(Duration.ofSeconds(4));
            assertThat(ended.await(0, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aDeliveryThatMovesIsNotCutWhileThereIsTime() throws Exception {
        TestServer server = server(FakeScript.copiesInputs(), 1, Duration.ofSeconds(6));
        try (TestClient client = server.connect()) {
            client.submit(Map.of("a", new byte[1_000_000]));
            Event start = client.event();
            assertThat(start).isInstanceOf(Event.DicomTransferStart.class);
            Transfer.Start file = (Transfer.Start) client.receive();
            CompletableFuture<Duration> stopped = stop(server);
            log.await("no script runs any more");
            client.send(new Transfer.StartAck(file.filename(), true, ""));
            while (!(client.receive() instanceof Transfer.End)) {
                // The pieces of the file.
            }
            client.send(new Transfer.EndAck(file.filename(), true, ""));
            assertThat(client.event()).isInstanceOf(Event.ReconComplete.class);
            assertThat(get(stopped)).isLessThan(Duration.ofSeconds(6));
        }
    }

    @Test
    void aDeliveryThatDoesNotEndIsCutAndItsResultsAreKept() throws Exception {
        TestServer server = server(FakeScript.copiesInputs(), 1, Duration.ofSeconds(2));
        try (TestClient client = server.connect()) {
            JobId job = client.submit(input("a")).jobId();
            client.event();
            client.receive(); // and no answer
            assertThat(get(stop(server))).isLessThan(Duration.ofSeconds(3));
            log.await("the client did not get all 1 results; they are kept: ");
            assertThat(server.jobFiles()).anyMatch(path -> path.endsWith("a"));
            assertThat(recorded(job).state()).isEqualTo(JobState.DELIVERING);
        }
    }

    @Test
    void clientsThatDoNotAnswerDoNotHoldUpTheStop() throws Exception {
        FakeScript script = FakeScript.waitsFor(new CountDownLatch(1));
        TestServer server = server(script, 1, Duration.ofSeconds(2));
        List<TestClient> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 6; i++) {
                silent.add(server.connect());
                silent.get(i).submit(input("a"));
            }
            try (TestClient good = server.connect()) {
                good.submit(input("b"));
                assertThat(get(stop(server))).isLessThan(Duration.ofSeconds(4));
                assertThat(good.receiveOrEnd()).isEmpty();
            }
        } finally {
            for (TestClient client : silent) {
                client.close();
            }
        }
    }

    @Test
    void anUploadInProgressLeavesNothingBehind() throws Exception {
        TestServer server = server(FakeScript.copiesInputs(), 1, Duration.ofMillis(1_500));
        try (TestClient client = server.connect()) {
            client.send(TestClient.submission(true, "{}", "/data/a.7"));
            client.receive();
            client.send(new Transfer.Start("a.7", 2));
            client.receive();
            assertThat(server.jobFiles()).isNotEmpty();
            assertThat(get(stop(server))).isLessThan(Duration.ofSeconds(4));
            assertThat(server.jobFiles()).isEmpty(); // the program ends right after this
        }
    }

    @Test
    void stoppingTwiceDoesNoHarm() throws Exception {
        TestServer server = server(FakeScript.copiesInputs(), 1, Duration.ofSeconds(3));
        server.close();
        server.close();
    }

    @Test
    void withoutAGraceItIsRecordedAllTheSameThatAJobHasToRunAgain() throws Exception {
        FakeScript script = FakeScript.waitsFor(new CountDownLatch(1));
        TestServer server = server(script, 1, Duration.ZERO);
        try (TestClient client = server.connect()) {
            JobId job = client.submit(input("a")).jobId();
            script.awaitStart();
            assertThat(get(stop(server))).isLessThan(Duration.ofSeconds(4));
            assertThat(recorded(job).state()).isEqualTo(JobState.QUEUED);
            assertThat(recorded(job).attempts()).isZero();
        }
    }

    @Test
    void aJobThatMeetsABugOfTheServerFailsAndTheWorkerTakesTheNext() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        FakeScript script = new FakeScript(run -> {
            if (runs.incrementAndGet() == 1) {
                throw new StackOverflowError("made on purpose");
            }
            return FakeScript.GOOD;
        });
        TestServer server = server(script, 1, Duration.ofSeconds(5));
        try (TestClient first = server.connect();
                TestClient second = server.connect()) {
            first.submit(input("a"));
            assertThat(first.awaitEnd().failure()).contains("on the server: ", "made on purpose");
            second.submit(input("b"));
            assertThat(second.awaitEnd().last()).isInstanceOf(Event.ReconComplete.class);
        }
        get(stop(server));
    }
}
