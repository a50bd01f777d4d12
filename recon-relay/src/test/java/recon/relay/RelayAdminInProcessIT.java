package recon.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.client.AdminClient;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.client.submit.InputFiles;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;
import recon.common.job.Priority;
import recon.common.wire.AdminReport;
import recon.common.wire.AdminRequest;
import recon.common.wire.AdminRequest.Show.What;
import recon.common.wire.ReconOptionsJson;
import recon.common.wire.RelayReport;
import recon.common.wire.Report;

/** The administration of a relay in this process, where its coverage is seen. */
@Timeout(120)
class RelayAdminInProcessIT {
    @TempDir
    Path directory;

    private RelaySite site;
    private RelaySite.Server one;
    private RelaySite.Server two;
    private ReconRelay relay;
    private AdminClient admin;

    @BeforeEach
    void open() throws Exception {
        site = new RelaySite(directory);
        one = site.server("");
        two = site.server("");
        relay = site.relayHere("", one, two);
        admin = site.adminOf(relay);
    }

    @AfterEach
    void close() throws Exception {
        admin.close();
        relay.close();
        site.close();
    }

    private <R extends Report> R show(What what, Class<R> report) throws Exception {
        return admin.ask(new AdminRequest.Show(what), report);
    }

    private String refusal(AdminRequest request) {
        ClientException e = catchThrowableOfType(ClientException.class, () -> admin.ask(request, Report.class));
        assertThat(e).as(request.command()).isNotNull();
        return e.getMessage();
    }

    @Test
    void administratorsSeeAndSteer() throws Exception {
        site.holdScripts();
        try (ReconClient client = site.client("auto", site.clientKey, relay.port())) {
            Told told = new Told();
            Path input = site.input("a.7", 1000);
            CompletableFuture<JobOutcome> job = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.run(
                            InputFiles.request(List.of(input), ReconOptionsJson.parse("{}")),
                            Priority.NORMAL,
                            site.path("results"),
                            Optional.empty(),
                            told);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                } finally {
                    told.letGo();
                }
            });
            assertThat(told.isQueued.await(60, TimeUnit.SECONDS)).isTrue();
            RelayReport.Clients clients = show(What.CLIENTS, RelayReport.Clients.class);
            assertThat(clients.clients()).singleElement().satisfies(waiting -> {
                assertThat(waiting.job()).contains(told.job);
                assertThat(waiting.transport()).isEqualTo("tls");
            });
            String holder = clients.clients().get(0).backend();
            RelayReport.Status status = show(What.STATUS, RelayReport.Status.class);
            assertThat(status.clients()).isEqualTo(1);
            assertThat(status.healthy()).isEqualTo(2);

            AdminReport.Done drained = admin.ask(new AdminRequest.Drain(false, holder), AdminReport.Done.class);
            assertThat(drained.figures()).containsEntry("drained", 0L);
            assertThat(show(What.BACKENDS, RelayReport.Backends.class).backends())
                    .filteredOn(backend -> backend.server().draining())
                    .singleElement()
                    .satisfies(backend -> assertThat(backend.server().name()).isEqualTo(holder));
            CompletableFuture<AdminReport.Done> empty = CompletableFuture.supplyAsync(() -> {
                try {
                    return admin.ask(new AdminRequest.Drain(true, holder), AdminReport.Done.class);
                } catch (ClientException e) {
                    throw new IllegalStateException(e);
                }
            });
            site.letScriptsEnd();
            assertThat(empty.get(60, TimeUnit.SECONDS).message()).startsWith("drained: ");
            assertThat(job.get(60, TimeUnit.SECONDS)).isInstanceOf(JobOutcome.Completed.class);
            assertThat(admin.ask(new AdminRequest.Resume(holder), AdminReport.Done.class)
                            .message())
                    .isEqualTo("server " + holder + " gets new jobs");
        }
    }

    @Test
    void optionsAreReadAgain() throws Exception {
        RelaySite.Server three = site.serverToBe("");
        site.relayHereOptions(
                "TRUSTED_CLIENT_IPS = 127.0.0.1\nMAX_CONNECTIONS = 7\nHEALTH_CHECK_INTERVAL = 2\nIDLE_TIMEOUT_SECONDS = 9",
                one,
                three);
        AdminReport.Reloaded reloaded = admin.ask(new AdminRequest.Reload(), AdminReport.Reloaded.class);
        assertThat(reloaded.changed())
                .hasSize(4)
                .anyMatch(item -> item.startsWith("BACKEND_SERVERS = " + one.name() + ", " + three.name()))
                .contains("HEALTH_CHECK_INTERVAL = 2 (was 1)");
        assertThat(reloaded.needsRestart()).containsExactly("IDLE_TIMEOUT_SECONDS = 9 (was 60)");
        RelayReport.Status status = show(What.STATUS, RelayReport.Status.class);
        assertThat(status.healthy()).isEqualTo(1);
        assertThat(status.backends()).isEqualTo(2);

        site.relayHereOptions("NONSENSE = 1", one);
        relay.reload("SIGHUP"); // says so in the log
        assertThat(refusal(new AdminRequest.Reload())).contains("nothing was changed", "NONSENSE");
        assertThat(show(What.STATUS, RelayReport.Status.class).backends()).isEqualTo(2);
        site.relayHereOptions("", one);
        relay.reload("SIGHUP");
        assertThat(show(What.STATUS, RelayReport.Status.class).backends()).isEqualTo(1);
    }

    @Test
    void keysAreExchangedWhileItRuns() throws Exception {
        var newKey = RelaySite.newKey();
        Path file = site.path("relay-here/relay.opts");
        String options = Files.readString(file);
        RelaySite.writeOptions(file, options.replace(site.clientKey.text(), newKey.text()));
        assertThat(admin.ask(new AdminRequest.Reload(), AdminReport.Reloaded.class)
                        .changed())
                .containsExactly("SHARED_KEY_RELAY_TO_CLIENTS");
        try (ReconClient now = site.client("auto", newKey, relay.port());
                ReconClient before = site.client("auto", site.clientKey, relay.port())) {
            assertThat(now.serverStatus().status().backends()).hasSize(2);
            assertThatThrownBy(before::serverStatus).isInstanceOf(ClientException.class);
        }
    }

    @Test
    void whatARelayDoesNotKnowIsSaid() {
        JobId job = JobId.random();
        for (AdminRequest request : List.of(
                new AdminRequest.Show(What.QUEUE),
                new AdminRequest.Show(What.WORKERS),
                new AdminRequest.Jobs(Optional.empty(), Duration.ZERO, 1),
                new AdminRequest.Logs(1, Optional.empty(), false),
                new AdminRequest.Cancel(job),
                new AdminRequest.SetPriority(job, Priority.LOW),
                new AdminRequest.SetMaxJobs(1),
                new AdminRequest.Purge(Duration.ofDays(1)))) {
            assertThat(refusal(request)).contains("this is a relay, which does not know the admin command");
        }
        assertThat(refusal(new AdminRequest.Unknown("dance"))).contains("does not know the admin command \"dance\"");
        assertThat(refusal(new AdminRequest.Drain(false, ""))).contains("say which server");
        assertThat(refusal(new AdminRequest.Resume("a:1"))).contains("there is no server \"a:1\"");
        assertThat(refusal(new AdminRequest.Resume("a"))).contains("is no host:port");
        two.kill();
        assertThat(refusal(new AdminRequest.Drain(true, two.name()))).contains("cannot be asked whether it has any");
    }
}
