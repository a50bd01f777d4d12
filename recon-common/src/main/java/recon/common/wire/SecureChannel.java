package recon.common.wire;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.OpenedToken;
import recon.common.crypto.ReplayGuard;
import recon.common.net.Connection;

/**
 * A conversation in {@link Message}s over one connection, every one sealed. Answers with the key that the peer used, so
 * that a server which accepts several can serve clients that have changed theirs and clients that have not.
 *
 * <p>Not thread-safe: one thread at a time owns the channel, and hands it on whole.
 */
public final class SecureChannel implements Closeable {
    private final Connection connection;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final ReplayGuard guard;
    private final int maxTokenBytes;
    private boolean peerIsKnown;
    private boolean peerKnowsUs;
    private int key;

    /** @param maxTokenBytes the longest message to take, once the peer has shown that it has a key */
    public SecureChannel(Connection connection, FernetCipher cipher, ReplayGuard guard, int maxTokenBytes) {
        this.connection = connection;
        this.reader = new FrameReader(connection.input(), cipher);
        this.writer = new FrameWriter(connection.output(), cipher);
        this.guard = guard;
        this.maxTokenBytes = maxTokenBytes;
    }

    public InetSocketAddress peer() {
        return connection.peer();
    }

    /** Whether the peer has closed the connection, or it broke. */
    public boolean peerHasLeft() {
        return connection.isEnded();
    }

    /** Whether the peer has sent anything that our key opens. */
    public boolean hasHeardPeer() {
        return peerIsKnown;
    }

    /** The largest piece of a file that fits into one message, given the file's name. */
    public int maxChunkBytes(String filename) {
        int overheadBytes = 256 + 6 * filename.length(); // field names, and every character of the name escaped
        return Math.max(1, (FernetCipher.maxBodyBytes(maxTokenBytes) - overheadBytes) / 4 * 3);
    }

    /**
     * Sends a message.
     *
     * @throws IllegalArgumentException if it is longer than a peer takes: than MAX_MESSAGE_BYTES, or as the first message
     *     than 4 MiB
     */
    public void send(Message message) throws IOException {
        MessageCodec.Encoded body = MessageCodec.encode(message);
        int tokenBytes = FernetCipher.tokenBytes(body.length());
        int limit = maxTokenBytes(peerIsKnown || peerKnowsUs);
        if (tokenBytes > limit) {
            throw new IllegalArgumentException(
                    message.label() + " takes " + tokenBytes + " bytes on the wire, more than " + limit
                            + (peerKnowsUs ? " (MAX_MESSAGE_BYTES)" : "; submit fewer files at once"));
        }
        peerKnowsUs = true;
        writer.write(body.buffer(), body.length(), key, guard::sealed);
    }

    /**
     * Reads the next message. No pause between bytes may be longer than the connection's idle limit.
     *
     * @return empty if the peer closed the connection between two messages
     */
    public Optional<Message> receive() throws IOException {
        Optional<OpenedToken> token = reader.next(maxTokenBytes(peerIsKnown));
        if (token.isEmpty()) {
            return Optional.empty();
        }
        guard.admit(token.get());
        if (!peerIsKnown) {
            peerIsKnown = true;
            key = token.get().key();
            reader.peerIsKnown();
            connection.peerIsKnown();
        }
        return Optional.of(MessageCodec.decode(token.get().buffer(), token.get().length()));
    }

    /** A stranger's first message is kept shorter. */
    private int maxTokenBytes(boolean known) {
        return known ? maxTokenBytes : Math.min(maxTokenBytes, FrameFormat.MAX_FIRST_TOKEN_BYTES);
    }

    /** As {@link #receive}, but the message may take any time to begin: a job waits for its turn. */
    public Optional<Message> receiveWhenever() throws IOException {
        connection.awaitInput(Duration.ZERO);
        return receive();
    }

    /**
     * Reads the next message, which must be of one kind.
     *
     * @param expected what it should be, for the error: "file_chunk of a.7"
     * @throws ProtocolException if it is of another kind; a {@link Refusal} or an {@link Event.EventError} becomes a
     *     {@link RefusedException}
     */
    public <M extends Message> M expect(Class<M> kind, String expected) throws IOException {
        return cast(receive(), kind, expected);
    }

    /** @see #expect */
    public static <M extends Message> M cast(Optional<Message> message, Class<M> kind, String expected)
            throws IOException {
        if (message.isEmpty()) {
            throw new EOFException("the peer closed the connection; expected " + expected);
        }
        if (message.get() instanceof Refusal refusal) {
            throw new RefusedException(refusal.message(), false);
        }
        if (message.get() instanceof Event.EventError error) {
            throw new RefusedException(error.message(), error.tryAgain());
        }
        if (kind.isInstance(message.get())) {
            return kind.cast(message.get());
        }
        throw new ProtocolException(
                "expected " + expected + ", got " + message.get().label());
    }

    /** Sends an event and waits until the peer acknowledges it. */
    public EventAck announce(Event event) throws IOException {
        send(event);
        return expectAck(event.name());
    }

    /** Waits until the peer acknowledges the event of that name. */
    public EventAck expectAck(String event) throws IOException {
        String expected = "ack_command of " + event;
        EventAck ack = expect(EventAck.class, expected);
        if (!ack.command().equals(event)) {
            throw new ProtocolException("expected " + expected + ", got ack_command of " + ack.command());
        }
        return ack;
    }

    /** A listener that stops leaves it alone from now on; see {@link Connection#handOn}. */
    public void handOn() {
        connection.handOn();
    }

    /** Closes the connection so that what was sent last still reaches the peer. */
    public void finish() throws IOException {
        connection.finish();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
