package recon.common.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.OpenedToken;
import recon.common.crypto.OwnedKey;

/**
 * Reads {@linkplain FrameFormat frames} from one stream and opens their tokens.
 *
 * <p>Not thread-safe: used only by the thread that owns the connection.
 */
final class FrameReader {
    private final InputStream in;
    private final FernetCipher cipher;
    private Optional<OwnedKey> peerKey = Optional.empty();

    FrameReader(InputStream in, FernetCipher cipher) {
        this.in = in;
        this.cipher = cipher;
    }

    /** From now on only that key opens, and the length that the peer states is believed before its bytes are here. */
    void peerIsKnown(OwnedKey key) {
        peerKey = Optional.of(key);
    }

    /**
     * Reads the next frame, blocking until it is complete.
     *
     * @param maxTokenBytes the longest token to take now
     * @return the opened token, or empty if the peer closed the stream between two frames
     * @throws EOFException if the stream ends inside a frame
     * @throws ProtocolException if the length is out of range; nothing is allocated then
     * @throws recon.common.crypto.AuthenticationFailedException if the token was not made with a key of ours
     */
    Optional<OpenedToken> next(int maxTokenBytes) throws IOException {
        byte[] prefix = in.readNBytes(FrameFormat.LENGTH_BYTES);
        if (prefix.length == 0) {
            return Optional.empty(); // an ordinary close
        }
        if (prefix.length < FrameFormat.LENGTH_BYTES) {
            throw new EOFException(
                    "stream ended after " + prefix.length + " of " + FrameFormat.LENGTH_BYTES + " bytes of a length");
        }
        long length = Integer.toUnsignedLong(ByteBuffer.wrap(prefix).getInt());
        if (length < FrameFormat.MIN_TOKEN_BYTES || length > maxTokenBytes) {
            throw new ProtocolException("frame length " + length + " is outside " + FrameFormat.MIN_TOKEN_BYTES + ".."
                    + maxTokenBytes + "; the peer does not speak this protocol, or MAX_MESSAGE_BYTES is too small");
        }
        return Optional.of(cipher.open(in, (int) length, peerKey));
    }
}
