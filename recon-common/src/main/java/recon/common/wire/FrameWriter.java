package recon.common.wire;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.OwnedKey;

/**
 * Seals messages and writes them as {@linkplain FrameFormat frames}. The length and the beginning of the token leave in
 * one write: a Python peer reads the length with a single {@code recv} and gives up on a short one.
 *
 * <p>Not thread-safe: used only by the thread that owns the connection.
 */
final class FrameWriter {
    private final OutputStream out;
    private final FernetCipher cipher;

    FrameWriter(OutputStream out, FernetCipher cipher) {
        this.out = out;
        this.cipher = cipher;
    }

    /**
     * Writes one frame with {@code body[0..length)} sealed by that key.
     *
     * @param fingerprint told before the end of the token leaves, so that nobody can send it back sooner
     */
    void write(byte[] body, int length, OwnedKey key, LongConsumer fingerprint) throws IOException {
        int tokenBytes = FernetCipher.tokenBytes(length);
        OutputStream frame =
                new BufferedOutputStream(out, Math.min(FrameFormat.WRITE_BYTES, FrameFormat.LENGTH_BYTES + tokenBytes));
        frame.write(
                ByteBuffer.allocate(FrameFormat.LENGTH_BYTES).putInt(tokenBytes).array());
        fingerprint.accept(cipher.seal(body, length, key, frame)); // the signature is still in the buffer
        frame.flush();
    }
}
