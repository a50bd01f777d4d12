package recon.mrd.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;

/**
 * Measures how long a module has done nothing of its own accord: the time since it last took something from the client or
 * sent something. While it waits for the client, to send more or to take what it is sent, no time passes; how long that may
 * last is the connection's affair. Thread-safe.
 */
final class ModuleClock {
    @GuardedBy("this")
    private int waiting;

    @GuardedBy("this")
    private long sinceNanos = System.nanoTime();

    /** A thread of the module turns to the client. */
    synchronized void waits() {
        waiting++;
    }

    /** It has what it wanted. */
    synchronized void goesOn() {
        waiting--;
        sinceNanos = System.nanoTime();
    }

    synchronized Duration idle() {
        return waiting > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - sinceNanos);
    }
}
