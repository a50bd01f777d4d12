package recon.server.queue;

import recon.common.job.JobId;

/** The jobs whose script runs. */
@FunctionalInterface
public interface RunningJobs {
    /**
     * Asks for the end of a job's script, with all its processes. Returns at once; the job's state changes when it is
     * done. Without effect on a job that does not run.
     */
    void cancel(JobId job, String by);
}
