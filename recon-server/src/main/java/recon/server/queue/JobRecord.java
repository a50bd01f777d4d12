package recon.server.queue;

import java.time.Instant;
import java.util.Optional;
import recon.common.job.FileName;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.job.Priority;
import recon.common.job.ReconOptions;
import recon.common.job.SubmissionId;

/**
 * What the store knows of a job, apart from its files and its history.
 *
 * @param client the address it was submitted from
 * @param owner the name of the key that it was submitted with
 * @param resumable while its files come in: if that breaks off, its client can go on
 * @param changedAt when it came to its state
 * @param reason why it is in its state; may hold several lines, or be empty
 * @param inputBytes of all input files; 0 while they come in
 * @param attempts how often its script was started since it was queued by a client or an operator
 * @param inputsUntil when the inputs of an ended job are to be removed; empty if it has none, or has not ended
 * @param resultsUntil when its results are to be removed; empty if it has none
 */
public record JobRecord(
        JobId id,
        SubmissionId submission,
        JobState state,
        Priority priority,
        FileName primaryFile,
        int fileCount,
        long inputBytes,
        ReconOptions options,
        String client,
        Instant submittedAt,
        Instant changedAt,
        String reason,
        int attempts,
        Optional<Instant> inputsUntil,
        Optional<Instant> resultsUntil,
        String owner,
        boolean resumable) {
    public JobSummary summary() {
        return new JobSummary(
                id,
                state,
                priority,
                primaryFile,
                fileCount,
                submittedAt,
                changedAt,
                reason.lines().findFirst().orElse(""),
                owner);
    }
}
