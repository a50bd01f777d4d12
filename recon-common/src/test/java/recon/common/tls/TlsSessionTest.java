package recon.common.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.KeyRing;
import recon.common.crypto.OwnedKey;
import recon.common.crypto.SharedKey;
import recon.common.net.Connection;
import recon.common.testing.Peer;
import recon.common.testing.SocketPair;

@Timeout(60)
class TlsSessionTest {
    private static final OwnedKey A = key("a");
    private static final OwnedKey B = key("b");
    private static final OwnedKey C = key("c");

    private SocketPair sockets;

    private static OwnedKey key(String owner) {
        return new OwnedKey(new KeyOwner(owner, false), SharedKey.generate(new SecureRandom()));
    }

    private static KeyRing ring(OwnedKey... keys) {
        return new KeyRing(Arrays.asList(keys));
    }

    @BeforeEach
    void connect() throws IOException {
        sockets = SocketPair.open();
        sockets.b().setSoTimeout(20_000);
    }

    @AfterEach
    void disconnect() throws IOException {
        sockets.close();
    }

    private TlsSession client(KeyRing keys) throws IOException {
        return TlsSession.client(sockets.a().getInputStream(), sockets.a().getOutputStream(), keys);
    }

    private Peer<TlsSession> server(KeyRing keys) {
        return Peer.start(() ->
                TlsSession.server(sockets.b().getInputStream(), sockets.b().getOutputStream(), keys));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void say(TlsSession session, String text) throws IOException {
        session.write(bytes(text), 0, text.length());
        session.flush();
    }

    private static byte[] readAll(TlsSession session) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (session.read(1 << 20, all::write) >= 0) {
            // The sink takes it.
        }
        return all.toByteArray();
    }

    private static String read(TlsSession session, int bytes) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (read.size() < bytes) {
            assertThat(session.read(bytes - read.size(), read::write)).isPositive();
        }
        return read.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void bothSidesKnowTheKey() throws Exception {
        Peer<TlsSession> server = server(ring(A));
        assertThat(client(ring(A)).key()).isSameAs(A);
        assertThat(server.join().key()).isSameAs(A);
    }

    /** The server closes the connection without a word, so the client's handshake just ends. */
    private void requireRefused(KeyRing clients, KeyRing servers) throws Exception {
        Peer<TlsSession> client = Peer.start(() -> client(clients));
        assertThatThrownBy(server(servers)::join)
                .isInstanceOfSatisfying(
                        HandshakeException.class, e -> assertThat(e.isByPeer()).isFalse());
        sockets.b().close();
        assertThatThrownBy(client::join).isInstanceOf(IOException.class);
    }

    @Test
    void aKeyThatTheOtherDoesNotKnowIsRefused() throws Exception {
        requireRefused(ring(B), ring(A));
    }

    @Test
    void noneOfSeveralKeysIsKnown() throws Exception {
        requireRefused(ring(B, C), ring(A));
    }

    @Test
    void aServerWithoutAnyKeyLetsNobodyIn() throws Exception {
        requireRefused(ring(A), ring());
    }

    @Test
    void aClientWithoutAnyKeyIsRefused() throws Exception {
        requireRefused(ring(), ring(A));
    }

