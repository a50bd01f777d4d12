package recon.common.wire;

import java.io.IOException;

/** The peer broke the protocol. The connection cannot be brought back in step and must be closed. */
public final class ProtocolException extends IOException {
    public ProtocolException(String message) {
        super(message);
    }

    public ProtocolException(String message, Throwable cause) {
        super(message, cause);
    }
}
