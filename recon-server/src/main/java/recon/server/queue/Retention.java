package recon.server.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long files stay.
 *
 * @param delivered results that a client has ({@code RESULT_RETENTION_HOURS}); zero: none
 * @param undelivered results that nobody has fetched ({@code UNDELIVERED_RETENTION_HOURS})
 * @param failedInputs inputs of jobs that failed or were cancelled ({@code FAILED_INPUT_RETENTION_HOURS}); zero: none
 */
public record Retention(Duration delivered, Duration undelivered, Duration failedInputs) {
    /** A client whose connection broke with the last word may come back for it, whatever the options say. */
    private static final Duration LAST_WORD = Duration.ofMinutes(10);

    /** For a job that is delivered at that time. */
    public Kept ofDelivered(Instant now) {
        return Kept.resultsUntil(now.plus(delivered.compareTo(LAST_WORD) < 0 ? LAST_WORD : delivered));
    }

    /** Whether results go as soon as their client has had the last word. */
    public boolean endsWithDelivery() {
        return delivered.isZero();
    }

    /** When the results of a script that ended at that time will have waited for too long. */
    public Instant endOfUndelivered(Instant now) {
        return now.plus(undelivered);
    }

    /** For a job that failed or was cancelled at that time. */
    public Kept ofFailedInputs(Instant now) {
        return Kept.inputsUntil(failedInputs.isZero() ? Optional.empty() : Optional.of(now.plus(failedInputs)));
    }

    /** The logs of scripts stay as long as results may. */
    public Duration logs() {
        return delivered.compareTo(undelivered) > 0 ? delivered : undelivered;
    }
}
