package recon.common.crypto;

import javax.crypto.spec.SecretKeySpec;

/** A shared key and whom it belongs to, prepared for use: what the two transports make of it. Immutable. */
public final class OwnedKey {
    private final KeyOwner owner;
    private final SecretKeySpec signing;
    private final SecretKeySpec encryption;
    private volatile PresharedKey presharedKey;

    public OwnedKey(KeyOwner owner, SharedKey key) {
        this.owner = owner;
        this.signing = new SecretKeySpec(key.signingHalf(), "HmacSHA256");
        this.encryption = new SecretKeySpec(key.encryptionHalf(), "AES");
    }

    public KeyOwner owner() {
        return owner;
    }

    SecretKeySpec signing() {
        return signing;
    }

    SecretKeySpec encryption() {
        return encryption;
    }

    /** For TLS; made when it is first asked for. */
    public PresharedKey presharedKey() {
        PresharedKey made = presharedKey;
        if (made == null) {
            made = PresharedKey.of(signing.getEncoded(), encryption.getEncoded());
            presharedKey = made;
        }
        return made;
    }

    @Override
    public String toString() {
        return "OwnedKey[" + owner.name() + "]";
    }
}
