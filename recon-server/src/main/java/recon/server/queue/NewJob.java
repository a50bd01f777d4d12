package recon.server.queue;

import java.time.Instant;
import recon.common.crypto.KeyOwner;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.Priority;
import recon.common.job.SubmissionId;

/**
 * A job whose files begin to come in.
 *
 * @param client the address it was submitted from
 * @param owner the name of the client's key
 * @param resumable if its upload breaks off, its client can go on with it
 */
public record NewJob(
        JobId id,
        SubmissionId submission,
        JobRequest request,
        Priority priority,
        String client,
        String owner,
        boolean resumable,
        Instant submittedAt) {
    /** Who submitted it, as in {@link recon.common.job.JobChange}. */
    String by() {
        return new KeyOwner(owner, false).at(client);
    }
}
