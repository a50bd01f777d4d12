package recon.common.transfer;

import java.io.IOException;
import recon.common.job.PeerText;

/** A file came in but could not be kept here: no space, no permission, not as long as announced. */
public final class LocalFileException extends IOException {
    LocalFileException(String name, String reason, IOException cause) {
        super(PeerText.oneLine(name + " could not be kept: " + reason), cause);
    }
}
