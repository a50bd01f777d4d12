package recon.server.intake;

import recon.common.job.Priority;

/**
 * What one submission may ask for.
 *
 * @param jobFiles the most files that one job may have
 * @param jobBytes the most bytes that they may have together
 * @param priority the most urgent one that a client may ask for
 */
public record SubmissionLimits(int jobFiles, long jobBytes, Priority priority) {}
