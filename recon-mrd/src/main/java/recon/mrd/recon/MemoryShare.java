package recon.mrd.recon;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What one session keeps of the memory that all of them have together, until an image or a group is complete. One that keeps
 * much must not take the others' memory, nor their turn: who keeps little always may. Not for use by several threads.
 */
final class MemoryShare implements AutoCloseable {
    private static final AtomicLong ALL_BYTES = new AtomicLong();

    private final long mostBytes;
    private final long littleBytes;
    private long bytes;

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
    boolean take(long more) {
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

    void giveBack(long some) {
        ALL_BYTES.addAndGet(-some);
        bytes -= some;
    }

    /** That this session keeps. */
    long bytes() {
        return bytes;
    }

    /** That others keep. */
    long bytesOfOthers() {
        return Math.max(0, ALL_BYTES.get() - bytes);
    }

    long mostBytes() {
        return mostBytes;
    }

    /** Nothing is kept any more. */
    @Override
    public void close() {
        giveBack(bytes);
    }
}
