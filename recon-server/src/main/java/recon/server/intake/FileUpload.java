package recon.server.intake;

import java.io.IOException;
import java.util.List;
import recon.server.queue.StoredFile;

/** How the files of a submission come in: message by message, or as a stream. Used by one thread. */
interface FileUpload extends AutoCloseable {
    /**
     * Receives all files, in the order of the submission.
     *
     * @return when all are whole, on the disk and in their places
     */
    List<StoredFile> receive() throws IOException;

    /** Tells the client so, where its version has a word for that. */
    void confirm() throws IOException;

    /** Nothing writes to the input directory after this. */
    @Override
    void close();
}
