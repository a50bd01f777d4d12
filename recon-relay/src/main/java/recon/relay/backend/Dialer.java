package recon.relay.backend;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
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

    /** What a failure on a connection most likely means. */
    static IOException explained(SecureChannel channel, IOException e) {
        return !channel.hasHeardPeer() && (e instanceof EOFException || e instanceof SocketException)
                ? new IOException(
                        "it closed the connection without an answer: it has too many (its MAX_CONNECTIONS and"
                                + " MAX_CONNECTIONS_PER_ADDRESS), or it does not know SHARED_KEY_FOR_BACKENDS, or the clocks"
                                + " differ by more than MESSAGE_MAX_AGE_SECONDS, or it is stopping (its log says which)",
                        e)
                : e;
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
