package recon.relay.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.job.JobId;
import recon.common.wire.Request;
import recon.common.wire.TransportChoice;

/** Requests to a server that takes connections and says nothing, and what becomes of them when it is out. */
@Timeout(30)
class CallTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FernetCipher cipher = new FernetCipher(List.of(SharedKey.generate(new SecureRandom())));
    private ServerSocket silent;
    private Backend backend;

    @BeforeEach
    void listen() throws IOException {
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        backend = backend(SHORT);
    }

    private Backend backend(Duration patience) {
        Dialer dialer = new Dialer(
                cipher,
                new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC()),
                patience,
                patience.multipliedBy(3),
                1 << 20);
        return new Backend(BackendAddress.parse("127.0.0.1:" + silent.getLocalPort()), dialer, () -> false, () -> {});
    }

    @AfterEach
    void close() throws IOException {
        silent.close();
    }

    private Call open() throws IOException {
        return backend.open(
                new Request.OfJob(Request.OfJob.Verb.FETCH, JobId.random()), TransportChoice.FERNET, KeyOwner.SHARED);
    }

    private static boolean isGivenUp(Call call) {
        try {
            call.channel().receive();
            return false;
        } catch (SocketTimeoutException itIsJustSilent) {
            return false;
        } catch (SocketException closed) {
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theFirstAnswerIsAwaitedForAShortWhileUnlessItMayBeLate() throws Exception {
        try (Call call = open()) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> call.channel().receive()).isInstanceOf(SocketTimeoutException.class);
            call.beAnsweredLate();
            assertThatThrownBy(() -> call.channel().receive()).isInstanceOf(SocketTimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(SHORT.multipliedBy(4));
        }
    }

    @Test
    void aRequestWithoutAnAnswerIsGivenUpWhenTheServerIsOut() throws Exception {
        try (Call call = open()) {
            backend.failed(new IOException("it hangs"));
            assertThat(isGivenUp(call)).isTrue();
        }
    }

    @Test
    void oneThatTheServerWorksAtIsGivenUpOnceItIsSilent() throws Exception {
        try (Call call = open()) {
            call.answered();
            call.giveUpIfNotTaken(Duration.ofHours(1));
            assertThat(isGivenUp(call)).isFalse();
            backend.failed(new IOException("it hangs"));
            assertThat(isGivenUp(call)).isTrue();
        }
    }

    @Test
    void oneThatTheServerHasTakenOrThatIsOverIsLeftAlone() throws Exception {
        Call over = open();
        over.close();
        try (Call call = open()) {
            call.taken();
            assertThat(isGivenUp(call)).isFalse();
            backend.failed(new IOException("it hangs"));
            assertThat(isGivenUp(call)).isFalse();
        }
    }

    @Test
    void aServerThatHangsUpMayHaveTooManyConnections() throws Exception {
        Thread full = new Thread(
                () -> {
                    try {
                        while (true) {
                            silent.accept().close();
                        }
                    } catch (IOException itIsClosed) {
                        // the test is over
                    }
                },
                "full-server");
        full.start();
        Backend patient = backend(LONG);
        patient.check();
        assertThat(patient.problem())
                .contains("closed the connection without an answer", "MAX_CONNECTIONS and MAX_CONNECTIONS_PER_ADDRESS");
    }
}
