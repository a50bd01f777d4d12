package recon.mrd.recon;

import recon.mrd.format.Acquisition;
import recon.mrd.format.Image;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;

/**
 * Counts what a module keeps of its client until an image or a group is complete. A quarter of Java's memory is for that, in
 * all sessions together; the rest is for what is made of it. A client that never says which readout is the last must not take
 * the others' memory. Not for use by several threads.
 */
final class Collected implements AutoCloseable {
    /** Of an item without data. */
    private static final long HEADER_BYTES = 2048;

    private final MemoryShare share;

    Collected() {
        this(MemoryShare.ofMemory(4));
    }

    Collected(MemoryShare share) {
        this.share = share;
    }

    /** @throws MrdException if there is no room for the item */
    void add(MrdItem item) throws MrdException {
        long more = HEADER_BYTES + dataBytes(item);
        if (!share.take(more)) {
            throw new MrdException("readouts and images that wait for the last of their slice or series take more than "
                    + (share.mostBytes() >> 20) + " MB, a quarter of Java's memory, in all sessions together ("
                    + ((share.bytes() + more) >> 20) + " MB in this one); flag the last readout of each slice, or give"
                    + " Java more memory (-Xmx)");
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
        share.giveBack(share.bytes());
    }

    @Override
    public void close() {
        share.close();
    }
}
