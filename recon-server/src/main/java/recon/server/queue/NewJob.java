package recon.server.queue;

import java.time.Instant;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.Priority;
import recon.common.job.SubmissionId;

/**
 * A job whose files begin to come in.
 *
 * @param client the address it was submitted from
 */
public record NewJob(
        JobId id, SubmissionId submission, JobRequest request, Priority priority, String client, Instant submittedAt) {}
