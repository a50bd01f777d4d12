package recon.server.queue;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.job.Priority;
import recon.common.wire.SecureChannel;

/**
 * A whole job on its way from intake to a worker, with everything it owns: the client's connection and its directories.
 * Whoever holds it closes it: then the connection is closed, and the inputs are gone at the latest.
 *
 * @param channel to the client that waits for the results
 * @param resultPaths the client takes results in subdirectories
 */
public record QueuedJob(
        JobId id,
        JobRequest request,
        Instant submittedAt,
        JobDirectories directories,
        Workspace workspace,
        SecureChannel channel,
        boolean resultPaths)
        implements Closeable {
    public JobSummary summary(JobState state) {
        return new JobSummary(
                id,
                state,
                Priority.NORMAL,
                request.primaryFile(),
                request.files().size(),
                submittedAt,
                submittedAt,
                "");
    }

    @Override
    public void close() throws IOException {
        workspace.removeInputs(directories);
        channel.close();
    }
}
