package recon.common.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import recon.common.crypto.OwnedKey;
import recon.common.net.Connection;
import recon.common.tls.TlsSession;

/** Version 2: messages and the bytes of files as {@linkplain StreamFrame frames} in a TLS session. */
final class TlsTransport implements Transport {
    /** Memory for a message grows with what arrives, beyond this. */
    private static final int FIRST_BODY_BYTES = 64 * 1024;

    private final Connection connection;
    private final TlsSession session;
    private final int maxMessageBytes;
    private final byte[] header = new byte[StreamFrame.HEADER_BYTES];
    private int kind;
    private int bodyLeft;
    private boolean patient;

    /** @param session whose handshake is done: the peer has shown its key */
    TlsTransport(Connection connection, TlsSession session, int maxMessageBytes) {
        this.connection = connection;
        this.session = session;
        this.maxMessageBytes = maxMessageBytes;
        if (session.key().owner().relay()) {
            connection.peerIsKnownRelay();
        } else {
            connection.peerIsKnown();
        }
    }

    @Override
    public String name() {
        return "tls";
    }

    @Override
    public Optional<OwnedKey> peerKey() {
        return Optional.of(session.key());
    }

    @Override
    public void send(Message message) throws IOException {
        send(RawMessage.of(message), message.label());
    }

    @Override
    public void send(RawMessage message) throws IOException {
        send(message, "a message");
    }

    private void send(RawMessage body, String label) throws IOException {
        if (body.length() > maxMessageBytes) {
            throw new IllegalArgumentException(label + " takes " + body.length() + " bytes on the wire, more than "
                    + maxMessageBytes + " (MAX_MESSAGE_BYTES)");
        }
        writeHeader(StreamFrame.MESSAGE, body.length());
        session.write(body.buffer(), 0, body.length());
    }

    /** Sends bytes of the file that was begun last. */
    void sendData(byte[] bytes, int length) throws IOException {
        for (int at = 0; at < length; at += StreamFrame.MAX_DATA_BYTES) {
            int count = Math.min(length - at, StreamFrame.MAX_DATA_BYTES);
            writeHeader(StreamFrame.DATA, count);
            session.write(bytes, at, count);
        }
    }

    void sendKeepAlive() throws IOException {
        writeHeader(StreamFrame.KEEP_ALIVE, 0);
        session.flush();
    }

    private void writeHeader(int frameKind, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(StreamFrame.HEADER_BYTES);
        session.write(bytes.put((byte) frameKind).putInt(length).array(), 0, StreamFrame.HEADER_BYTES);
    }

    @Override
    public void flush() throws IOException {
        session.flush();
    }

    @Override
    public Optional<Message> receiveWhenever() throws IOException {
        patient = true;
        try {
            return receive();
        } finally {
            patient = false;
        }
    }

    @Override
    public Optional<Message> receive() throws IOException {
        if (!nextFrame()) {
            return Optional.empty();
        }
        requireMessage();
        return Optional.of(readMessage());
    }

    /**
     * Reads bytes of the file that was begun last.
     *
     * @param bytes how many are due
     * @return the message that came instead of the rest; empty if all have come
     */
    Optional<Message> receiveData(long bytes, DataSink sink) throws IOException {
        long left = bytes;
        while (left > 0) {
            if (bodyLeft == 0) {
                if (!nextFrame()) {
                    throw new EOFException(
                            "the peer closed the connection " + left + " bytes before the end of a file");
                }
                if (kind == StreamFrame.MESSAGE) {
                    return Optional.of(readMessage());
                }
                if (bodyLeft > left) {
                    throw new ProtocolException("the file is longer than it was announced");
                }
            }
            int count = session.read(bodyLeft, sink::take);
            if (count < 0) {
                throw new EOFException("the connection ended " + left + " bytes before the end of a file");
            }
            bodyLeft -= count;
            left -= count;
        }
        return Optional.empty();
    }

    /**
     * Reads what has arrived and was not asked for.
     *
     * @return the next message; empty if there is nothing, or only signs of life
     * @throws EOFException if the peer has closed the connection
     */
    Optional<Message> receiveIfAny() throws IOException {
        while (hasUnread()) {
            if (!beginFrame()) {
                throw new EOFException("the peer closed the connection");
            }
            if (kind != StreamFrame.KEEP_ALIVE) {
                requireMessage();
                return Optional.of(readMessage());
            }
        }
        return Optional.empty();
    }

