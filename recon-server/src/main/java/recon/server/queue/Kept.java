package recon.server.queue;

import java.time.Instant;
import java.util.Optional;

/**
 * Which files of an ended job stay, and until when.
 *
 * @param inputs empty: not at all
 * @param results empty: not at all
 */
public record Kept(Optional<Instant> inputs, Optional<Instant> results) {
    public static final Kept NOTHING = new Kept(Optional.empty(), Optional.empty());

    public static Kept inputsUntil(Optional<Instant> end) {
        return new Kept(end, Optional.empty());
    }

    public static Kept resultsUntil(Instant end) {
        return new Kept(Optional.empty(), Optional.of(end));
    }
}
