package recon.common.crypto;

import java.io.IOException;

/** An authentic token came at the wrong time or a second time. The message is for our log only, never for the peer. */
public final class StaleTokenException extends IOException {
    StaleTokenException(String message) {
        super(message);
    }
}
