package recon.client.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Property(tries = 200)
    void everyPauseIsBelowACeilingThatDoublesUpToThirtySeconds(@ForAll long seed, @ForAll @IntRange(max = 40) int n) {
        Backoff backoff = new Backoff(new SplittableRandom(seed));
        Duration pause = Duration.ZERO;
        for (int i = 0; i <= n; i++) {
            pause = backoff.next();
        }
        double ceilingSeconds = Math.min(30, 0.5 * Math.pow(2, n));
        assertThat(pause).isBetween(Duration.ZERO, Duration.ofMillis((long) (ceilingSeconds * 1000)));
    }

    @Property(tries = 100)
    void afterSuccessItBeginsAnew(@ForAll long seed) {
        Backoff backoff = new Backoff(new SplittableRandom(seed));
        for (int i = 0; i < 20; i++) {
            backoff.next();
        }
        backoff.reset();
        assertThat(backoff.next()).isLessThanOrEqualTo(Backoff.FIRST_CEILING);
    }

    @Test
    void thePausesFillTheWholeRange() {
        SplittableRandom random = new SplittableRandom(1);
        long low = 0;
        for (int i = 0; i < 1000; i++) {
            Duration pause = new Backoff(random).next();
            low += pause.compareTo(Backoff.FIRST_CEILING.dividedBy(2)) < 0 ? 1 : 0;
        }
        assertThat(low).isBetween(400L, 600L);
    }
}
