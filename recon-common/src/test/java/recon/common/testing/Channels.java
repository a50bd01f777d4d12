package recon.common.testing;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.net.Connection;
import recon.common.wire.SecureChannel;

/** A client's and a server's channel, connected over loopback. */
public record Channels(SocketPair sockets, SecureChannel client, SecureChannel server) implements Closeable {
    public static final int MAX_TOKEN_BYTES = 1 << 24;
    private static final Duration IDLE = Duration.ofSeconds(10);

    public static Channels open() throws IOException {
        return open(TestKeys.cipher(TestKeys.A), TestKeys.cipher(TestKeys.A));
    }

    public static Channels open(FernetCipher client, FernetCipher server) throws IOException {
        SocketPair sockets = SocketPair.open();
        return new Channels(
                sockets,
                channel(new Connection(sockets.a(), IDLE), client),
                channel(new Connection(sockets.b(), IDLE), server));
    }

    private static SecureChannel channel(Connection connection, FernetCipher cipher) {
        ReplayGuard guard = new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC());
        return new SecureChannel(connection, cipher, guard, MAX_TOKEN_BYTES);
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }
}
