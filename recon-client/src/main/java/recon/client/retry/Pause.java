package recon.client.retry;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How a client waits. Tests wait in no time. */
@FunctionalInterface
public interface Pause {
    Pause REAL = (over, time) -> over.await(time.toNanos(), TimeUnit.NANOSECONDS);

    /** Returns when the time has passed, or early once there is nothing more to wait for. */
    void await(CountDownLatch over, Duration time) throws InterruptedException;
}
