package recon.common.wire;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.KeyRing;
import recon.common.crypto.OwnedKey;
import recon.common.crypto.ReplayGuard;
import recon.common.net.Connection;
import recon.common.tls.TlsSession;

/**
 * A conversation in {@link Message}s over one connection, every one sealed. Begins as version 1 and may go on as version
 * 2, in TLS, which {@linkplain #streams moves files} without a round trip for each.
 *
 * <p>Not thread-safe: one thread at a time owns the channel, and hands it on whole.
 */
public final class SecureChannel implements Closeable {
    /** The first byte of a TLS client's hello; the first of a Fernet frame is 0, since frames are short. */
    private static final int TLS_HANDSHAKE = 0x16;

    private final Connection connection;
    private final KeyRing keys;
    private final int maxMessageBytes;
    private Transport transport;
    private Optional<Message> unread = Optional.empty();
    private Optional<KeyOwner> onBehalfOf = Optional.empty();

    /** @param maxMessageBytes the longest message to take, once the peer has shown that it has a key */
    public SecureChannel(Connection connection, FernetCipher cipher, ReplayGuard guard, int maxMessageBytes) {
        this.connection = connection;
        this.keys = cipher.keys();
        this.maxMessageBytes = maxMessageBytes;
        this.transport = new FernetTransport(connection, cipher, guard, maxMessageBytes);
    }

    public InetSocketAddress peer() {
        return connection.peer();
    }

    /** Whether the peer has closed the connection, or it broke. */
    public boolean peerHasLeft() {
        try {
            return connection.isEnded() || (connection.hasInput() && transport.isEndedByPeer());
        } catch (IOException broken) {
            return true;
        }
    }

    /** Whether the peer has sent anything that our key opens. */
    public boolean hasHeardPeer() {
        return transport.peerKey().isPresent();
    }

    /** Who asks: whom the peer's key belongs to, or for whom a relay asks. Only after it was heard. */
    public KeyOwner owner() {
        return onBehalfOf.orElseGet(this::keyOwner);
    }

    /** Whether the peer is a relay that has said for whom it asks. */
    public boolean isRelayed() {
        return onBehalfOf.isPresent();
    }

    private KeyOwner keyOwner() {
        return transport.peerKey().map(OwnedKey::owner).orElseThrow(() -> new IllegalStateException("not heard yet"));
    }

    /** The word for the transport in use now: {@code fernet} or {@code tls}. */
    public String transport() {
        return transport.name();
    }

    /** Whether files go as a stream of bytes, as version 2 has it, and not message by message. */
    public boolean streams() {
        return transport instanceof TlsTransport;
    }

    /** The largest piece of a file that fits into one message of version 1, given the file's name. */
    public int maxChunkBytes(String filename) {
        return transport instanceof FernetTransport fernet ? fernet.maxChunkBytes(filename) : Integer.MAX_VALUE;
    }

    /**
     * Asks a server, as its client: the first thing that is said.
     *
     * @param choice how to talk; {@link TransportChoice#AUTO} leaves it to the server
     */
    public void ask(Opening request, TransportChoice choice) throws IOException {
        ask(request, choice, Optional.empty());
    }

    /** As {@link #ask(Opening, TransportChoice)}, as a relay: for whom, if it is to be said. */
    public void ask(Opening request, TransportChoice choice, Optional<KeyOwner> client) throws IOException {
        Offer offer = new Offer(request, List.of(UseTransport.TLS), client);
        if (choice == TransportChoice.AUTO) {
            send(offer);
            Optional<Message> answer = request.mayBeAnsweredLate() ? receiveWhenever() : receive();
            if (answer.isEmpty()) {
                throw new EOFException("the peer closed the connection; expected the answer to " + request.command());
            }
            if (!(answer.get() instanceof UseTransport use)) {
                unread = answer;
                return;
            }
            if (!use.transport().equals(UseTransport.TLS)) {
                throw new ProtocolException(
                        "the server wants transport " + use.transport() + ", which was not offered");
            }
        }
        if (choice != TransportChoice.FERNET) {
            transport = new TlsTransport(
                    connection, TlsSession.client(connection.input(), connection.output(), keys), maxMessageBytes);
        }
        send(offer.withoutTransports());
    }

    /**
     * Receives what a client says first, as its server, and goes over to TLS if the client is able to and asks for
     * something that moves files.
     *
     * @return empty if the client closed the connection without a word
     */
    public Optional<Message> receiveFirst(TransportChoice accepted) throws IOException {
        Optional<Message> first = receiveAsItComes(accepted);
        if (first.isPresent() && first.get() instanceof Offer offer) {
            if (isToSwitch(offer, accepted)) {
                first = goOverToTls();
            }
            if (first.isPresent() && first.get() instanceof Offer last) {
                first = Optional.of(requestOf(last));
            }
        }
        if (first.isPresent() && accepted == TransportChoice.TLS && !streams()) {
            send(new Refusal(Refusal.TLS_ONLY));
            throw new ProtocolException("the client does not know TLS, which alone is among the TRANSPORTS");
        }
        return first;
    }

    /**
     * Receives what a client says first, as its server, and leaves it to the caller whether to {@linkplain #goOverToTls go
     * over} to TLS.
     *
     * @return empty if the client closed the connection without a word
     */
    public Optional<Message> receiveAsItComes(TransportChoice accepted) throws IOException {
        if (connection.peek() == TLS_HANDSHAKE) {
            if (accepted == TransportChoice.FERNET) {
                throw new ProtocolException("the client begins with TLS, which is not among the TRANSPORTS");
            }
            serveTls();
        }
        return receive();
    }

