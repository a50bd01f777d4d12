package recon.common.tls;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import recon.common.crypto.KeyRing;
import recon.common.testing.TestKeys;

/** Whatever arrives in place of a handshake, the server refuses it, and never takes it for one. */
class TlsHelloFuzzTest {
    private final KeyRing keys = TestKeys.cipher(TestKeys.A).keys();

    @FuzzTest(maxDuration = "30s")
    void anyBytes(byte[] data) throws IOException {
        refuse(data);
    }

    /** A hello of somebody who has the key; the first bytes say where the others are written over it. */
    @FuzzTest(maxDuration = "30s")
    void damagedHello(byte[] data) throws IOException {
        byte[] hello = hello();
        if (data.length > Short.BYTES) {
            int at = Short.toUnsignedInt(ByteBuffer.wrap(data).getShort()) % hello.length;
            int count = Math.min(data.length - Short.BYTES, hello.length - at);
            System.arraycopy(data, Short.BYTES, hello, at, count);
        }
        refuse(hello);
    }

    private byte[] hello() throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try {
            TlsSession.client(InputStream.nullInputStream(), sent, keys);
        } catch (HandshakeException | EOFException nobodyAnswers) {
            return sent.toByteArray();
        }
        throw new AssertionError("a session with nobody");
    }

    private void refuse(byte[] data) throws IOException {
        try {
            TlsSession.server(new ByteArrayInputStream(data), OutputStream.nullOutputStream(), keys);
        } catch (HandshakeException | EOFException refused) {
            return;
        }
        throw new AssertionError("a session without a client");
    }
}
