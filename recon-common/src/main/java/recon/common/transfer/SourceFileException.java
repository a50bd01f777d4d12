package recon.common.transfer;

import java.io.IOException;
import java.nio.file.Path;

/** A file of ours cannot be sent: it is missing, unreadable, or changed while it was being sent. */
public final class SourceFileException extends IOException {
    public SourceFileException(Path file, String problem) {
        super(file + " " + problem);
    }

    public SourceFileException(Path file, String problem, Throwable cause) {
        super(file + " " + problem, cause);
    }
}
