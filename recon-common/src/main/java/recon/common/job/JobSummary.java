package recon.common.job;

import java.time.Instant;

/**
 * One job as an operator sees it in a list.
 *
 * @param changedAt when it came to its state
 * @param reason why it is in its state, on one line; empty where that is plain
 * @param owner the name of the key that it was submitted with
 */
public record JobSummary(
        JobId id,
        JobState state,
        Priority priority,
        FileName primaryFile,
        int fileCount,
        Instant submittedAt,
        Instant changedAt,
        String reason,
        String owner) {}
