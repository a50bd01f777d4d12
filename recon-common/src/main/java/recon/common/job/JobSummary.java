package recon.common.job;

import java.time.Instant;

/** One job as an operator sees it. */
public record JobSummary(JobId id, JobState state, FileName primaryFile, int fileCount, Instant submittedAt) {}
