package recon.server.queue;

import java.io.IOException;

/** The record of the jobs cannot be read or written. Nothing has changed. For the operator: most often the disk is full. */
public final class StoreException extends IOException {
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
