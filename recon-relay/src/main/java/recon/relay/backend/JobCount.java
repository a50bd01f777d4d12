package recon.relay.backend;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** The jobs of one server that its last status does not know of. Thread-safe. */
public final class JobCount {
    @GuardedBy("this")
    private int comingIn;

    @GuardedBy("this")
    private int queuedSince;

    JobCount() {}

    /** A job is about to be sent there. */
    public synchronized void comes() {
        comingIn++;
    }

    /** It has come in, or not. */
    public synchronized void hasCome(boolean queued) {
        comingIn--;
        queuedSince += queued ? 1 : 0;
    }

    /** A job that came in has ended. */
    public synchronized void hasEnded() {
        queuedSince--;
    }

    /** Whether no job is on its way there. */
    synchronized boolean noneComes() {
        return comingIn <= 0;
    }

    /** The server has told how many jobs it has. */
    synchronized void told() {
        queuedSince = 0;
    }

    /** Below zero where more have ended than have come since the last status. */
    synchronized int sinceTold() {
        return queuedSince + comingIn;
    }
}
