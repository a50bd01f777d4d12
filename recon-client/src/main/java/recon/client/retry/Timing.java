package recon.client.retry;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The client's dealings with chance and time. */
public record Timing(RandomGenerator random, Pause pause) {
    public static Timing real() {
        return new Timing(new SplittableRandom(), Pause.REAL);
    }
}
