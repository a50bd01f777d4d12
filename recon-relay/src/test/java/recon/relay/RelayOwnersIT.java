package recon.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.client.ReconClient;
import recon.client.submit.InputFiles;
import recon.client.submit.JobOutcome;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.job.Priority;
import recon.common.net.Connection;
import recon.common.wire.ReconOptionsJson;
import recon.common.wire.RefusedException;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;

/** Whose a job is, is told through the relay, and believed of the relay alone. */
@Timeout(120)
class RelayOwnersIT {
    @TempDir
    Path directory;

    private RelaySite site;
    private final SharedKey relayKey = RelaySite.newKey();
    private final SharedKey scanner1 = RelaySite.newKey();
    private final SharedKey scanner2 = RelaySite.newKey();
    private final SharedKey console = RelaySite.newKey();

    @BeforeEach
    void open() throws Exception {
        site = new RelaySite(directory);
        RelaySite.writeOptions(site.path("server_keys"), "relay1 = " + relayKey.text() + " relay\n");
        RelaySite.writeOptions(
                site.path("relay_keys"),
                "scanner1 = %s\nscanner2 = %s\nconsole = %s operator\n"
                        .formatted(scanner1.text(), scanner2.text(), console.text()));
    }

    @AfterEach
    void close() throws Exception {
        site.close();
    }

    @Test
    void eachClientSeesItsOwnJobsAndTheOperatorAll() throws Exception {
        site.server("CLIENT_KEYS_FILE = " + site.path("server_keys"));
        site.server("CLIENT_KEYS_FILE = " + site.path("server_keys"));
        int port = relayPort(site.relay(
                "SHARED_KEY_FOR_BACKENDS = " + relayKey.text() + "\nCLIENT_KEYS_FILE = " + site.path("relay_keys")));
        try (ReconClient first = site.client("auto", scanner1, port);
                ReconClient second = site.client("auto", scanner2, port);
                ReconClient shared = site.client("fernet");
                ReconClient operator = site.client("auto", console, port)) {
            JobOutcome job = run(first, "a.7");
            run(second, "b.7");
            run(shared, "c.7");
            assertThat(first.queueDetails(true, 10).jobs())
                    .extracting(Report.QueueDetails.Row::owner)
                    .containsExactly("scanner1");
            assertThat(operator.queueDetails(true, 10).jobs())
                    .extracting(Report.QueueDetails.Row::owner)
                    .containsExactlyInAnyOrder("scanner1", "scanner2", "shared");
            assertThat(operator.job(job.job()).job().owner()).isEqualTo("scanner1");
            assertThatThrownBy(() -> second.job(job.job())).hasMessageContaining("there is no job");
            assertThatThrownBy(() -> shared.cancel(job.job())).hasMessageContaining("there is no job");
        }
    }

    private static int relayPort(Program relay) throws InterruptedException {
        return Integer.parseInt(relay.awaitLine("ready: ").replaceAll(".* port (\\d+),.*", "$1"));
    }

    private JobOutcome run(ReconClient client, String name) throws Exception {
        JobOutcome outcome = client.run(
                InputFiles.request(List.of(site.input(name, 5000)), ReconOptionsJson.parse("{}")),
                Priority.NORMAL,
                site.path("results-" + name),
                Optional.empty(),
                new Told());
        assertThat(outcome).isInstanceOf(JobOutcome.Completed.class);
        return outcome;
    }

    @Test
    void aServerThatDoesNotBelieveTheRelayIsNotUsedOnceClientsHaveKeys() throws Exception {
        site.server("");
        Program relay = site.relay("CLIENT_KEYS_FILE = " + site.path("relay_keys"));
        relay.awaitLine("0 of 1 servers are healthy");
        try (ReconClient client = site.client("auto")) {
            assertThat(client.serverStatus().status().backends().get(0).problem())
                    .contains("may not ask on behalf of others")
                    .contains("client-key add NAME --relay");
        }
    }

    @Test
    void onlyARelaysKeyMayAskOnBehalfOfOthers() throws Exception {
        RelaySite.Server server = site.server("CLIENT_KEYS_FILE = " + site.path("server_keys"));
        assertThatThrownBy(() -> ask(server.port, site.serverKey))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("may not ask on behalf of others");
        assertThat(ask(server.port, relayKey).trustsRelay()).isTrue();
        assertThat(Files.readString(site.path("server_keys"))).contains(" relay");
    }

    private static Report.ServerStatus ask(int port, SharedKey key) throws IOException {
        try (SecureChannel channel = new SecureChannel(
                new Connection(new Socket(InetAddress.getLoopbackAddress(), port), Duration.ofSeconds(20)),
                new FernetCipher(List.of(key)),
                new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC()),
                FernetCipher.MAX_TOKEN_BYTES)) {
            channel.ask(
                    new Request.GetServerStatus(), TransportChoice.AUTO, Optional.of(new KeyOwner("scanner1", false)));
            return channel.expect(Report.ServerStatus.class, "the status");
        }
    }
}
