package recon.common.crypto;

import java.util.List;
import java.util.Optional;

/**
 * The keys that a program knows. A running server may exchange them; conversations that have begun go on with theirs.
 * Thread-safe.
 */
public final class KeyRing {
    private volatile List<OwnedKey> keys;

    /** @param keys at least one; the first seals where nothing was received yet, all open */
    public KeyRing(List<OwnedKey> keys) {
        replace(keys);
    }

    /** A ring of keys that all clients share. */
    public static KeyRing shared(List<SharedKey> keys) {
        return new KeyRing(
                keys.stream().map(key -> new OwnedKey(KeyOwner.SHARED, key)).toList());
    }

    /** @param newKeys at least one */
    public void replace(List<OwnedKey> newKeys) {
        if (newKeys.isEmpty()) {
            throw new IllegalArgumentException("a key ring needs at least one key");
        }
        keys = List.copyOf(newKeys);
    }

    /** As they are now; never empty. */
    public List<OwnedKey> keys() {
        return keys;
    }

    /** The key that seals where nothing was received yet. */
    public OwnedKey first() {
        return keys.get(0);
    }

    /** The key that a TLS client means. */
    public Optional<OwnedKey> named(byte[] identity) {
        return keys.stream().filter(key -> key.presharedKey().isNamed(identity)).findFirst();
    }
}
