package recon.common.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The key two peers share: 128 bits that sign, then 128 bits that encrypt
 * (<a href="https://github.com/fernet/spec/blob/master/Spec.md#key-format">Fernet, Key Format</a>).
 */
public final class SharedKey implements AutoCloseable {
    private static final int HALF_BYTES = 16;

    private final byte[] bytes;

    private SharedKey(byte[] bytes) {
        this.bytes = bytes;
    }

    public static SharedKey parse(String base64Url) {
        byte[] bytes = Base64.getUrlDecoder().decode(base64Url);
        if (bytes.length != 2 * HALF_BYTES) {
            throw new IllegalArgumentException("a shared key is 32 bytes; this one is " + bytes.length);
        }
        return new SharedKey(bytes);
    }

    public static SharedKey generate(SecureRandom random) {
        byte[] bytes = new byte[2 * HALF_BYTES];
        random.nextBytes(bytes);
        return new SharedKey(bytes);
    }

    public String text() {
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    byte[] signingHalf() {
        return Arrays.copyOfRange(bytes, 0, HALF_BYTES);
    }

    byte[] encryptionHalf() {
        return Arrays.copyOfRange(bytes, HALF_BYTES, 2 * HALF_BYTES);
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "SharedKey[hidden]";
    }
}