    @Test
    void ofSeveralKeysTheFirstOfTheClientsThatTheServerKnowsIsChosen() throws Exception {
        Peer<TlsSession> server = server(ring(C, B));
        assertThat(client(ring(A, B, C)).key()).isSameAs(B);
        assertThat(server.join().key()).isSameAs(B);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 200_000, 3_000_000})
    void whatIsWrittenArrives(int size) throws Exception {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        Peer<TlsSession> accepted = server(ring(A));
        TlsSession client = client(ring(A));
        TlsSession server = accepted.join();
        Peer<byte[]> arrived = Peer.start(() -> readAll(server));
        int half = size / 2;
        client.write(content, 0, half);
        client.write(content, half, size - half);
        client.end();
        assertThat(arrived.join()).isEqualTo(content);
    }

    @Test
    void bothSidesSpeakInTurnsAndReadInPieces() throws Exception {
        Peer<TlsSession> accepted = server(ring(A));
        TlsSession client = client(ring(A));
        TlsSession server = accepted.join();
        for (int i = 0; i < 5; i++) {
            say(client, "question " + i);
            assertThat(read(server, 3)).isEqualTo("que");
            assertThat(server.hasPlaintext()).isTrue();
            say(server, "answer " + i);
            assertThat(read(server, 7)).isEqualTo("stion " + i);
            assertThat(server.hasPlaintext()).isFalse();
            assertThat(read(client, 8)).isEqualTo("answer " + i);
        }
    }

    @Test
    void theEndIsSeenAfterWhatWasSaidBefore() throws Exception {
        Peer<TlsSession> accepted = server(ring(A));
        TlsSession client = client(ring(A));
        TlsSession server = accepted.join();
        client.write(bytes("bye"), 0, 3);
        client.end();
        client.end(); // once more changes nothing
        assertThat(read(server, 3)).isEqualTo("bye");
        assertThat(server.isEndedByPeer()).isTrue();
        assertThat(server.read(1, (bytes, offset, length) -> {})).isEqualTo(-1);
    }

    @Test
    void aConnectionThatIsCutBetweenRecordsHasEnded() throws Exception {
        Peer<TlsSession> accepted = server(ring(A));
        TlsSession client = client(ring(A));
        TlsSession server = accepted.join();
        say(client, "bye");
        sockets.a().close();
        assertThat(read(server, 3)).isEqualTo("bye");
        assertThat(server.read(1, (bytes, offset, length) -> {})).isEqualTo(-1);
    }

    @Test
    void aPeerThatNeverAnswersMeetsTheDeadline() throws Exception {
        try (Connection connection = new Connection(sockets.b(), Duration.ofMillis(200))) {
            assertThatThrownBy(() -> TlsSession.server(connection.input(), connection.output(), ring(A)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    static Stream<byte[]> garbage() {
        byte[] longRecord = new byte[20_000];
        longRecord[0] = 0x16;
        longRecord[1] = 3;
        longRecord[2] = 1;
        longRecord[3] = (byte) 0xff;
        longRecord[4] = (byte) 0xff;
        byte[] noHello = {0x16, 3, 1, 0, 4, 2, 0, 0, 0};
        byte[] data = {0x17, 3, 3, 0, 4, 2, 0, 0, 0};
        return Stream.of(longRecord, noHello, data, bytes("GET / HTTP/1.1\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void garbageIsNoHandshake(byte[] garbage) throws Exception {
        Peer<TlsSession> server = server(ring(A));
        sockets.a().getOutputStream().write(garbage);
        sockets.a().shutdownOutput();
        assertThatThrownBy(server::join).isInstanceOf(IOException.class);
    }

    /** Changes one bit of all that passes. */
    private static final class Flipping extends FilterOutputStream {
        private final int place;
        private int passed;

        Flipping(OutputStream out, int place) {
            super(out);
            this.place = place;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
            if (passed <= place && place < passed + length) {
                copy[place - passed] ^= (byte) (1 << (place % Byte.SIZE));
            }
            passed += length;
            out.write(copy);
        }

        int passed() {
            return passed;
        }
    }

    /** What the reader of a conversation of one side got, if anything. */
    private byte[] converse(boolean clientSpeaks, int place, int[] passed) throws Exception {
        try (SocketPair pair = SocketPair.open()) {
            pair.a().setSoTimeout(300); // a length that was changed may leave both waiting
            pair.b().setSoTimeout(300);
            Flipping clients = new Flipping(pair.a().getOutputStream(), clientSpeaks ? place : -1);
            Flipping servers = new Flipping(pair.b().getOutputStream(), clientSpeaks ? -1 : place);
            Peer<byte[]> server = Peer.start(() -> {
                TlsSession session = TlsSession.server(pair.b().getInputStream(), servers, ring(A));
                return speakOrListen(session, !clientSpeaks, pair.b());
            });
            Peer<byte[]> client = Peer.start(() -> {
                TlsSession session = TlsSession.client(pair.a().getInputStream(), clients, ring(A));
                return speakOrListen(session, clientSpeaks, pair.a());
            });
            byte[] got = joinOr(clientSpeaks ? server : client, pair);
            joinOr(clientSpeaks ? client : server, pair);
            passed[0] = (clientSpeaks ? clients : servers).passed();
            return got;
        }
    }

    private static byte[] speakOrListen(TlsSession session, boolean speak, Socket socket) throws IOException {
        if (!speak) {
            return readAll(session);
        }
        say(session, "what is said");
        session.end();
        socket.shutdownOutput();
        return new byte[0];
    }

    private static byte[] joinOr(Peer<byte[]> peer, SocketPair pair) throws Exception {
        try {
            return peer.join();
        } catch (IOException damaged) {
            pair.close();
            return null;
        }
    }

    /** The handshake, a record with content, and the alert at the end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noBitOfASessionCanBeChangedSoThatSomethingElseArrives(boolean clientSpeaks) throws Exception {
        int[] passed = new int[1];
        assertThat(converse(clientSpeaks, -1, passed)).isEqualTo(bytes("what is said"));
        int total = passed[0];
        int refused = 0;
        for (int place = 0; place < total; place++) {
            byte[] got = converse(clientSpeaks, place, new int[1]);
            if (got == null) {
                refused++;
            } else {
                assertThat(got).as("bit %d of byte %d", place % 8, place).isEqualTo(bytes("what is said"));
            }
        }
        assertThat(refused).isGreaterThan(total * 9 / 10); // the version in a record's header says nothing
    }
}
