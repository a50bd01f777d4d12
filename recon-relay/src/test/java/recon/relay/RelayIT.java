package recon.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.client.submit.InputFiles;
import recon.client.submit.JobListener;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.Priority;
import recon.common.wire.ReconOptionsJson;
import recon.common.wire.Report;

@Timeout(120)
class RelayIT {
    private static final Optional<Duration> LIMIT = Optional.empty();

    @TempDir
    Path directory;

    private RelaySite site;

    @BeforeEach
    void open() throws Exception {
        site = new RelaySite(directory);
    }

    @AfterEach
    void close() throws Exception {
        site.close();
    }

    private static JobRequest request(Path file) throws Exception {
        return InputFiles.request(List.of(file), ReconOptionsJson.parse("{}"));
    }

    private JobOutcome run(ReconClient client, Path file, JobListener listener) throws Exception {
        return client.run(request(file), Priority.NORMAL, site.path("results-" + file.getFileName()), LIMIT, listener);
    }

    private CompletableFuture<JobOutcome> start(ReconClient client, Path file, Told listener) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return run(client, file, listener);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                listener.letGo();
            }
        });
    }

    /** Waits until a client has come that far, or its job has ended. */
    private static void await(CountDownLatch latch, CompletableFuture<JobOutcome> job) throws Exception {
        assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        if (job.isCompletedExceptionally()) {
            job.get(); // throws
        }
    }

    private static void assertSame(JobOutcome outcome, Path input) {
        assertThat(outcome).isInstanceOf(JobOutcome.Completed.class);
        assertThat(((JobOutcome.Completed) outcome).files()).hasSize(1);
        assertThat(((JobOutcome.Completed) outcome).files().get(0)).hasSameBinaryContentAs(input);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "tls", "fernet"})
    void aClientCannotTellTheRelayFromAServer(String transport) throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        site.relay("");
        try (ReconClient client = site.client(transport)) {
            Path a = site.input("a.7", 700_000);
            Path b = site.input("b.7", 0);
            JobOutcome first = run(client, a, new Told());
            JobOutcome second = run(client, b, new Told());
            assertSame(first, a);
            assertSame(second, b);

            JobOutcome again = client.fetch(first.job(), site.path("again"), LIMIT, new Told());
            assertSame(again, a);
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            client.log(first.job(), true, log::writeBytes);
            assertThat(log.toString(java.nio.charset.StandardCharsets.UTF_8)).contains("reconstructed");
            assertThat(client.job(second.job()).job().status()).isEqualTo("delivered");

            Report.QueueDetails queue = client.queueDetails(true, 10);
            assertThat(queue.total()).isEqualTo(2);
            assertThat(queue.jobs())
                    .extracting(Report.QueueDetails.Row::backend)
                    .containsExactlyInAnyOrder(one.name(), two.name());
            Report.ServerStatus status = client.serverStatus().status();
            assertThat(status.maxWorkers()).isEqualTo(2);
            assertThat(status.backends())
                    .extracting(Report.ServerStatus.Backend::name)
                    .containsExactly(one.name(), two.name());
            assertThat(status.backends()).allMatch(Report.ServerStatus.Backend::healthy);
            assertThatThrownBy(() -> client.job(JobId.random()))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("there is no job");
        }
    }

    @Test
    void aWaitingJobIsCancelledWhereItIs() throws Exception {
        site.server("");
        site.server("");
        site.relay("");
        site.holdScripts();
        try (ReconClient client = site.client("auto")) {
            Told told = new Told();
            CompletableFuture<JobOutcome> job = start(client, site.input("a.7", 1000), told);
            await(told.isQueued, job);
            assertThat(client.cancel(told.job).job().status()).isEqualTo("cancelled");
            assertThat(job.get(60, TimeUnit.SECONDS)).isInstanceOf(JobOutcome.Failed.class);
        }
    }

    @Test
    void withNoServerASubmissionIsRefusedAtOnceAndStatusSaysWhy() throws Exception {
        RelaySite.Server gone = site.serverToBe("");
        site.relay("");
        try (ReconClient client = site.client("auto")) {
            Path a = site.input("a.7", 1000);
            assertThatThrownBy(() -> run(client, a, new Told()))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("no server behind this relay can take it now");
            Report.ServerStatus.Backend backend =
                    client.serverStatus().status().backends().get(0);
            assertThat(backend.name()).isEqualTo(gone.name());
            assertThat(backend.healthy()).isFalse();
            assertThat(backend.problem()).contains("refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "fernet"})
    void withQueueWhenNoBackendASubmissionWaitsForAServer(String transport) throws Exception {
        RelaySite.Server late = site.serverToBe("");
        Program relay = site.relay("QUEUE_WHEN_NO_BACKEND = true");
        try (ReconClient client = site.client(transport)) {
            Path a = site.input("a.7", 100_000);
            CompletableFuture<JobOutcome> job = start(client, a, new Told());
            relay.awaitLine("a submission waits for a server");
            late.start();
            assertSame(job.get(60, TimeUnit.SECONDS), a);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "fernet"})
    void aServerLostBeforeTheJobIsQueuedIsReplacedByAnother(String transport) throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        site.relay("");
        try (ReconClient client = site.client(transport)) {
            Path a = site.input("a.7", 24_000_000);
            CountDownLatch goOn = new CountDownLatch(1);
            Told told = new Told(4_000_000, goOn);
            CompletableFuture<JobOutcome> job = start(client, a, told);
            await(told.begun, job);
            RelaySite.Server receiver = site.awaitReceiver(one, two);
            receiver.kill();
            goOn.countDown();
            assertSame(job.get(90, TimeUnit.SECONDS), a);
            (receiver == one ? two : one).program().awaitLine("delivered 1 files");
            assertThat(site.journal()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "fernet"})
    void aServerLostAfterTheJobWasQueuedIsWaitedFor(String transport) throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        site.relay("");
        site.holdScripts();
        try (ReconClient client = site.client(transport)) {
            Path a = site.input("a.7", 100_000);
            Told told = new Told();
            CompletableFuture<JobOutcome> job = start(client, a, told);
            await(told.isQueued, job);
            RelaySite.Server holder =
                    client.queueDetails().jobs().get(0).backend().equals(one.name()) ? one : two;
            holder.kill();
            await(told.noticed, job);
            assertThat(told.notices.get(0)).contains(holder.name()).contains("it is kept there");
            site.letScriptsEnd();
            holder.start();
            assertSame(job.get(90, TimeUnit.SECONDS), a);
            assertThat(site.journal()).containsOnly(told.job.toString());
        }
    }

    @Test
    void anUploadGoesOnThroughARelayThatWasKilled() throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        Program relay = site.relay("");
        try (ReconClient client = site.client("auto")) {
            Path a = site.input("a.7", 24_000_000);
            CountDownLatch goOn = new CountDownLatch(1);
            Told told = new Told(12_000_000, goOn);
            CompletableFuture<JobOutcome> job = start(client, a, told);
            await(told.begun, job);
            relay.kill();
            goOn.countDown();
            site.relay("");
            assertSame(job.get(90, TimeUnit.SECONDS), a);
            String kept = "what came in is kept";
            RelaySite.Server receiver = site.awaitReceiver(one, two);
            receiver.program().awaitLine(kept);
            assertThat((receiver == one ? two : one).program().output()).doesNotContain(kept);
            assertThat(site.journal()).hasSize(1);
        }
    }

    @Test
    void aJobThatTheRelayDoesNotRememberIsFoundByAsking() throws Exception {
        site.server("");
        RelaySite.Server two = site.server("");
        Program relay = site.relay("");
        try (ReconClient direct = site.client("auto", site.serverKey, two.port);
                ReconClient client = site.client("auto")) {
            Path a = site.input("a.7", 1000);
            JobOutcome job = run(direct, a, new Told());
            assertSame(client.fetch(job.job(), site.path("fetched"), LIMIT, new Told()), a);
            two.kill();
            relay.awaitLine("server " + two.name() + " is out");
            assertThatThrownBy(() -> client.job(job.job()))
                    .hasMessageContaining(two.name())
                    .hasMessageContaining("try again later");
            assertThatThrownBy(() -> client.job(JobId.random()))
                    .hasMessageContaining("no server that answers has job")
                    .hasMessageContaining(two.name());
        }
    }

    @Test
    void aLargeFileNeedsLittleMemoryOfTheRelay() throws Exception {
        site.server("");
        Program relay = site.relay(List.of("-Xmx96m"), "");
        Path large = site.path("large.7");
        try (var file = new java.io.RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(Long.getLong("recon.relay.large.mib", 300) << 20);
        }
        try (ReconClient client = site.client("auto")) {
            assertSame(run(client, large, new Told()), large);
        }
        String peak = Files.readAllLines(Path.of("/proc", Long.toString(relay.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElseThrow();
        assertThat(Long.parseLong(peak.replaceAll("\\D+", ""))).isLessThan(256 * 1024);
    }
}
