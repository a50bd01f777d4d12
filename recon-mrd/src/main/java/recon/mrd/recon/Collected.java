package recon.mrd.recon;

import java.util.concurrent.atomic.AtomicLong;
import recon.mrd.format.Acquisition;
import recon.mrd.format.Image;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;

/**
 * Counts what a module keeps of its client until an image or a group is complete. All sessions together may keep a quarter of
 * Java's memory; the rest is for what is made of it. A client that never says which readout is the last must not take the
 * others' memory, nor their turn: one that keeps at most an eighth of all that is never refused. Not for use by several
 * threads.
 */
final class Collected implements AutoCloseable {
    private static final AtomicLong ALL_BYTES = new AtomicLong();

    /** Of an item without data. */
    private static final long HEADER_BYTES = 2048;

    private static final int SHARES = 8;

    private final long mostBytes;
    private long bytes;

    Collected() {
        this(Runtime.getRuntime().maxMemory() / 4);
    }

    /** @param mostBytes of all sessions together */
    Collected(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** @throws MrdException if there is no room for the item */
    void add(MrdItem item) throws MrdException {
        long more = HEADER_BYTES + dataBytes(item);
        bytes += more;
        if (ALL_BYTES.addAndGet(more) > mostBytes && bytes > mostBytes / SHARES) {
            throw new MrdException("readouts and images that wait for the last of their slice or series take more than "
                    + (mostBytes >> 20) + " MB, a quarter of Java's memory, in all sessions together (" + (bytes >> 20)
                    + " MB in this one); flag the last readout of each slice, or give Java more memory (-Xmx)");
        }
    }

    private static long dataBytes(MrdItem item) {
        if (item instanceof Acquisition readout) {
            return (long) Float.BYTES * (readout.data().length + readout.trajectory().length);
        }
        return item instanceof Image image
                ? image.pixels().length
                        + (long) Character.BYTES * image.attributes().length()
                : 0;
    }

    /** Nothing of it is kept any more. */
    void clear() {
        ALL_BYTES.addAndGet(-bytes);
        bytes = 0;
    }

    @Override
    public void close() {
        clear();
    }
}
