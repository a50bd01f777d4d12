package recon.server.work;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;

/** So many jobs may run at once; the number may change while they run. */
@ThreadSafe
final class JobSlots {
    @GuardedBy("this")
    private int limit;

    @GuardedBy("this")
    private int taken;

    @GuardedBy("this")
    private boolean closed;

    JobSlots(int limit) {
        this.limit = limit;
    }

    /** Waits for a slot. Returns false once there are none any more. */
    synchronized boolean take() throws InterruptedException {
        while (taken >= limit && !closed) {
            wait();
        }
        taken += closed ? 0 : 1;
        return !closed;
    }

    synchronized void giveBack() {
        taken--;
        notifyAll();
    }

    synchronized int limit() {
        return limit;
    }

    synchronized void limit(int slots) {
        limit = slots;
        notifyAll();
    }

    synchronized boolean areAllFree() {
        return taken == 0;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
