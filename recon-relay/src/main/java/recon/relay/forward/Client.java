package recon.relay.forward;

import java.io.EOFException;
import java.io.IOException;
import recon.common.crypto.KeyOwner;
import recon.common.wire.Event;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;

/** A client that has said what it wants. Not thread-safe. */
final class Client {
    private final SecureChannel channel;
    private final Request request;
    private boolean offersTls;

    /** @param offersTls whether it could go over to TLS and has not */
    Client(SecureChannel channel, Request request, boolean offersTls) {
        this.channel = channel;
        this.request = request;
        this.offersTls = offersTls;
    }

    SecureChannel channel() {
        return channel;
    }

    Request request() {
        return request;
    }

    KeyOwner owner() {
        return channel.owner();
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
        }
    }

    /** The client says its request again, which is the same. */
    static void goOver(SecureChannel channel) throws IOException {
        if (channel.goOverToTls().isEmpty()) {
            throw new EOFException("the client closed the connection as it began TLS");
        }
    }

    void refuse(String message, boolean tryAgain) throws IOException {
        channel.send(new Event.EventError(message, tryAgain));
    }
}
