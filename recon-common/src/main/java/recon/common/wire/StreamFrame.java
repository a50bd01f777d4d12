package recon.common.wire;

/**
 * The frame of version 2, inside TLS: a kind, a length, a body.
 *
 * <pre>
 *   0      1         5               5 + length
 *   +------+---------+----------------+
 *   | kind | length  | body           |
 *   | u8   | u32 BE  |                |
 *   +------+---------+----------------+
 *     0      0         none: the peer is still there and busy
 *     1      1..max    a message, JSON as in version 1
 *     2      1..256 Ki bytes of the file that was begun last
 * </pre>
 */
final class StreamFrame {
    static final int HEADER_BYTES = 1 + Integer.BYTES;
    static final int KEEP_ALIVE = 0;
    static final int MESSAGE = 1;
    static final int DATA = 2;

    /** How much of a file one frame holds at most: what is lost where a connection breaks. */
    static final int MAX_DATA_BYTES = 256 * 1024;

    private StreamFrame() {}
}
