package recon.relay.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.job.JobId;
import recon.common.job.SubmissionId;
import recon.common.net.Connection;
import recon.common.net.TrustedAddresses;
import recon.common.wire.Event;
import recon.common.wire.Message;
import recon.common.wire.RefusedException;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;
import recon.common.wire.TransportChoice;
import recon.relay.backend.Backend;
import recon.relay.backend.Backends;
import recon.relay.backend.Routes;

/** What a client hears whose server hangs or hangs up, over loopback; a second server is well. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class LostServerTest {
    /** Of the client: it gives up then. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final SubmissionId SUBMISSION = SubmissionId.parse("7a1d0c52-93be-4f0e-8a67-1f3f0a9d2b10");
    private static final JobId JOB = JobId.parse("3f0c1e9a-5b7d-4a55-9c5e-0d2f6b8a1c33");
    private static final Message FULL = new Event.EventError("the second one is full");
    private static final Request.SubmitJob REQUEST = new Request.SubmitJob(
            List.of(new Request.SubmitJob.OfferedFile("a.7", "/scans/a.7")),
            "{}",
            true,
            Optional.of(SUBMISSION),
            "normal");

    private final FernetCipher cipher = new FernetCipher(List.of(SharedKey.generate(new SecureRandom())));

    @TempDir
    private Path directory;

    private FakeServer first;
    private FakeServer second;
    private Backends backends;
    private Routes routes;
    private ServerSocket relay;
    private Thread session;

    @BeforeEach
    void start() throws IOException {
        Report.ServerStatus status = new Report.ServerStatus("00h 00m 56s", 2, 0, 0, 0, "");
        first = new FakeServer(cipher, status);
        second = new FakeServer(cipher, status);
        second.onSubmission((channel, request) -> {
            channel.send(FULL);
            channel.finish();
        });
        backends = FakeServer.all(Backends.Strategy.LEAST_LOADED, List.of(first, second));
        backends.start();
        routes = Routes.open(directory, Clock.systemUTC());
        relay = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws Exception {
        relay.close();
        first.close();
        second.close();
        session.join(PATIENCE.toMillis());
        routes.close();
        backends.stop();
    }

    private Backend firstBackend() {
        return backends.all().get(0);
    }

    /** A client of a relay that serves nobody else. */
    private SecureChannel client(boolean waitForBackend) throws IOException {
        RelaySession sessions = new RelaySession(
                () -> TrustedAddresses.parse("127.0.0.1,::1"),
                "TRUSTED_CLIENT_IPS",
                TransportChoice.AUTO,
                this::channel,
                new Forwarder(backends, routes, new Queries(backends), waitForBackend),
                new ConnectedClients());
        session = new Thread(
                () -> {
                    try (Socket client = relay.accept()) {
                        sessions.run(new Connection(client, PATIENCE));
                    } catch (IOException theClientHearsNothing) {
                        // it fails in the test
                    }
                },
                "relay-session");
        session.start();
        return channel(new Connection(new Socket(relay.getInetAddress(), relay.getLocalPort()), PATIENCE));
    }

    private SecureChannel channel(Connection connection) {
        return new SecureChannel(
                connection, cipher, new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC()), 1 << 20);
    }

    @ParameterizedTest
    @EnumSource(TransportChoice.class)
    void aSubmissionGoesToAnotherServerIfItsOwnHangs(TransportChoice transport) throws Exception {
        first.hang();
        try (SecureChannel client = client(false)) {
            client.ask(REQUEST, transport);
            assertThat(client.receive()).contains(FULL);
        }
        assertThat(firstBackend().isHealthy()).isFalse();
    }

    @Test
    void aSubmissionGoesToAnotherServerIfItsOwnHangsBeforeTheFirstAnswer() throws Exception {
        first.onSubmission((channel, request) -> {
            first.hang();
            first.beHung();
        });
        try (SecureChannel client = client(false)) {
            client.ask(REQUEST, TransportChoice.AUTO);
            assertThat(client.receive()).contains(FULL);
        }
        assertThat(firstBackend().isHealthy()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportChoice.class,
            names = {"AUTO", "FERNET"})
    void anUploadIsBrokenOffIfItsServerHangsAndIsOut(TransportChoice transport) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        first.onSubmission((channel, request) -> {
            channel.send(new Transfer.RequestFile("/scans/a.7"));
            first.hang();
            asked.countDown();
            first.beHung();
        });
        try (SecureChannel client = client(false)) {
            client.ask(REQUEST, transport);
            assertThat(client.receive()).contains(new Transfer.RequestFile("/scans/a.7"));
            assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            firstBackend().check();
            firstBackend().check();
            assertThat(client.receive()).isEmpty();
        }
        try (SecureChannel client = client(false)) {
            client.ask(REQUEST, transport);
            assertThat(client.receive()).contains(FULL);
        }
    }

    @ParameterizedTest
    @CsvSource({"SHOW, AUTO", "SHOW, FERNET", "LOG, AUTO", "LOG, TLS", "FOLLOW, AUTO", "FETCH, AUTO"})
    void whoAsksForAJobOfAServerThatHangsIsToldWhereItIs(String what, TransportChoice transport) throws Exception {
        routes.remember(JOB, firstBackend());
        first.hang();
        Request request = switch (what) {
            case "LOG" -> new Request.GetJobLog(JOB, false);
            case "FOLLOW" -> new Request.GetJobLog(JOB, true);
            default -> new Request.OfJob(Request.OfJob.Verb.valueOf(what), JOB);
        };
        try (SecureChannel client = client(false)) {
            Thread health = new Thread(firstBackend()::check, "health");
            health.start();
            client.ask(request, transport);
            assertThatThrownBy(() -> client.expect(Report.class, "an answer"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageStartingWith(
                            "job " + JOB + " is on server " + first.name() + ", which cannot be reached now");
            health.join();
        }
    }

    @Test
    void aServerThatAnswersQueriesAndHangsUpOnASubmissionIsTriedOnce() throws Exception {
        routes.remember(SUBMISSION, new Routes.Route(first.name(), false));
        try (SecureChannel client = client(false)) {
            client.ask(REQUEST, TransportChoice.AUTO);
            assertThat(client.receive()).contains(FULL);
        }
    }

    @Test
    void aSubmissionThatEveryServerHangsUpOnIsRefusedForNow() throws Exception {
        routes.remember(SUBMISSION, new Routes.Route(first.name(), false));
        second.onSubmission((channel, request) -> {});
        try (SecureChannel client = client(false)) {
            client.ask(REQUEST, TransportChoice.AUTO);
            assertThat(client.receive())
                    .contains(new Event.EventError(
                            "Job submission: no server behind this relay can take it now; try again later", true));
        }
    }

    @Test
    void nobodyTriesForAClientThatHasLeft() throws Exception {
        routes.remember(SUBMISSION, new Routes.Route(first.name(), false));
        CountDownLatch tried = new CountDownLatch(3);
        first.onSubmission((channel, request) -> tried.countDown());
        second.onSubmission((channel, request) -> tried.countDown());
        try (SecureChannel client = client(true)) {
            client.ask(REQUEST, TransportChoice.AUTO);
            assertThat(tried.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        session.join(PATIENCE.toMillis());
        assertThat(session.isAlive()).isFalse();
    }
}
