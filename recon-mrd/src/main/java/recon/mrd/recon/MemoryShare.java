package recon.mrd.recon;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one session keeps of the memory that all of them have together, until an image or a group is complete. One that keeps
 * much must not take the others' memory, nor their turn: who keeps little always may. A thread that the session has left behind
 * when this is closed gets no more, and what it gives back does not count.
 */
final class MemoryShare implements AutoCloseable {
    private static final AtomicLong ALL_BYTES = new AtomicLong();

    private final long mostBytes;
    private final long littleBytes;

    @GuardedBy("this")
    private long bytes;

    @GuardedBy("this")
    private boolean closed;

    /**
     * @param mostBytes of all sessions together
     * @param littleBytes that this session may keep in any case
     */
    MemoryShare(long mostBytes, long littleBytes) {
        this.mostBytes = mostBytes;
        this.littleBytes = littleBytes;
    }

    /** That of a session that may keep this part of Java's memory, with what the others keep. */
    static MemoryShare ofMemory(int parts) {
        long memory = Runtime.getRuntime().maxMemory();
        return new MemoryShare(memory / parts, memory / 32);
    }

    /** Keeps more, unless that is too much. */
    synchronized boolean take(long more) {
        if (closed) {
            return false;
        }
        long all;
        do {
            all = ALL_BYTES.get();
            if (all + more > mostBytes && bytes + more > littleBytes) {
                return false;
            }
        } while (!ALL_BYTES.compareAndSet(all, all + more));
        bytes += more;
        return true;
    }

    /** Keeps less; no more is given back than was kept. */
    synchronized void giveBack(long some) {
        long kept = Math.min(some, bytes);
        ALL_BYTES.addAndGet(-kept);
        bytes -= kept;
    }

    /** That this session keeps. */
    synchronized long bytes() {
        return bytes;
    }

    /** That others keep. */
    synchronized long bytesOfOthers() {
        return Math.max(0, ALL_BYTES.get() - bytes);
    }

    long mostBytes() {
        return mostBytes;
    }

    /** Nothing is kept any more. */
    @Override
    public synchronized void close() {
        giveBack(bytes);
        closed = true;
    }
}
