package recon.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.net.Connection;
import recon.common.wire.Opening;
import recon.common.wire.SecureChannel;

/** Makes connections to the one server of the settings. Thread-safe; {@link #close()} ends those of other threads. */
final class Connector implements AutoCloseable {
    private final ClientSettings settings;
    private final Door door;
    private final FernetCipher cipher;
    private final ReplayGuard guard;
    private final Consumer<String> trace;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Connector(ClientSettings settings, Door door, Consumer<String> trace) {
        this.settings = settings;
        this.door = door;
        this.trace = trace;
        this.cipher = new FernetCipher(settings.keys());
        this.guard = new ReplayGuard(settings.limits().messageMaxAge().orElse(Duration.ZERO), Clock.systemUTC());
    }

    /** What is said over one connection. */
    @FunctionalInterface
    interface Conversation<T> {
        T run(SecureChannel channel) throws IOException;
    }

    /** Holds a conversation over a connection of its own. The exception's cause is the failure as it was. */
    <T> T converse(Conversation<T> conversation) throws ClientException {
        Socket socket = new Socket();
        closeWithUs(socket);
        try (SecureChannel channel = connect(socket)) {
            return converse(channel, conversation);
        } catch (ClientException e) {
            throw e;
        } catch (IOException e) {
            throw ClientException.of(e, true, door); // closing failed
        } finally {
            leave(socket);
        }
    }

    private <T> T converse(SecureChannel channel, Conversation<T> conversation) throws ClientException {
        try {
            return conversation.run(channel);
        } catch (IOException e) {
            trace.accept("failed: " + e);
            throw ClientException.of(e, channel.hasHeardPeer(), door);
        }
    }

    /** Says what is wanted, on a new connection, over the transport that the settings choose. */
    void ask(SecureChannel channel, Opening request) throws IOException {
        channel.ask(request, settings.transport());
        trace.accept("sent " + request.label() + " over " + channel.transport());
    }

    private SecureChannel connect(Socket socket) throws ClientException {
        try {
            InetSocketAddress address = new InetSocketAddress(settings.serverHost(), settings.serverPort());
            if (address.isUnresolved()) {
                throw new UnknownHostException("the host name is not known");
            }
            socket.connect(address, (int) settings.connectTimeout().toMillis());
            trace.accept("connected to " + socket.getRemoteSocketAddress());
            return new SecureChannel(
                    new Connection(socket, settings.limits().idleTimeout()),
                    cipher,
                    guard,
                    settings.limits().maxMessageBytes());
        } catch (IOException e) {
            close(socket);
            throw ClientException.cannotConnect(settings.serverHost() + " port " + settings.serverPort(), door, e);
        }
    }

    /** To be closed with this; at once, if this is closed. */
    void closeWithUs(Closeable one) {
        open.add(one);
        if (closed) {
            close(one);
        }
    }

    void leave(Closeable one) {
        open.remove(one);
    }

    /** Closes every connection, and lets nobody make another one. */
    @Override
    public void close() {
        closed = true;
        open.forEach(this::close);
    }

    private void close(Closeable one) {
        try {
            one.close();
        } catch (IOException e) {
            trace.accept("closing failed: " + e);
        }
    }
}
