package recon.client.submit;

import java.nio.file.Path;
import recon.common.job.Sha256;
import recon.common.transfer.SourceFileException;

/** A file whose content is known, as long as its mark is this one. */
public record KnownFile(Path path, FileMark mark, Sha256 sha256) {
    /** @throws SourceFileException if it is not what it was */
    void requireUnchanged() throws SourceFileException {
        if (!mark.isStillOf(path)) {
            throw new SourceFileException(path, "has changed since it was taken");
        }
    }
}
