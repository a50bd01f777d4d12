package recon.server.queue;

import java.time.Instant;
import java.util.List;
import recon.common.job.JobId;

/** Those who run the jobs. Thread-safe. */
public interface Workers {
    /**
     * One of them with a job.
     *
     * @param name of its thread
     * @param since when it took the job
     */
    record Busy(String name, JobId job, Instant since) {}

    /** How many jobs may run at once. */
    int limit();

    /** So many may run from now on; those that run are not disturbed. */
    void limit(int jobs);

    /** Whether no job runs, or is about to. */
    boolean areIdle();

    /** Those with a job, the one that began first at the front. */
    List<Busy> busy();
}
