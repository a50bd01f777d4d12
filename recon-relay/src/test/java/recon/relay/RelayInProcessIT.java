package recon.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.Priority;
import recon.common.wire.ReconOptionsJson;
import recon.common.wire.Report;

/** A relay in this process, where its coverage is seen, before servers that are processes. */
@Timeout(180)
class RelayInProcessIT {
    @TempDir
    Path directory;

    private RelaySite site;
    private ReconRelay relay;

    @BeforeEach
    void open() throws Exception {
        site = new RelaySite(directory);
    }

    @AfterEach
    void close() throws Exception {
        if (relay != null) {
            relay.close();
        }
        site.close();
    }

    private void relay(String options, RelaySite.Server... servers) throws Exception {
        relay = site.relayHere(options, servers);
    }

    private ReconClient client(String transport) throws Exception {
        return site.client(transport, site.clientKey, relay.port());
    }

    private JobOutcome run(ReconClient client, Path input, Told told) throws Exception {
        return client.run(
                request(input), Priority.NORMAL, site.path("results-" + input.getFileName()), Optional.empty(), told);
    }

    private static JobRequest request(Path input) throws Exception {
        return InputFiles.request(List.of(input), ReconOptionsJson.parse("{}"));
    }

    private CompletableFuture<JobOutcome> start(ReconClient client, Path input, Told told) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return run(client, input, told);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                told.letGo();
            }
        });
    }

    private static void assertSame(JobOutcome outcome, Path input) {
        assertThat(outcome).isInstanceOf(JobOutcome.Completed.class);
        assertThat(((JobOutcome.Completed) outcome).files())
                .singleElement()
                .satisfies(file -> assertThat(file).hasSameBinaryContentAs(input));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "tls", "fernet"})
    void jobsAndQueriesPass(String transport) throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        relay("", one, two);
        try (ReconClient client = client(transport)) {
            Path a = site.input("a.7", 700_000);
            JobOutcome first = run(client, a, new Told());
            assertSame(first, a);
            assertSame(client.fetch(first.job(), site.path("again"), Optional.empty(), new Told()), a);
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            client.log(first.job(), true, log::writeBytes);
            assertThat(log.toString(StandardCharsets.UTF_8)).contains("reconstructed");
            assertThat(client.queueDetails(true, 10).jobs())
                    .extracting(Report.QueueDetails.Row::jobId)
                    .containsExactly(first.job().toString());
            assertThat(client.serverStatus().status().backends())
                    .hasSize(2)
                    .allMatch(Report.ServerStatus.Backend::healthy);
            assertThatThrownBy(() -> client.job(JobId.random()))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("there is no job");
        }
    }

    @Test
    void aJobThatIsNotRememberedIsFoundByAsking() throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        relay("", one, two);
        JobId job;
        try (ReconClient client = client("auto")) {
            job = run(client, site.input("a.7", 1000), new Told()).job();
        }
        relay.close();
        relay("STATE_DIR = another_state", one, two);
        try (ReconClient client = client("auto")) {
            assertThat(client.job(job).job().status()).isEqualTo("delivered");
            one.kill();
            two.kill();
            assertThatThrownBy(() -> client.job(job))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("it is kept there");
        }
    }

    @Test
    void aServerThatIsLostBeforeTheJobIsQueuedIsReplaced() throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        relay("", one, two);
        try (ReconClient client = client("auto")) {
            Path a = site.input("a.7", 24_000_000);
            CountDownLatch goOn = new CountDownLatch(1);
            Told told = new Told(4_000_000, goOn);
            CompletableFuture<JobOutcome> job = start(client, a, told);
            assertThat(told.begun.await(60, TimeUnit.SECONDS)).isTrue();
            site.awaitReceiver(one, two).kill();
            goOn.countDown();
            assertSame(job.get(90, TimeUnit.SECONDS), a);
        }
    }

    @Test
    void aServerThatHangsInAnUploadIsReplaced() throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        relay("CONNECT_TIMEOUT_SECONDS = 2", one, two);
        try (ReconClient client = client("auto")) {
            Path a = site.input("a.7", 24_000_000);
            CountDownLatch goOn = new CountDownLatch(1);
            Told told = new Told(4_000_000, goOn);
            CompletableFuture<JobOutcome> job = start(client, a, told);
            assertThat(told.begun.await(60, TimeUnit.SECONDS)).isTrue();
            site.awaitReceiver(one, two).hang();
            goOn.countDown();
            assertSame(job.get(40, TimeUnit.SECONDS), a); // before the client's idle limit of 60 s
            Path b = site.input("b.7", 1000);
            assertSame(start(client, b, new Told()).get(40, TimeUnit.SECONDS), b);
        }
    }

    @Test
    void aServerThatHangsUnnoticedGetsNoSubmission() throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        relay("HEALTH_CHECK_INTERVAL = 3600", one, two);
        one.hang();
        try (ReconClient client = client("auto")) {
            Path a = site.input("a.7", 1000);
            assertSame(start(client, a, new Told()).get(40, TimeUnit.SECONDS), a);
        }
    }

    @Test
    void aSubmissionIsRefusedWhereNoServerAnswersOrWaitsIfItMay() throws Exception {
        RelaySite.Server late = site.serverToBe("");
        relay("", late);
        Path a = site.input("a.7", 100_000);
        try (ReconClient client = client("auto")) {
            assertThatThrownBy(() -> run(client, a, new Told()))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("no server behind this relay can take it now");
        }
        relay.close();
        relay("QUEUE_WHEN_NO_BACKEND = true", late);
        try (ReconClient client = client("auto")) {
            CompletableFuture<JobOutcome> job = start(client, a, new Told());
            late.start();
            assertSame(job.get(60, TimeUnit.SECONDS), a);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "fernet"})
    void aServerThatDrainsUnnoticedSendsNoClientAway(String transport) throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        relay("HEALTH_CHECK_INTERVAL = 3600", one, two);
        one.drain();
        try (ReconClient client = client(transport)) {
            for (String name : List.of("a.7", "b.7", "c.7")) {
                Told told = new Told();
                Path input = site.input(name, 10_000);
                assertSame(run(client, input, told), input);
                assertThat(told.notices).isEmpty();
                assertThat(client.queueDetails(true, 10).jobs())
                        .extracting(Report.QueueDetails.Row::backend)
                        .containsOnly(two.name());
            }
            two.drain();
            Path input = site.input("d.7", 1000);
            assertThatThrownBy(() -> client.submit(request(input), Priority.NORMAL, Optional.empty(), new Told()))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("no server behind this relay can take it now");
            assertThat(client.serverStatus().status().draining()).isTrue();
        }
    }
}
