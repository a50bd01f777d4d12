package recon.common.transfer;

import java.io.IOException;

/** The peer does not take a file, or could not keep it. */
public final class TransferRefusedException extends IOException {
    public TransferRefusedException(String name, String detail) {
        super("the peer refused " + name + ": " + (detail.isEmpty() ? "no reason given" : detail));
    }
}
