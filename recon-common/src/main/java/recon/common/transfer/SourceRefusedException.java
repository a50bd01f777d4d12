package recon.common.transfer;

import java.io.IOException;
import recon.common.job.PeerText;

/** The peer cannot send a file that it offered. */
public final class SourceRefusedException extends IOException {
    public SourceRefusedException(String path, String detail) {
        super(PeerText.oneLine(path + ": " + detail));
    }
}