    /**
     * Makes a client that has offered to do so use TLS; returns the request, which it says again.
     *
     * @return empty if the client has closed the connection
     */
    public Optional<Message> goOverToTls() throws IOException {
        send(new UseTransport(UseTransport.TLS));
        if (connection.peek() < 0) {
            return Optional.empty();
        }
        serveTls();
        return receive();
    }

    private Opening requestOf(Offer offer) throws IOException {
        if (offer.onBehalfOf().isPresent()) {
            if (!keyOwner().relay()) {
                send(
                        new Event.EventError(
                                "this key may not ask on behalf of others: the server knows it as "
                                        + keyOwner().name()
                                        + ", not as a relay; make a relay's key with \"recon-server.jar client-key add NAME --relay\""));
                throw new ProtocolException(
                        "a request on behalf of " + offer.onBehalfOf().get().name() + " with a key that is no relay's");
            }
            onBehalfOf = offer.onBehalfOf();
        }
        return offer.request();
    }

    /** A query costs one round trip as it is, and several with a handshake: it stays where it can. */
    private static boolean isToSwitch(Offer offer, TransportChoice accepted) {
        return switch (accepted) {
            case FERNET -> false;
            case TLS -> offer.transports().contains(UseTransport.TLS);
            case AUTO ->
                offer.transports().contains(UseTransport.TLS) && offer.request().movesFiles();
        };
    }

    private void serveTls() throws IOException {
        transport = new TlsTransport(
                connection, TlsSession.server(connection.input(), connection.output(), keys), maxMessageBytes);
    }

    /**
     * Sends a message.
     *
     * @throws IllegalArgumentException if it is longer than a peer takes: than MAX_MESSAGE_BYTES, or as the first message
     *     than 4 MiB
     */
    public void send(Message message) throws IOException {
        transport.send(message);
        transport.flush();
    }

    /** Sends a message with the next one that is not sent later, or with {@link #flush}, where that is cheaper. */
    public void sendLater(Message message) throws IOException {
        transport.send(message);
    }

    public void flush() throws IOException {
        transport.flush();
    }

    /** Sends the first bytes of an array as the next ones of a file; as {@link #sendLater}. Only if it {@link #streams}. */
    public void sendData(byte[] bytes, int length) throws IOException {
        tls().sendData(bytes, length);
    }

    /**
     * Receives bytes of a file. Only if it {@link #streams}.
     *
     * @param bytes how many are due
     * @return the message that came instead of the rest; empty if all have come
     */
    public Optional<Message> receiveData(long bytes, DataSink sink) throws IOException {
        return tls().receiveData(bytes, sink);
    }

    /**
     * Passes on what arrives here, frame by frame, until there is a message, which is for the caller to
     * {@linkplain #send(RawMessage) send} on. It may take any time to begin. One thread may do this while another sends here:
     * see {@link #beFullDuplex}.
     *
     * @return empty at the end of the conversation
     */
    public Optional<RawMessage> passOn(SecureChannel to) throws IOException {
        if (transport instanceof TlsTransport from) {
            return from.passOn(to.transport);
        }
        to.flush();
        return ((FernetTransport) transport).receiveRaw();
    }

    /** What the server has answered already, as it was asked: it does not come again with {@link #passOn}. */
    public Optional<Message> answeredAlready() {
        Optional<Message> answer = unread;
        unread = Optional.empty();
        return answer;
    }

    /** Sends a message as it was received, with the next one that is not, or with {@link #flush}. */
    public void send(RawMessage message) throws IOException {
        transport.send(message);
    }

    /** From now on one thread may receive while another one sends. Nothing is flushed by itself any more. */
    public void beFullDuplex() {
        if (transport instanceof TlsTransport tls) {
            tls.beFullDuplex();
        }
    }

    /**
     * Says that nothing more will come from here. In version 1 what the peer says can still be received; in TLS the session
     * ends both ways.
     */
    public void endOutput() throws IOException {
        try {
            transport.end();
        } finally {
            connection.endOutput();
        }
    }

    /** Tells a peer that waits for us, and would give up, that we are busy. Nothing where version 1 is spoken. */
    public void keepAlive() throws IOException {
        if (transport instanceof TlsTransport tls) {
            tls.sendKeepAlive();
        }
    }

    /**
     * Receives what the peer has said although nothing was due, while files are sent. Only if it {@link #streams}.
     *
     * @return empty if it has said nothing
     */
    public Optional<Message> receiveIfAny() throws IOException {
        return tls().receiveIfAny();
    }

    private TlsTransport tls() {
        if (transport instanceof TlsTransport tls) {
            return tls;
        }
        throw new IllegalStateException("version 1 does not stream");
    }

    /**
     * Reads the next message. No pause between bytes may be longer than the connection's idle limit.
     *
     * @return empty if the peer closed the connection between two messages
     */
    public Optional<Message> receive() throws IOException {
        if (unread.isPresent()) {
            Optional<Message> message = unread;
            unread = Optional.empty();
            return message;
        }
        return transport.receive();
    }

    /** As {@link #receive}, but the message may take any time to begin: a job waits for its turn. */
    public Optional<Message> receiveWhenever() throws IOException {
        return unread.isPresent() ? receive() : transport.receiveWhenever();
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

    /** From now on a pause of the peer may be so long, and no longer. */
    public void limitPauses(Duration limit) {
        connection.limitPauses(limit);
    }

    /** How long ago the peer last sent something, or took something. */
    public Duration sinceMoved() {
        return connection.sinceMoved();
    }

    /** A listener that stops leaves it alone from now on; see {@link Connection#handOn}. */
    public void handOn() {
        connection.handOn();
    }

    /** Closes the connection so that what was sent last still reaches the peer. */
    public void finish() throws IOException {
        try {
            transport.end();
        } finally {
            connection.finish();
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
