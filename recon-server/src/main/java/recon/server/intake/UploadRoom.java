package recon.server.intake;

import java.io.IOException;
import recon.server.queue.DiskSpace;

/** What one upload may take, as its files are announced one by one. Used by one thread. */
final class UploadRoom {
    private final SubmissionLimits limits;
    private final DiskSpace.Share share;
    private long jobBytes;
    private long newBytes;

    UploadRoom(SubmissionLimits limits, DiskSpace.Share share) {
        this.limits = limits;
        this.share = share;
    }

    /**
     * Makes room for one more file.
     *
     * @param here how many of its bytes are on the disk already
     * @throws IOException if there is none; in words for client and operator
     */
    void add(long size, long here) throws IOException {
        jobBytes += size;
        newBytes += size - here;
        if (jobBytes < 0 || jobBytes > limits.jobBytes()) {
            throw new IOException(
                    "with this file the job has more bytes than this server takes in one (MAX_JOB_BYTES = "
                            + limits.jobBytes() + ")");
        }
        share.growTo(newBytes);
    }

    void written(int count) {
        share.written(count);
    }
}
