package recon.server.queue;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a change of the record until the store takes it. What a job has come to must not be forgotten because the disk
 * was full for a while: the thread that knows it waits.
 */
@ThreadSafe
public final class StoreRetry {
    private static final Logger log = LoggerFactory.getLogger(StoreRetry.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Duration firstPause;

    @GuardedBy("this")
    private boolean closed;

    /** What does not succeed now, and why. */
    @GuardedBy("this")
    private final Map<Object, String> troubles = new LinkedHashMap<>();

    /** @param firstPause before the second attempt; doubles up to 10 s */
    public StoreRetry(Duration firstPause) {
        this.firstPause = firstPause;
    }

    /** A change of the record. */
    @FunctionalInterface
    public interface Change<T> {
        T make() throws StoreException;
    }

    /**
     * Makes the change.
     *
     * @param what it is, for the log: "record that the script has ended"
     * @throws StoreException if it cannot be made and the server stops
     */
    public <T> T until(String what, Change<T> change) throws StoreException {
        Duration pause = firstPause;
        Object attempt = new Object();
        while (true) {
            try {
                T result = change.make();
                over(attempt);
                return result;
            } catch (StoreException e) {
                trouble(attempt, "the server cannot " + what + ": " + e.getMessage());
                log.error("cannot {}, trying again in {} ms: {}", what, pause.toMillis(), e.getMessage());
                if (!pause(pause)) {
                    over(attempt);
                    throw e;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private synchronized void trouble(Object attempt, String words) {
        troubles.put(attempt, words);
    }

    private synchronized void over(Object attempt) {
        troubles.remove(attempt);
    }

    /** What cannot be recorded now, for operators. */
    public synchronized Optional<String> trouble() {
        return troubles.values().stream().findFirst();
    }

    /** Returns false once nobody waits any more. */
    private synchronized boolean pause(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        try {
            for (long left = pause.toMillis(); !closed && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !closed;
    }

    /** The server stops: what cannot be stored now is found out at the next start. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
