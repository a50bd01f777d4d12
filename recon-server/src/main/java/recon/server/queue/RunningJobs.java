package recon.server.queue;

import recon.common.job.JobId;

/** The jobs in the hands of workers. */
public interface RunningJobs {
    /** Whether a worker has the job: from before its script until everything about its end is done. */
    boolean has(JobId job);

    /**
     * Asks for the end of a job's script, with all its processes. Returns at once; the job's state changes when it is
     * done. Without effect on a job that no worker has.
     */
    void cancel(JobId job, String by);
}
