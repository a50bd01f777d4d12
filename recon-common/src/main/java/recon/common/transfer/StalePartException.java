package recon.common.transfer;

import java.io.IOException;
import recon.common.job.PeerText;

/** What was here of a file, from before, were not its bytes. They are dropped: asked for again, it comes whole. */
public final class StalePartException extends IOException {
    private static final long serialVersionUID = 1L;

    StalePartException(String name) {
        super(PeerText.oneLine("what was here of " + name + " was damaged; it has to be sent anew"));
    }
}
