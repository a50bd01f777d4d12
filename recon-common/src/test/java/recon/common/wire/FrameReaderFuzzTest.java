package recon.common.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import recon.common.crypto.AuthenticationFailedException;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.OpenedToken;
import recon.common.testing.TestKeys;

/**
 * Whatever arrives, the frame reader gives a token, an end, or one of its three refusals. Nobody can forge a token, so
 * one is had only from the input's own frame: the fuzzer says what to seal and where to damage it.
 */
class FrameReaderFuzzTest {
    private static final int MAX_TOKEN_BYTES = 1 << 20;

    private final FernetCipher cipher = TestKeys.cipher(TestKeys.A);

    @FuzzTest(maxDuration = "30s")
    void anyStream(byte[] data) throws IOException {
        // Another key than the seeds were sealed with: else the fuzzer wins by putting a damaged seed right.
        Optional<OpenedToken> token = readOrRefuse(data, TestKeys.cipher(TestKeys.B));
        require(token.isEmpty(), "a token was forged");
    }

    /** The first bytes say where to damage the frame, the rest is sealed in it. */
    @FuzzTest(maxDuration = "30s")
    void damagedFrame(byte[] data) throws IOException {
        if (data.length < 4) {
            return;
        }
        byte[] body = Arrays.copyOfRange(data, 4, data.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new FrameWriter(out, cipher).write(body, body.length, cipher.firstKey(), fingerprint -> {});
        byte[] frame = out.toByteArray();
        int at = Short.toUnsignedInt(ByteBuffer.wrap(data).getShort()) % frame.length;
        frame[at] ^= data[2];
        Optional<OpenedToken> token = readOrRefuse(frame, cipher);
        if (data[2] == 0) {
            OpenedToken whole = token.orElseThrow();
            require(
                    Arrays.equals(whole.buffer(), 0, whole.length(), body, 0, body.length),
                    "what was sealed was not what was opened");
        } else {
            require(token.isEmpty(), "a damaged frame was opened");
        }
    }

    private static Optional<OpenedToken> readOrRefuse(byte[] stream, FernetCipher cipher) throws IOException {
        try {
            return new FrameReader(new ByteArrayInputStream(stream), cipher).next(MAX_TOKEN_BYTES);
        } catch (ProtocolException | EOFException | AuthenticationFailedException refused) {
            return Optional.empty();
        }
    }

    /** Plain, because an assertion library would be instrumented as well and take most of the fuzzer's time. */
    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
