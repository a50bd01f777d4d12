package recon.common.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The secret that client and server share: 16 bytes that sign, then 16 bytes that encrypt (Fernet specification, "Key
 * Format"). Its text is 44 characters of base64url with padding, as Python's {@code Fernet.generate_key()} writes it.
 *
 * <p>The bytes do not leave this package and are overwritten by {@link #close()}; using a closed key is an
 * {@link IllegalStateException}. Thread-safe, apart from a close during use.
 */
public final class SharedKey implements AutoCloseable {
    /** Characters of a key's text, with the one of padding. */
    public static final int TEXT_CHARS = 44;

    private static final int HALF_BYTES = 16;

    private final byte[] bytes;
    private volatile boolean closed;

    private SharedKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Parses the text of a key: 44 characters of the URL-safe alphabet, the last one a {@code =}.
     *
     * @throws IllegalArgumentException if it is anything else; the message never repeats the text
     */
    public static SharedKey parse(String base64Url) {
        if (base64Url.length() != TEXT_CHARS) {
            throw new IllegalArgumentException(
                    "a shared key has " + TEXT_CHARS + " characters of base64url; this one has " + base64Url.length());
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(base64Url);
        } catch (IllegalArgumentException namesACharacterOfTheKey) {
            throw new IllegalArgumentException(
                    "a shared key holds only the letters A-Z and a-z, digits, '-', '_' and one '=' at its end");
        }
        if (bytes.length != 2 * HALF_BYTES) {
            int length = bytes.length;
            Arrays.fill(bytes, (byte) 0);
            throw new IllegalArgumentException(
                    "a shared key is " + 2 * HALF_BYTES + " bytes of base64url; this one is " + length);
        }
        return new SharedKey(bytes);
    }

    public static SharedKey generate(SecureRandom random) {
        byte[] bytes = new byte[2 * HALF_BYTES];
        random.nextBytes(bytes);
        return new SharedKey(bytes);
    }

    /** The text that {@link #parse} reads: for the operator who asked for a new key, and for nobody else. */
    public String text() {
        return Base64.getUrlEncoder().encodeToString(open());
    }

    /** A copy of the bytes that sign; the caller wipes it. */
    byte[] signingHalf() {
        return Arrays.copyOfRange(open(), 0, HALF_BYTES);
    }

    /** A copy of the bytes that encrypt; the caller wipes it. */
    byte[] encryptionHalf() {
        return Arrays.copyOfRange(open(), HALF_BYTES, 2 * HALF_BYTES);
    }

    private byte[] open() {
        if (closed) {
            throw new IllegalStateException("this shared key has been closed");
        }
        return bytes;
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "SharedKey[hidden]";
    }
}
