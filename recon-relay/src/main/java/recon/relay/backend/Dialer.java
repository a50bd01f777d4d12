package recon.relay.backend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.net.Connection;
import recon.common.wire.SecureChannel;

/** Makes connections to servers. Thread-safe. */
public final class Dialer {
    private final FernetCipher cipher;
    private final ReplayGuard guard;
    private final Duration connectTimeout;
    private final Duration idleTimeout;
    private final int maxMessageBytes;

    /** @param cipher whose key the servers know */
    public Dialer(
            FernetCipher cipher,
            ReplayGuard guard,
            Duration connectTimeout,
            Duration idleTimeout,
            int maxMessageBytes) {
        this.cipher = cipher;
        this.guard = guard;
        this.connectTimeout = connectTimeout;
        this.idleTimeout = idleTimeout;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** The longest pause of a server that is doing what it was asked to. */
    Duration patience() {
        return idleTimeout;
    }

    /** The longest pause of a server that is to answer at once. */
    Duration shortPatience() {
        return idleTimeout.compareTo(connectTimeout) < 0 ? idleTimeout : connectTimeout;
    }

    /** The channel is {@linkplain #shortPatience patient} for a short while only. */
    SecureChannel connect(BackendAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
            if (resolved.isUnresolved()) {
                throw new UnknownHostException("the host name is not known");
            }
            socket.connect(resolved, (int) connectTimeout.toMillis());
            return new SecureChannel(new Connection(socket, shortPatience()), cipher, guard, maxMessageBytes);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
