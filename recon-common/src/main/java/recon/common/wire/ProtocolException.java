package recon.common.wire;

import java.io.IOException;
import recon.common.job.PeerText;

/**
 * The peer broke the protocol. The connection cannot be brought back in step and must be closed. The message quotes the
 * peer, and is kept on one line.
 */
public final class ProtocolException extends IOException {
    public ProtocolException(String message) {
        super(PeerText.oneLine(message));
    }

    public ProtocolException(String message, Throwable cause) {
        super(PeerText.oneLine(message), cause);
    }
}
