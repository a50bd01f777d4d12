package recon.common.job;

import java.time.Instant;

/**
 * One line of a job's history.
 *
 * @param to the state it went to, or stayed in
 * @param reason what happened, on one line; may be empty
 * @param by who did it: a client's address or {@code NAME@ADDRESS}, or {@value #SERVER}
 */
public record JobChange(Instant at, JobState to, String reason, String by) {
    public static final String SERVER = "server";
}
