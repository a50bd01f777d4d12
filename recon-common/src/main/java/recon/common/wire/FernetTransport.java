package recon.common.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.OpenedToken;
import recon.common.crypto.OwnedKey;
import recon.common.crypto.ReplayGuard;
import recon.common.net.Connection;

/** Version 1: every message is a Fernet token of its own. Answers with the key that the peer used. */
final class FernetTransport implements Transport {
    private final Connection connection;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final FernetCipher cipher;
    private final ReplayGuard guard;
    private final int maxTokenBytes;
    private volatile Optional<OwnedKey> peerKey = Optional.empty();
    private boolean peerKnowsUs;

    FernetTransport(Connection connection, FernetCipher cipher, ReplayGuard guard, int maxTokenBytes) {
        this.connection = connection;
        this.reader = new FrameReader(connection.input(), cipher);
        this.writer = new FrameWriter(connection.output(), cipher);
        this.cipher = cipher;
        this.guard = guard;
        this.maxTokenBytes = maxTokenBytes;
    }

    @Override
    public String name() {
        return "fernet";
    }

    @Override
    public Optional<OwnedKey> peerKey() {
        return peerKey;
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
        int tokenBytes = FernetCipher.tokenBytes(body.length());
        int limit = maxTokenBytes(peerKey.isPresent() || peerKnowsUs);
        if (tokenBytes > limit) {
            throw new IllegalArgumentException(label + " takes " + tokenBytes + " bytes on the wire, more than " + limit
                    + (peerKnowsUs ? " (MAX_MESSAGE_BYTES)" : "; submit fewer files at once"));
        }
        OwnedKey key = peerKey.isPresent() ? peerKey.get() : cipher.firstKey();
        peerKnowsUs = true;
        writer.write(body.buffer(), body.length(), key, guard::sealed);
    }

    @Override
    public void flush() {}

    @Override
    public Optional<Message> receive() throws IOException {
        Optional<RawMessage> message = next();
        return message.isPresent() ? Optional.of(message.get().decode()) : Optional.empty();
    }

    /** As it came; may take any time to begin. */
    Optional<RawMessage> receiveRaw() throws IOException {
        connection.awaitInput(Duration.ZERO);
        return next();
    }

    private Optional<RawMessage> next() throws IOException {
        Optional<OpenedToken> token = reader.next(maxTokenBytes(peerKey.isPresent()));
        if (token.isEmpty()) {
            return Optional.empty();
        }
        guard.admit(token.get());
        if (peerKey.isEmpty()) {
            peerKey = Optional.of(token.get().key());
            reader.peerIsKnown(token.get().key());
            if (token.get().key().owner().relay()) {
                connection.peerIsKnownRelay();
            } else {
                connection.peerIsKnown();
            }
        }
        return Optional.of(new RawMessage(token.get().buffer(), token.get().length()));
    }

    @Override
    public Optional<Message> receiveWhenever() throws IOException {
        connection.awaitInput(Duration.ZERO);
        return receive();
    }

    /** A stranger's first message is kept shorter. */
    private int maxTokenBytes(boolean known) {
        return known ? maxTokenBytes : Math.min(maxTokenBytes, FrameFormat.MAX_FIRST_TOKEN_BYTES);
    }

    /** The largest piece of a file that fits into one message, given the file's name. */
    int maxChunkBytes(String filename) {
        int overheadBytes = 256 + 6 * filename.length(); // field names, and every character of the name escaped
        return Math.max(1, (FernetCipher.maxBodyBytes(maxTokenBytes) - overheadBytes) / 4 * 3);
    }

    @Override
    public boolean isEndedByPeer() {
        return false; // version 1 has no goodbye
    }

    @Override
    public void end() {}
}
