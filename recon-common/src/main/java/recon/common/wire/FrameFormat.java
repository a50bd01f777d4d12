package recon.common.wire;

import recon.common.crypto.FernetCipher;

/**
 * The outer frame of version 1: a length, then one sealed message.
 *
 * <pre>
 *   0         4                 4 + length
 *   +---------+------------------+
 *   | length  | Fernet token     |
 *   | u32 BE  | ASCII, base64url |
 *   +---------+------------------+
 * </pre>
 */
public final class FrameFormat {
    static final int LENGTH_BYTES = Integer.BYTES;

    /** The shortest token: an empty body. */
    static final int MIN_TOKEN_BYTES = FernetCipher.tokenBytes(0);

    /** The longest first message of a connection, whose sender nobody knows yet. Room for some 10,000 files. */
    public static final int MAX_FIRST_TOKEN_BYTES = 4 << 20;

    /** How much is handed to the socket at once. */
    static final int WRITE_BYTES = 64 * 1024;

    private FrameFormat() {}
}
