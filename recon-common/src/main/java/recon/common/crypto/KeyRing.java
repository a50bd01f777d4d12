package recon.common.crypto;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The keys that a program knows. A running server may exchange them; conversations that have begun go on with theirs.
 * With no key at all nobody is let in. Thread-safe.
 */
public final class KeyRing {
    private volatile List<OwnedKey> keys;

    /** @param keys the first seals where nothing was received yet, all open */
    public KeyRing(List<OwnedKey> keys) {
        replace(keys);
    }

    /** A ring of keys that all clients share. */
    public static KeyRing shared(List<SharedKey> keys) {
        return new KeyRing(
                keys.stream().map(key -> new OwnedKey(KeyOwner.SHARED, key)).toList());
    }

    public void replace(List<OwnedKey> newKeys) {
        keys = List.copyOf(newKeys);
    }

    /** As they are now. */
    public List<OwnedKey> keys() {
        return keys;
    }

    /**
     * The key that seals where nothing was received yet.
     *
     * @throws IOException if there is no key now
     */
    public OwnedKey first() throws IOException {
        List<OwnedKey> now = keys;
        if (now.isEmpty()) {
            throw new IOException("there is no key to begin a conversation with");
        }
        return now.get(0);
    }

    /** The key that a TLS client means. */
    public Optional<OwnedKey> named(byte[] identity) {
        return keys.stream().filter(key -> key.presharedKey().isNamed(identity)).findFirst();
    }
}
