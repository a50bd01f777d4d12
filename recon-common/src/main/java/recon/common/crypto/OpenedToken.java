package recon.common.crypto;

import java.time.Instant;

/**
 * What an authentic token held.
 *
 * @param buffer the plaintext from index 0; owned by the receiver of this record, never written again by the cipher
 * @param length bytes of plaintext in {@code buffer}, which may be longer
 * @param sealedAt the time in the token, in whole seconds
 * @param fingerprint 64 bits of the signature; tells tokens apart
 * @param key that opened it
 */
public record OpenedToken(byte[] buffer, int length, Instant sealedAt, long fingerprint, OwnedKey key) {}
