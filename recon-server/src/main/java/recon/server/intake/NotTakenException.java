package recon.server.intake;

/** Why a submission is not taken, in words for the client. */
final class NotTakenException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean forNow;

    NotTakenException(String message) {
        this(message, false);
    }

    /** @param forNow the same submission may be taken later */
    NotTakenException(String message, boolean forNow) {
        super(message);
        this.forNow = forNow;
    }

    boolean isForNow() {
        return forNow;
    }
}
