package recon.client.crash;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what other processes do: they can be asked, and tell nothing by themselves. */
final class Patience {
    /** Enough for anything on a machine that is busy with something else. */
    static final Duration LONG = Duration.ofMinutes(2);

    /** For what should be so within moments. */
    static final Duration SHORT = Duration.ofSeconds(20);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private Patience() {}

    /** Returns whether it came true in time. */
    static boolean until(Duration limit, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() >= end) {
                return false;
            }
            pause(LOOK_EVERY);
        }
        return true;
    }

    static void pause(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }
}
