package recon.server.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.wire.Event;
import recon.common.wire.Transfer;
import recon.server.script.ScriptRun;
import recon.server.testing.FakeScript;
import recon.server.testing.RecordedLog;
import recon.server.testing.TestClient;
import recon.server.testing.TestServer;

/** The request to stop, which must be answered within the grace whatever clients and scripts do. */
@Timeout(30)
class WorkerPoolIT {
    private static final String STOPPING = "the server is stopping; submit the job again later";

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

    private static CompletableFuture<TestClient.Ended> ending(TestClient client) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return client.awaitEnd();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void anIdleServerStopsAtOnce() throws Exception {
        TestServer server = server(FakeScript.copiesInputs(), 4, Duration.ofSeconds(20));
        assertThat(get(stop(server))).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void waitingClientsAreToldAndARunningJobMayEnd() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        FakeScript script = FakeScript.waitsFor(letGo);
        TestServer server = server(script, 1, Duration.ofSeconds(20));
        try (TestClient running = server.connect();
                TestClient waiting = server.connect()) {
            running.submit(input("a"));
            script.awaitStart();
            waiting.submit(input("b"));
            log.await("queued: ", 2);

            CompletableFuture<Duration> stopped = stop(server);
            assertThat(waiting.awaitEnd().failure()).isEqualTo(STOPPING);
            letGo.countDown();
            assertThat(running.awaitEnd().files()).containsOnlyKeys("a");
            assertThat(get(stopped)).isLessThan(Duration.ofSeconds(10));
        }
        assertThat(server.jobFiles()).isEmpty();
        assertThat(server.store.active()).isEmpty();
    }

    @Test
    void aScriptThatIsNotDoneInTimeIsEndedAndItsClientTold() throws Exception {
        FakeScript script = FakeScript.waitsFor(new CountDownLatch(1));
        TestServer server = server(script, 1, Duration.ofMillis(1_500));
        try (TestClient client = server.connect()) {
            client.submit(input("a"));
            ScriptRun run = script.awaitStart();
            CompletableFuture<Duration> stopped = stop(server);
            assertThat(client.awaitEnd().failure()).isEqualTo(STOPPING);
            assertThat(get(stopped)).isLessThan(Duration.ofSeconds(4));
            assertThat(run.inputs()).doesNotExist();
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
            log.await("jobs are running or");
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
            client.submit(input("a"));
            client.event();
            client.receive(); // and no answer
            assertThat(get(stop(server))).isLessThan(Duration.ofSeconds(3));
            log.await("they are kept in ");
            log.await("worker is free");
            assertThat(server.inputs).isEmptyDirectory();
            assertThat(server.jobFiles()).anyMatch(path -> path.endsWith("a"));
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
                log.await("queued: ", i + 1);
            }
            try (TestClient good = server.connect()) {
                good.submit(input("b"));
                log.await("queued: ", 7);
                CompletableFuture<TestClient.Ended> told = ending(good);
                assertThat(get(stop(server))).isLessThan(Duration.ofSeconds(4));
                assertThat(told.get(5, TimeUnit.SECONDS).failure()).isEqualTo(STOPPING);
            }
        } finally {
            for (TestClient client : silent) {
                client.close();
            }
        }
        assertThat(server.inputs).isEmptyDirectory();
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
}
