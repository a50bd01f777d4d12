package recon.common.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;

/**
 * Seals and opens Fernet tokens (<a href="https://github.com/fernet/spec/blob/master/Spec.md">Fernet spec</a>).
 *
 * <pre>
 *   0         1          9        25                  25 + 16 n      57 + 16 n
 *   +---------+----------+--------+-------------------+--------------+
 *   | version | seconds  | IV     | AES-128-CBC       | HMAC-SHA256  |   as base64url text, padded
 *   | 0x80    | u64 BE   | 16     | PKCS #7, n blocks | of the rest  |
 *   +---------+----------+--------+-------------------+--------------+
 * </pre>
 *
 * <p>Works in slices of at most {@value #SLICE_BYTES} bytes, because the JDK's AES and SHA intrinsics run only once
 * their loops are compiled, and one long call stays in the interpreter. Thread-safe: every call has a {@code Cipher}
 * and a {@code Mac} of its own.
 */
public final class FernetCipher {
    /** Length of the longest token text that any receiver here takes. */
    public static final int MAX_TOKEN_BYTES = 1 << 24;

    private static final byte VERSION = (byte) 0x80;
    private static final int BLOCK_BYTES = 16;
    private static final int HMAC_BYTES = 32;
    private static final int HEADER_BYTES = 1 + Long.BYTES + BLOCK_BYTES;
    private static final int MIN_RAW_BYTES = HEADER_BYTES + BLOCK_BYTES + HMAC_BYTES;
    private static final int SLICE_BYTES = 12 * 1024; // whole blocks, and whole groups of three for base64
    static final int SLICE_TEXT_BYTES = SLICE_BYTES / 3 * 4;

    /** What all strangers together may make us hold, beyond a little for each; in KiB. */
    static final int STRANGERS_KIB = 16 * 1024;

    private final KeyRing keys;
    private final Semaphore strangersKib = new Semaphore(STRANGERS_KIB);
    private final SecureRandom random;
    private final Clock clock;

    /** @param keys at least one; the first seals, all open */
    public FernetCipher(List<SharedKey> keys) {
        this(KeyRing.shared(keys));
    }

    /** @param keys the first seals, all open */
    public FernetCipher(KeyRing keys) {
        this(keys, new SecureRandom(), Clock.systemUTC());
    }

    /** For tests that fix the time and the IV. */
    public FernetCipher(List<SharedKey> keys, SecureRandom random, Clock clock) {
        this(KeyRing.shared(keys), random, clock);
    }

    private FernetCipher(KeyRing keys, SecureRandom random, Clock clock) {
        this.keys = keys;
        this.random = random;
        this.clock = clock;
    }

    public KeyRing keys() {
        return keys;
    }

    /**
     * The key to begin a conversation with.
     *
     * @throws IOException if there is no key now
     */
    public OwnedKey firstKey() throws IOException {
        return keys.first();
    }

    /** Length of the token text that seals {@code bodyBytes} bytes of plaintext. */
    public static int tokenBytes(int bodyBytes) {
        long padded = (bodyBytes / BLOCK_BYTES + 1L) * BLOCK_BYTES; // PKCS #7 always adds 1..16 bytes
        return Math.toIntExact((HEADER_BYTES + padded + HMAC_BYTES + 2) / 3 * 4);
    }

    /** The most plaintext whose token is no longer than {@code tokenBytes}; 0 if there is none. */
    public static int maxBodyBytes(int tokenBytes) {
        int blocks = (tokenBytes / 4 * 3 - HEADER_BYTES - HMAC_BYTES) / BLOCK_BYTES;
        return Math.max(0, blocks * BLOCK_BYTES - 1);
    }

