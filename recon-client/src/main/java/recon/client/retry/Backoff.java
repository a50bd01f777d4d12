package recon.client.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt to connect: anything from nothing to a ceiling that doubles each time. The
 * full range at random keeps clients that lost the same server from coming back all at once.
 *
 * <p>Not thread-safe.
 */
public final class Backoff {
    public static final Duration FIRST_CEILING = Duration.ofMillis(500);
    public static final Duration LAST_CEILING = Duration.ofSeconds(30);

    private final RandomGenerator random;
    private Duration ceiling = FIRST_CEILING;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    public Duration next() {
        Duration pause = Duration.ofNanos(random.nextLong(ceiling.toNanos() + 1));
        Duration doubled = ceiling.multipliedBy(2);
        ceiling = doubled.compareTo(LAST_CEILING) < 0 ? doubled : LAST_CEILING;
        return pause;
    }

    /** The last attempt got somewhere: begin anew. */
    public void reset() {
        ceiling = FIRST_CEILING;
    }
}
