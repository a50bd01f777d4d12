package recon.common.wire;

/** What a peer may say first on a connection, over whatever transport: a {@link Request} or an {@link AdminRequest}. */
public sealed interface Opening extends Message permits Request, AdminRequest {
    /** The word for it on the wire. */
    String command();

    /** Whether files may have to be sent for it, one way or the other. */
    default boolean movesFiles() {
        return false;
    }

    /** Whether nothing may be said for as long as it takes, which may be hours. */
    default boolean mayBeAnsweredLate() {
        return false;
    }
}
