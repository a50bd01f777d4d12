package recon.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.KeyRing;
import recon.common.crypto.OwnedKey;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.net.Connection;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.testing.Channels;
import recon.common.testing.RecordedLog;
import recon.common.testing.SocketPair;
import recon.common.testing.TestKeys;

@Timeout(30)
class KeyedSessionTest {
    private static final Duration IDLE = Duration.ofSeconds(10);

    /** What the peer does with its end of the connection. */
    @FunctionalInterface
    private interface Peer {
        void talk(SecureChannel channel) throws IOException;
    }

    private static SecureChannel channel(Connection connection, FernetCipher cipher) {
        return new SecureChannel(
                connection,
                cipher,
                new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC()),
                Channels.MAX_TOKEN_BYTES);
    }

    /** Serves one peer; returns what was logged. */
    private static String session(String trusted, String key, TransportChoice accepted, Peer peer) throws Exception {
        try (RecordedLog log = new RecordedLog();
                SocketPair sockets = SocketPair.open()) {
            KeyedSession session = new KeyedSession(
                    () -> TrustedAddresses.parse(trusted),
                    "TRUSTED_IPS",
                    accepted,
                    connection -> channel(connection, TestKeys.cipher(TestKeys.A)),
                    (channel, opening) -> channel.send(new Refusal("heard " + opening.command())));
            Connection served = new Connection(sockets.b(), IDLE);
            Thread server = new Thread(() -> session.run(served), "session");
            server.start();
            peer.talk(channel(new Connection(sockets.a(), IDLE), TestKeys.cipher(key)));
            sockets.a().close();
            server.join();
            return log.text();
        }
    }

    private static Peer asking(Opening opening, TransportChoice choice, String answer) {
        return channel -> {
            channel.ask(opening, choice);
            assertThat(channel.receive()).contains(new Refusal(answer));
        };
    }

    @Test
    void whoHasTheKeyIsAnsweredOverEitherTransport() throws Exception {
        for (TransportChoice choice : TransportChoice.values()) {
            String log = session(
                    "127.0.0.0/8",
                    TestKeys.A,
                    TransportChoice.AUTO,
                    asking(new Request.GetServerStatus(), choice, "heard get_server_status"));
            assertThat(log).doesNotContain("closed");
        }
    }

    @Test
    void anAddressThatIsNotTrustedHearsSo() throws Exception {
        String log = session(
                "10.0.0.0/8",
                TestKeys.A,
                TransportChoice.AUTO,
                channel -> assertThat(channel.receive()).contains(new Refusal(Refusal.UNTRUSTED_ADDRESS)));
        assertThat(log).contains("the address is not in TRUSTED_IPS");
    }

    @Test
    void anotherKeyGetsNoAnswer() throws Exception {
        String log = session("127.0.0.1", TestKeys.B, TransportChoice.AUTO, channel -> {
            channel.send(new Request.GetServerStatus());
            assertThat(channel.receive()).isEmpty();
        });
        assertThat(log).contains("closed without an answer").doesNotContain(TestKeys.A, TestKeys.B);
    }

    @Test
    void whatIsNoRequestEndsTheConnection() throws Exception {
        String log = session("127.0.0.1", TestKeys.A, TransportChoice.AUTO, channel -> {
            channel.send(new Refusal("you"));
            assertThat(channel.receive()).isEmpty();
        });
        assertThat(log).contains("closed: expected a command");
    }

    @Test
    void nothingIsSaidOfAPeerThatLeavesAtOnce() throws Exception {
        assertThat(session("127.0.0.1", TestKeys.A, TransportChoice.AUTO, channel -> {}))
                .contains("closed by the client before it said anything");
    }

    @Test
    void aPeerWithoutTlsHearsThatItIsNeeded() throws Exception {
        String log = session(
                "127.0.0.1",
                TestKeys.A,
                TransportChoice.TLS,
                asking(new Request.GetServerStatus(), TransportChoice.FERNET, Refusal.TLS_ONLY));
        assertThat(log).contains("the client does not know TLS");
    }

    @Test
    void tlsIsRefusedWhereOnlyFernetIsAccepted() throws Exception {
        String log = session("127.0.0.1", TestKeys.A, TransportChoice.FERNET, channel -> {
            Optional<IOException> failure = Optional.empty();
            try {
                channel.ask(new Request.GetServerStatus(), TransportChoice.TLS);
            } catch (IOException e) {
                failure = Optional.of(e);
            }
            assertThat(failure).isPresent();
        });
        assertThat(log).contains("the client begins with TLS, which is not among the TRANSPORTS");
    }

    /** Connections from one address of which a listener allows two; returns how many are answered. */
    private static int answeredAtOnce(int connections, KeyOwner owner, TransportChoice choice) throws Exception {
        FernetCipher cipher = new FernetCipher(new KeyRing(List.of(new OwnedKey(owner, SharedKey.parse(TestKeys.A)))));
        CountDownLatch over = new CountDownLatch(1);
        KeyedSession session = new KeyedSession(
                () -> TrustedAddresses.parse("127.0.0.1"),
                "TRUSTED_IPS",
                TransportChoice.AUTO,
                connection -> channel(connection, cipher),
                (channel, opening) -> {
                    channel.send(new Refusal("heard"));
                    awaitQuietly(over);
                });
        Listener listener = new Listener(
                "test", Listener.addressesOf("127.0.0.1", 0), new Listener.Limits(9, 2, IDLE, IDLE, 0), session);
        listener.start();
        List<SecureChannel> channels = new ArrayList<>();
        int answered = 0;
        try {
            for (int i = 0; i < connections; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
                channels.add(channel(new Connection(socket, IDLE), TestKeys.cipher(TestKeys.A)));
                answered += isAnswered(channels.get(i), choice) ? 1 : 0;
            }
        } finally {
            over.countDown();
            for (SecureChannel channel : channels) {
                channel.close();
            }
            listener.stop();
        }
        return answered;
    }

    private static boolean isAnswered(SecureChannel channel, TransportChoice choice) {
        try {
            channel.ask(new Request.GetServerStatus(), choice);
            return channel.receive().isPresent();
        } catch (IOException turnedAway) {
            return false;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @EnumSource(TransportChoice.class)
    void aRelayMayHaveMoreConnectionsThanAnyoneElse(TransportChoice choice) throws Exception {
        assertThat(answeredAtOnce(5, new KeyOwner("relay", false, true), choice))
                .isEqualTo(5);
        assertThat(answeredAtOnce(5, new KeyOwner("scanner", false), choice)).isEqualTo(2);
    }
}
