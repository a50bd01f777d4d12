package recon.common.transfer;

import java.io.IOException;

/** The peer cannot send a file that it offered. */
public final class SourceRefusedException extends IOException {
    public SourceRefusedException(String path, String detail) {
        super(path + ": " + detail);
    }
}
