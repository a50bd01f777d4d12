package recon.common.wire;

import java.io.IOException;

/** The peer understood the request and says no. Its words are the message. */
public final class RefusedException extends IOException {
    public RefusedException(String message) {
        super(message);
    }
}
