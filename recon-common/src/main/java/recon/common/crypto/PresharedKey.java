package recon.common.crypto;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.util.Arrays;

/**
 * What TLS 1.3 makes of a shared key (RFC 8446 section 2.2): a pre-shared key, and the identity under which a client
 * offers it. Both are HKDF-SHA256 (RFC 5869) of the key's 32 bytes, without a salt and with a label each, so that neither
 * tells anything of the key or of the other.
 */
public final class PresharedKey {
    private static final int KEY_BYTES = 32;
    private static final int IDENTITY_BYTES = 16;
    private static final String KEY_LABEL = "recon tls13 psk";
    private static final String IDENTITY_LABEL = "recon tls13 psk identity";

    private final byte[] identity;
    private final byte[] key;

    private PresharedKey(byte[] identity, byte[] key) {
        this.identity = identity;
        this.key = key;
    }

    static PresharedKey of(byte[] signingHalf, byte[] encryptionHalf) {
        byte[] secret = Arrays.concatenate(signingHalf, encryptionHalf);
        try {
            return new PresharedKey(hkdf(secret, IDENTITY_LABEL, IDENTITY_BYTES), hkdf(secret, KEY_LABEL, KEY_BYTES));
        } finally {
            java.util.Arrays.fill(secret, (byte) 0);
        }
    }

    private static byte[] hkdf(byte[] secret, String label, int bytes) {
        HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
        generator.init(new HKDFParameters(secret, null, label.getBytes(StandardCharsets.US_ASCII)));
        byte[] derived = new byte[bytes];
        generator.generateBytes(derived, 0, bytes);
        return derived;
    }

    /** 16 bytes that stand for the key in the clear. */
    public byte[] identity() {
        return identity.clone();
    }

    /** Whether a peer means this key. */
    public boolean isNamed(byte[] offered) {
        return Arrays.areEqual(identity, offered);
    }

    /** 32 bytes; a copy. */
    public byte[] key() {
        return key.clone();
    }

    @Override
    public String toString() {
        return "PresharedKey[hidden]";
    }
}
