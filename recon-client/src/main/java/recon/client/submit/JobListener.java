package recon.client.submit;

import java.nio.file.Path;
import recon.common.job.JobId;

/** Told how a job gets on, by the thread that runs it. Every method must return at once. */
public interface JobListener {
    /** The server has taken the request and asks for the files. */
    default void sending(int files, long bytes) {}

    default void sent(int bytes) {}

    /** All files are with the server; from now on the job is its responsibility. */
    default void queued(JobId job) {}

    default void receiving(int files) {}

    default void received(int bytes) {}

    /** @param elsewhere not under its own name, because a different file of that name was there already */
    default void saved(Path file, boolean elsewhere) {}
}
