package recon.server.script;

import java.io.IOException;

/** The script wrote a file whose name cannot be sent to a client. The script's author must act. */
public final class UnsendableResultException extends IOException {
    UnsendableResultException(String message) {
        super(message);
    }
}
