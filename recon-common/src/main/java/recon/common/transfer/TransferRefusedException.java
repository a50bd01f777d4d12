package recon.common.transfer;

import java.io.IOException;
import recon.common.job.PeerText;

/** The peer does not take a file, or could not keep it. */
public final class TransferRefusedException extends IOException {
    public TransferRefusedException(String name, String detail) {
        super(PeerText.oneLine("the peer refused " + name + ": " + (detail.isEmpty() ? "no reason given" : detail)));
    }
}
