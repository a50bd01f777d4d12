package recon.client.submit;

import java.nio.file.Path;
import recon.common.job.JobId;

/** Told how a job gets on, by the thread that runs it. Every method must return at once. */
public interface JobListener {
    /** The same command was ended before the server had the job: this is the same submission. */
    default void goesOn() {}

    /** The server has taken the request and asks for the files. After a lost connection it may do so again. */
    default void sending(int files, long bytes) {}

    default void sent(int bytes) {}

    /** All files are with the server; from now on the job is its responsibility. */
    default void queued(JobId job) {}

    /** The server has a word for the person, about how it took the job. */
    default void notice(String words) {}

    /** Somebody submitted the job before; its end is awaited. */
    default void waiting(JobId job) {}

    /** @param files all results of the job, those included that are here already */
    default void receiving(int files) {}

    default void received(int bytes) {}

    /**
     * A result is in its place; told once of each.
     *
     * @param elsewhere not under its own name, because a different file of that name was there already
     */
    default void saved(Path file, boolean elsewhere) {}

    /**
     * The client tries to connect again until it succeeds.
     *
     * @param reason for people, on one line
     */
    default void connectionLost(String reason) {}

    /** The exchange goes on where it was. */
    default void reconnected() {}
}
