package recon.common.wire;

import java.io.IOException;
import java.util.Optional;
import recon.common.crypto.OwnedKey;

/** How messages cross a connection. Used by the thread that owns the connection. */
sealed interface Transport permits FernetTransport, TlsTransport {
    /** The word for it: {@code fernet} or {@code tls}. */
    String name();

    /** The key of the peer; empty before anything was received from it. */
    Optional<OwnedKey> peerKey();

    /**
     * Sends a message, or keeps it back until the next {@link #flush} where that is cheaper.
     *
     * @throws IllegalArgumentException if it is longer than a peer takes
     */
    void send(Message message) throws IOException;

    /** As {@link #send(Message)}, of a message that was received as it is. */
    void send(RawMessage message) throws IOException;

    void flush() throws IOException;

    /** Reads the next message; empty if the peer closed the connection between two messages. */
    Optional<Message> receive() throws IOException;

    /** As {@link #receive}, but the message may take any time to begin. */
    Optional<Message> receiveWhenever() throws IOException;

    /** Whether the peer has ended the conversation; to be asked when there is input, or the connection has ended. */
    boolean isEndedByPeer() throws IOException;

    /** Tells the peer that nothing more will come, where the transport has a word for that. */
    void end() throws IOException;
}
