package recon.common.transfer;

import java.io.IOException;

/** A file came in but could not be kept here: no space, no permission, not as long as announced. */
public final class LocalFileException extends IOException {
    LocalFileException(String name, IOException cause) {
        super(name + " could not be kept: " + cause.getMessage(), cause);
    }
}
