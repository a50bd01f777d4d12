package recon.client.cli;

import recon.client.submit.JobListener;
import recon.client.submit.JobOutcome;

/** Tells the person or program at the console how a job gets on. */
interface JobReport extends JobListener, AutoCloseable {
    void ended(JobOutcome outcome);

    /** Leaves the terminal in order, however the job ended. */
    @Override
    default void close() {}
}
