package recon.server.queue;

import java.util.List;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;

/**
 * The record of every job. Thread-safe. A change names the state it comes from, so that of two threads that want to take
 * the same job one fails.
 */
public interface JobStore {
    /** Records a new job. */
    void add(JobSummary job);

    /**
     * Records that a job has gone from one state to the next.
     *
     * @param reason for people: why, or empty where it is plain
     * @throws IllegalStateException if there is no such job in state {@code from}
     */
    void move(JobId job, JobState from, JobState to, String reason);

    /** The jobs that have not ended: those with a worker first, then those that wait, in the order they will run. */
    List<JobSummary> active();

    /** How many jobs are in a state. */
    int count(JobState state);
}
