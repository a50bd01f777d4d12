package recon.relay.forward;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import recon.common.crypto.KeyOwner;
import recon.common.job.JobId;
import recon.common.transfer.KeepAlive;
import recon.common.wire.Event;
import recon.common.wire.RelayReport;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;
import recon.common.wire.WireTime;

/** A client that has said what it wants. Not thread-safe, apart from what is told of it. */
final class Client {
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);

    private final SecureChannel channel;
    private final Request request;
    private final Instant since = Instant.now();
    private final KeepAlive keepAlive;
    private boolean offersTls;
    private final String address;
    private final KeyOwner owner;
    private volatile String transport;
    private volatile Optional<JobId> job = Optional.empty();
    private volatile String backend = "";

    /** @param offersTls whether it could go over to TLS and has not */
    Client(SecureChannel channel, Request request, boolean offersTls) {
        this.channel = channel;
        this.request = request;
        this.keepAlive = new KeepAlive(channel, KEEP_ALIVE);
        this.offersTls = offersTls;
        this.address = channel.peer().getAddress().getHostAddress();
        this.owner = channel.owner();
        this.transport = channel.transport();
    }

    Instant since() {
        return since;
    }

    /** Which job this is about. */
    void isAbout(JobId id) {
        job = Optional.of(id);
    }

    /** Its server's name, or empty for none. */
    void talksTo(String name) {
        backend = name;
    }

    /** As administrators see it, by any thread. */
    RelayReport.Clients.Client report() {
        return new RelayReport.Clients.Client(
                address, owner.name(), transport, WireTime.utc(since), request.command(), job, backend);
    }

    SecureChannel channel() {
        return channel;
    }

    Request request() {
        return request;
    }

    KeyOwner owner() {
        return owner;
    }

    /** How to ask a server, so that both sides can end up with the same transport. */
    TransportChoice choice() {
        return channel.streams() || offersTls ? TransportChoice.AUTO : TransportChoice.FERNET;
    }

    /**
     * Makes the client use the transport that the server uses, where that matters.
     *
     * @return false if it cannot
     */
    boolean matches(SecureChannel server) throws IOException {
        if (server.streams()) {
            useTlsIfOffered();
        }
        return channel.streams() == server.streams() || !request.movesFiles();
    }

    /** Goes over to TLS, in which the client can be told that we are still here. */
    void useTlsIfOffered() throws IOException {
        if (offersTls && request.movesFiles()) {
            offersTls = false;
            goOver(channel);
            transport = channel.transport();
        }
    }

    /** The client says its request again, which is the same. */
    static void goOver(SecureChannel channel) throws IOException {
        if (channel.goOverToTls().isEmpty()) {
            throw new EOFException("the client closed the connection as it began TLS");
        }
    }

    /** Tells it, where it can be told, that we are still busy for it; returns false if it has left. */
    boolean stillWaits() throws IOException {
        if (channel.peerHasLeft()) {
            return false;
        }
        keepAlive.tick();
        return true;
    }

    void refuse(String message, boolean tryAgain) throws IOException {
        channel.send(new Event.EventError(message, tryAgain));
    }
}
