package recon.client.submit;

import java.nio.file.Path;
import java.util.List;
import recon.common.job.JobId;

/** How a job ended. */
public sealed interface JobOutcome {
    JobId job();

    /** @param files the results, in the order received; empty if the script left none */
    record Completed(JobId job, List<Path> files) implements JobOutcome {
        public Completed {
            files = List.copyOf(files);
        }
    }

    /** @param reason for people; may hold several lines, the last ones of the script's output among them */
    record Failed(JobId job, String reason) implements JobOutcome {}
}