    /**
     * Passes on what arrives, each byte as soon as it is here, until there is a message.
     *
     * @return the message; empty at the end of the session
     */
    Optional<RawMessage> passOn(Transport to) throws IOException {
        while (true) {
            if (!hasUnread()) {
                to.flush();
                connection.awaitInput(Duration.ZERO);
            }
            if (!beginFrame()) {
                return Optional.empty();
            }
            if (kind == StreamFrame.MESSAGE) {
                return Optional.of(readRaw());
            }
            if (to instanceof TlsTransport next) {
                next.writeHeader(kind, bodyLeft);
                passBodyOn(next.session);
            } else {
                requireMessage(); // version 1 has no sign of life
            }
        }
    }

    private void passBodyOn(TlsSession to) throws IOException {
        while (bodyLeft > 0) {
            if (!hasUnread()) {
                to.flush();
            }
            int count = session.read(bodyLeft, to::write);
            if (count < 0) {
                throw new EOFException("the connection ended inside a frame");
            }
            bodyLeft -= count;
        }
    }

    void beFullDuplex() {
        session.beFullDuplex();
    }

    private void requireMessage() throws ProtocolException {
        if (kind == StreamFrame.DATA) {
            throw new ProtocolException("got bytes of a file where a message was due");
        }
    }

    /** Begins the next frame that is a message or data. Returns false at the end of the session. */
    private boolean nextFrame() throws IOException {
        do {
            if (!beginFrame()) {
                return false;
            }
        } while (kind == StreamFrame.KEEP_ALIVE);
        return true;
    }

    private boolean beginFrame() throws IOException {
        if (!readHeader()) {
            return false;
        }
        kind = header[0];
        long length =
                Integer.toUnsignedLong(ByteBuffer.wrap(header, 1, Integer.BYTES).getInt());
        long min = kind == StreamFrame.KEEP_ALIVE ? 0 : 1;
        long max = switch (kind) {
            case StreamFrame.KEEP_ALIVE -> 0;
            case StreamFrame.MESSAGE -> maxMessageBytes;
            case StreamFrame.DATA -> StreamFrame.MAX_DATA_BYTES;
            default -> throw new ProtocolException("unknown kind of frame: " + kind);
        };
        if (length < min || length > max) {
            throw new ProtocolException("frame length " + length + " is outside " + min + ".." + max
                    + (kind == StreamFrame.MESSAGE ? "; MAX_MESSAGE_BYTES may be too small" : ""));
        }
        bodyLeft = (int) length;
        return true;
    }

    private boolean readHeader() throws IOException {
        int[] filled = new int[1];
        if (patient && !session.hasPlaintext()) {
            connection.awaitInput(Duration.ZERO);
        }
        while (filled[0] < StreamFrame.HEADER_BYTES) {
            int count = session.read(StreamFrame.HEADER_BYTES - filled[0], (bytes, offset, length) -> {
                System.arraycopy(bytes, offset, header, filled[0], length);
                filled[0] += length;
            });
            if (count < 0) {
                if (filled[0] == 0) {
                    return false;
                }
                throw new EOFException("the connection ended inside a frame");
            }
        }
        return true;
    }

    private Message readMessage() throws IOException {
        return readRaw().decode();
    }

    private RawMessage readRaw() throws IOException {
        Body body = new Body(Math.min(bodyLeft, FIRST_BODY_BYTES));
        while (bodyLeft > 0) {
            int count = session.read(bodyLeft, body);
            if (count < 0) {
                throw new EOFException("the connection ended inside a message");
            }
            bodyLeft -= count;
        }
        return new RawMessage(body.bytes, body.length);
    }

    private static final class Body implements TlsSession.Sink {
        private byte[] bytes;
        private int length;

        Body(int capacity) {
            bytes = new byte[capacity];
        }

        @Override
        public void take(byte[] from, int offset, int count) {
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
            }
            System.arraycopy(from, offset, bytes, length, count);
            length += count;
        }
    }

    @Override
    public boolean isEndedByPeer() throws IOException {
        return session.isEndedByPeer();
    }

    private boolean hasUnread() {
        return session.hasPlaintext() || connection.hasInput();
    }

    @Override
    public void end() throws IOException {
        session.end();
    }
}
