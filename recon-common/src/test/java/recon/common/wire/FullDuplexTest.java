package recon.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.common.crypto.KeyRing;
import recon.common.testing.Channels;
import recon.common.testing.Peer;
import recon.common.testing.SocketPair;
import recon.common.testing.TestKeys;
import recon.common.tls.TlsSession;

/** Both peers send 64 MiB at once, each with one thread that reads and one that writes. */
@Timeout(120)
class FullDuplexTest {
    private static final long BYTES = 64L << 20;
    private static final int MOST_AT_ONCE = 100_000;

    /** Takes the first bytes of an array. */
    @FunctionalInterface
    private interface Writer {
        void write(byte[] bytes, int length) throws IOException;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Writes pieces of any size; returns their digest. */
    private static String write(long seed, Writer writer) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[MOST_AT_ONCE];
        MessageDigest digest = sha256();
        for (long left = BYTES; left > 0; ) {
            int count = (int) Math.min(left, 1 + random.nextInt(MOST_AT_ONCE));
            random.nextBytes(bytes);
            digest.update(bytes, 0, count);
            writer.write(bytes, count);
            left -= count;
        }
        return hex(digest);
    }

    private static String writeTo(TlsSession session, long seed) throws IOException {
        String digest = write(seed, (bytes, length) -> session.write(bytes, 0, length));
        session.flush();
        return digest;
    }

    private static String readFrom(TlsSession session) throws IOException {
        MessageDigest digest = sha256();
        for (long left = BYTES; left > 0; ) {
            int count = session.read((int) Math.min(left, 1 << 20), digest::update);
            assertThat(count).isPositive();
            left -= count;
        }
        return hex(digest);
    }

    @Test
    void aSessionIsReadWhileItIsWritten() throws Exception {
        try (SocketPair sockets = SocketPair.open()) {
            KeyRing keys = TestKeys.cipher(TestKeys.A).keys();
            Peer<TlsSession> accepted = Peer.start(() ->
                    TlsSession.server(sockets.b().getInputStream(), sockets.b().getOutputStream(), keys));
            TlsSession a =
                    TlsSession.client(sockets.a().getInputStream(), sockets.a().getOutputStream(), keys);
            TlsSession b = accepted.join();
            a.beFullDuplex();
            b.beFullDuplex();
            Peer<String> fromA = Peer.start(() -> writeTo(a, 1));
            Peer<String> fromB = Peer.start(() -> writeTo(b, 2));
            Peer<String> toB = Peer.start(() -> readFrom(b));
            assertThat(readFrom(a)).isEqualTo(fromB.join());
            assertThat(toB.join()).isEqualTo(fromA.join());
        }
    }

    private static String sendTo(SecureChannel channel, long seed) throws IOException {
        String digest = write(seed, channel::sendData);
        channel.send(new Transfer.End("a.7"));
        return digest;
    }

    private static String receiveFrom(SecureChannel channel) throws IOException {
        MessageDigest digest = sha256();
        assertThat(channel.receiveData(BYTES, digest::update)).isEmpty();
        assertThat(channel.receive()).contains(new Transfer.End("a.7"));
        return hex(digest);
    }

    /** What a relay does. Returns whether all has come through, up to the message. */
    private static boolean passOn(SecureChannel from, SecureChannel to) throws IOException {
        RawMessage end = from.passOn(to).orElseThrow();
        to.send(end);
        to.flush();
        return end.decode().equals(new Transfer.End("a.7"));
    }

    private static void goOverToTls(Channels channels) throws Exception {
        Peer<?> server = Peer.start(() -> channels.server().receiveFirst(TransportChoice.TLS));
        channels.client().ask(new Request.GetServerStatus(), TransportChoice.TLS);
        server.join();
        assertThat(channels.server().streams()).isTrue();
        channels.client().beFullDuplex();
        channels.server().beFullDuplex();
    }

    @Test
    void whatIsBetweenTwoChannelsPassesBothWaysOnAtOnce() throws Exception {
        try (Channels left = Channels.open();
                Channels right = Channels.open()) {
            goOverToTls(left);
            goOverToTls(right);
            Peer<Boolean> up = Peer.start(() -> passOn(left.server(), right.client()));
            Peer<Boolean> down = Peer.start(() -> passOn(right.client(), left.server()));
            Peer<String> fromLeft = Peer.start(() -> sendTo(left.client(), 1));
            Peer<String> fromRight = Peer.start(() -> sendTo(right.server(), 2));
            Peer<String> toRight = Peer.start(() -> receiveFrom(right.server()));
            assertThat(receiveFrom(left.client())).isEqualTo(fromRight.join());
            assertThat(toRight.join()).isEqualTo(fromLeft.join());
            assertThat(up.join()).isTrue();
            assertThat(down.join()).isTrue();
        }
    }
}
