package recon.mrd.format;

import java.io.IOException;

/** The data at hand is not valid ISMRMRD, or beyond a limit: one line that names what is wrong and, where known, where. */
public final class MrdException extends IOException {
    public MrdException(String message) {
        super(message);
    }

    public MrdException(String message, Throwable cause) {
        super(message, cause);
    }
}