    /**
     * Writes the token of {@code body[0..length)} to {@code out}: exactly {@link #tokenBytes tokenBytes(length)} bytes.
     *
     * @param key that seals: the first to begin a conversation, or the one that opened the peer's message
     * @return the token's fingerprint, as its receiver sees it
     */
    public long seal(byte[] body, int length, OwnedKey key, OutputStream out) throws IOException {
        byte[] iv = new byte[BLOCK_BYTES];
        random.nextBytes(iv);
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .put(VERSION)
                .putLong(clock.instant().getEpochSecond())
                .put(iv)
                .array();
        try {
            Mac mac = mac(key);
            Cipher cipher = aesCbc(Cipher.ENCRYPT_MODE, key, iv);
            Base64Slices text = new Base64Slices(out);
            mac.update(header);
            text.write(header, HEADER_BYTES);
            byte[] sealed = new byte[SLICE_BYTES + BLOCK_BYTES];
            for (int at = 0; at < length; at += SLICE_BYTES) {
                int n = cipher.update(body, at, Math.min(SLICE_BYTES, length - at), sealed);
                mac.update(sealed, 0, n);
                text.write(sealed, n);
            }
            int n = cipher.doFinal(sealed, 0);
            mac.update(sealed, 0, n);
            text.write(sealed, n);
            byte[] signature = mac.doFinal();
            text.write(signature, HMAC_BYTES);
            text.finish();
            return fingerprint(signature, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/CBC and HmacSHA256 are required of every Java platform", e);
        }
    }

    /** Reads and opens a token from a stranger: memory grows with the bytes that arrive, not with the length announced. */
    public OpenedToken open(InputStream in, int tokenBytes) throws IOException {
        return openStrangers(in, tokenBytes);
    }

    /**
     * Reads a token of {@code tokenBytes} bytes and opens it. Nothing is decrypted before the signature holds.
     *
     * @param peerKey that the peer has shown: the only one it may go on with; empty for a stranger, who may have any
     * @throws EOFException if the stream ends before the token does
     * @throws AuthenticationFailedException if no such key made the token; in the same words whatever is wrong
     */
    public OpenedToken open(InputStream in, int tokenBytes, Optional<OwnedKey> peerKey) throws IOException {
        return peerKey.isPresent()
                ? open(RawToken.read(in, tokenBytes), List.of(peerKey.get()))
                : openStrangers(in, tokenBytes);
    }

    /** The token of somebody who may have no key: memory grows with what arrives, within a bound for all of them. */
    private OpenedToken openStrangers(InputStream in, int tokenBytes) throws IOException {
        RawToken.Reservation reservation = new RawToken.Reservation(strangersKib);
        try {
            return open(RawToken.read(in, tokenBytes, RawToken.STRANGER_READ_BYTES, reservation), keys.keys());
        } finally {
            reservation.release();
        }
    }

    private OpenedToken open(RawToken raw, List<OwnedKey> accepted) throws AuthenticationFailedException {
        if (raw.length() < MIN_RAW_BYTES || raw.bytes()[0] != VERSION) {
            throw new AuthenticationFailedException();
        }
        int signedBytes = raw.length() - HMAC_BYTES;
        for (OwnedKey key : accepted) {
            if (isSignedBy(key, raw.bytes(), signedBytes)) {
                return decrypt(key, raw.bytes(), signedBytes);
            }
        }
        throw new AuthenticationFailedException();
    }

    private static boolean isSignedBy(OwnedKey key, byte[] raw, int signedBytes) {
        try {
            Mac mac = mac(key);
            for (int at = 0; at < signedBytes; at += SLICE_BYTES) {
                mac.update(raw, at, Math.min(SLICE_BYTES, signedBytes - at));
            }
            return MessageDigest.isEqual(mac.doFinal(), Arrays.copyOfRange(raw, signedBytes, signedBytes + HMAC_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is required of every Java platform", e);
        }
    }

    private OpenedToken decrypt(OwnedKey key, byte[] raw, int signedBytes) throws AuthenticationFailedException {
        byte[] iv = Arrays.copyOfRange(raw, 1 + Long.BYTES, HEADER_BYTES);
        byte[] body = new byte[signedBytes - HEADER_BYTES];
        int length = 0;
        try {
            Cipher cipher = aesCbc(Cipher.DECRYPT_MODE, key, iv);
            for (int at = HEADER_BYTES; at < signedBytes; at += SLICE_BYTES) {
                length += cipher.update(raw, at, Math.min(SLICE_BYTES, signedBytes - at), body, length);
            }
            length += cipher.doFinal(body, length);
        } catch (GeneralSecurityException badPadding) {
            throw new AuthenticationFailedException(); // signed by a key holder, but no whole blocks or no padding
        }
        Instant sealedAt;
        try {
            sealedAt = Instant.ofEpochSecond(ByteBuffer.wrap(raw).getLong(1));
        } catch (java.time.DateTimeException beyondTime) {
            throw new AuthenticationFailedException();
        }
        return new OpenedToken(body, length, sealedAt, fingerprint(raw, signedBytes), key);
    }

    private static long fingerprint(byte[] signature, int offset) {
        return ByteBuffer.wrap(signature).getLong(offset);
    }

    private static Mac mac(OwnedKey key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(key.signing());
        return mac;
    }

    private static Cipher aesCbc(int mode, OwnedKey key, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, key.encryption(), new IvParameterSpec(iv));
        return cipher;
    }

    /** Turns bytes into base64url text a slice at a time; padding only at the very end. */
    private static final class Base64Slices {
        private final OutputStream out;
        private final byte[] slice = new byte[SLICE_BYTES];
        private final byte[] text = new byte[SLICE_TEXT_BYTES];
        private int filled;

        Base64Slices(OutputStream out) {
            this.out = out;
        }

        void write(byte[] bytes, int length) throws IOException {
            int at = 0;
            while (at < length) {
                int n = Math.min(length - at, SLICE_BYTES - filled);
                System.arraycopy(bytes, at, slice, filled, n);
                filled += n;
                at += n;
                if (filled == SLICE_BYTES) {
                    Base64.getUrlEncoder().encode(slice, text);
                    out.write(text);
                    filled = 0;
                }
            }
        }

        void finish() throws IOException {
            out.write(Base64.getUrlEncoder().encode(Arrays.copyOf(slice, filled)));
        }
    }
}
