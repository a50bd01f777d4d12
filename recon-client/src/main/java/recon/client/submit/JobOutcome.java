package recon.client.submit;

import java.nio.file.Path;
import java.util.List;
import recon.common.job.JobId;
import recon.common.job.JobState;

/** How a job ended. */
public sealed interface JobOutcome {
    JobId job();

    /** @param files the results, in the order received; empty if the script left none */
    record Completed(JobId job, List<Path> files) implements JobOutcome {
        public Completed {
            files = List.copyOf(files);
        }
    }

    /**
     * There are no results.
     *
     * @param state {@code FAILED}, {@code CANCELLED} or {@code EXPIRED}
     * @param reason for people; may hold several lines, the last ones of the script's output among them
     */
    record Failed(JobId job, JobState state, String reason) implements JobOutcome {}
}
