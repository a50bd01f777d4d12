package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.job.JobId;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.wire.Event;
import recon.common.wire.KeyedSession;
import recon.common.wire.Opening;
import recon.common.wire.RelayReport;
import recon.common.wire.Report;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;

/** What an administrator of a relay is shown; the relay's answers are written here. */
@Timeout(30)
class AdminRelayViewsTest {
    private static final JobId JOB = JobId.parse("3f0c1e9a-5b7d-4a55-9c5e-0d2f6b8a1c33");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final SharedKey key = SharedKey.generate(new SecureRandom());
    private Listener relay;
    private Path options;

    @BeforeEach
    void open() throws Exception {
        FernetCipher cipher = new FernetCipher(List.of(key));
        ReplayGuard guard = new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC());
        KeyedSession session = new KeyedSession(
                () -> TrustedAddresses.parse(""),
                "TRUSTED_CLIENT_IPS",
                TransportChoice.AUTO,
                connection -> new SecureChannel(connection, cipher, guard, 1 << 20),
                AdminRelayViewsTest::answer);
        relay = new Listener(
                "relay",
                Listener.addressesOf("localhost", 0),
                new Listener.Limits(5, 5, PATIENCE, PATIENCE, 0),
                session);
        relay.start();
        options = Files.writeString(
                directory.resolve("relay.opts"),
                "RELAY_ADMIN_PORT = " + relay.port() + "\nRELAY_ADMIN_SHARED_KEY = " + key.text() + "\n");
        Files.setPosixFilePermissions(options, PosixFilePermissions.fromString("rw-------"));
    }

    @AfterEach
    void close() throws IOException {
        relay.stop();
    }

    private static void answer(SecureChannel channel, Opening opening) throws IOException {
        switch (opening.command()) {
            case "status" -> channel.announce(new RelayReport.Status("00h 00m 56s", "1.0", 2, 2, 1, 3));
            case "backends" ->
                channel.announce(new RelayReport.Backends(List.of(
                        backend("recon1:60000", true, false, ""),
                        backend("recon2:60000", true, true, "timed out"),
                        backend("recon3:60000", false, false, "Connection\u001brefused"))));
            case "clients" ->
                channel.announce(new RelayReport.Clients(List.of(
                        new RelayReport.Clients.Client(
                                "10.0.0.7",
                                "scanner1",
                                "tls",
                                "t1",
                                "submit_recon_job",
                                Optional.of(JOB),
                                "recon1:60000"),
                        new RelayReport.Clients.Client(
                                "::1", "shared", "fernet", "t2", "submit_recon_job", Optional.empty(), ""))));
            default -> channel.send(new Event.EventError("this relay does not know it"));
        }
    }

    private static RelayReport.Backends.Backend backend(String name, boolean healthy, boolean draining, String error) {
        return new RelayReport.Backends.Backend(
                new Report.ServerStatus.Backend(name, healthy, draining, 4, 1, 5, healthy ? "" : error),
                150,
                12,
                error,
                error.isEmpty() ? "" : "t1");
    }

    private InProcess.Run admin(String... words) {
        List<String> all = new ArrayList<>(List.of("admin"));
        all.addAll(List.of(words));
        all.add("--opts=" + options);
        return InProcess.run(all);
    }

    private String done(String... words) {
        InProcess.Run run = admin(words);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run.out();
    }

    @Test
    void howTheRelayIs() {
        assertThat(done("status")).isEqualTo("""
                        Uptime    00h 00m 56s
                        Version   1.0
                        Clients   2 connected
                        Backends  2 of 3 healthy, 1 of them draining
                        """);
        assertThat(done("status", "--json")).isEqualTo("""
                        {"event":"relay_status","relay_uptime":"00h 00m 56s","version":"1.0","clients":2,\
                        "healthy_backends":2,"draining_backends":1,"all_backends":3}
                        """);
    }

    @Test
    void itsServersAreALineEach() {
        assertThat(done("backends")).isEqualTo("""
                        BACKEND       STATE     RUNNING  QUEUED  WORKERS  LOAD  LATENCY
                        recon1:60000  healthy   1        5       4        1.50  12 ms
                        recon2:60000  draining  1        5       4        1.50  12 ms
                           last error t1: timed out
                        recon3:60000  out       1        5       4        1.50  12 ms
                           last error t1: Connection?refused
                        """);
        assertThat(done("backends", "--json").lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("{\"event\":\"backend\",\"backend\":\"recon"))
                .allMatch(line -> line.contains("\"load_percent\":150,\"latency_ms\":12,"));
    }

    @Test
    void itsClientsAreALineEach() {
        assertThat(done("clients")).isEqualTo("""
                        ADDRESS   OWNER     TRANSPORT  SINCE  COMMAND           BACKEND       JOB ID
                        10.0.0.7  scanner1  tls        t1     submit_recon_job  recon1:60000  %s
                        ::1       shared    fernet     t2     submit_recon_job  -             -
                        """.formatted(JOB));
        assertThat(done("clients", "--json").lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("\"owner\":\"scanner1\"") && line.contains(JOB.toString()));
    }

    @Test
    void whatItDoesNotKnowIsOneLine() {
        InProcess.Run run = admin("queue");
        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).isEqualTo("recon-client: the server refused: this relay does not know it\n");
    }
}
