package recon.mrd.session;

import java.io.IOException;

/** The file that is being sent cannot be read any further: it is named, with the reason, and how much had been sent. */
public final class UnreadableException extends IOException {
    UnreadableException(String message, IOException cause) {
        super(message, cause);
    }
}
