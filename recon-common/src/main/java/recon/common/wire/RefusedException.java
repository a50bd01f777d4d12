package recon.common.wire;

import java.io.IOException;

/** The peer understood the request and says no. Its words are the message. */
public final class RefusedException extends IOException {
    private final boolean forNow;

    /** @param forNow whether the peer may say yes to the same request later */
    public RefusedException(String message, boolean forNow) {
        super(message);
        this.forNow = forNow;
    }

    public boolean isForNow() {
        return forNow;
    }
}
