package recon.relay.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.net.Connection;
import recon.common.net.TrustedAddresses;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;
import recon.relay.backend.Backends;
import recon.relay.backend.Routes;

/** Submissions of one client to a server that a test plays, through a session of the relay, over loopback. */
@Timeout(60)
class ForwarderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FernetCipher cipher = new FernetCipher(List.of(SharedKey.generate(new SecureRandom())));

    @TempDir
    private Path directory;

    private FakeServer server;
    private Backends backends;
    private Routes routes;
    private ServerSocket relay;
    private Thread session;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer(cipher, new Report.ServerStatus("00h 00m 56s", 2, 0, 0, 0, ""));
        backends = FakeServer.all(Backends.Strategy.LEAST_LOADED, List.of(server));
        backends.start();
        routes = Routes.open(directory, Clock.systemUTC());
        relay = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RelaySession sessions = new RelaySession(
                () -> TrustedAddresses.parse("127.0.0.1,::1"),
                "TRUSTED_CLIENT_IPS",
                TransportChoice.AUTO,
                this::channel,
                new Forwarder(backends, routes, new Queries(backends), false),
                new ConnectedClients());
        session = new Thread(() -> serve(sessions), "relay-session");
        session.start();
    }

    private void serve(RelaySession sessions) {
        try (Socket client = relay.accept()) {
            sessions.run(new Connection(client, PATIENCE));
        } catch (IOException theClientHearsNothing) {
            // it fails in the test
        }
    }

    private SecureChannel channel(Connection connection) {
        return new SecureChannel(
                connection, cipher, new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC()), 1 << 20);
    }

    @AfterEach
    void close() throws Exception {
        relay.close();
        session.join(PATIENCE.toMillis());
        routes.close();
        backends.stop();
        server.close();
    }

    @Test
    void theClientGoesOverToTlsWhileTheServerThinks() throws Exception {
        CountDownLatch clientIsInTls = new CountDownLatch(1);
        server.onSubmission((channel, request) -> {
            if (await(clientIsInTls)) {
                channel.send(new Event.EventError("no room for " + request.command()));
                channel.finish();
            }
        });
        Request.SubmitJob request =
                new Request.SubmitJob(List.of(new Request.SubmitJob.OfferedFile("a.7", "/scans/a.7")), "{}", true);
        try (Socket socket = new Socket(relay.getInetAddress(), relay.getLocalPort());
                SecureChannel client = channel(new Connection(socket, PATIENCE))) {
            client.ask(request, TransportChoice.AUTO);
            assertThat(client.streams()).isTrue();
            clientIsInTls.countDown();
            assertThat(client.receive()).contains(new Event.EventError("no room for submit_recon_job"));
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE.toSeconds() / 2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
