package recon.server.script;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/** Keeps the last bytes of a stream in constant memory. Thread-safe. */
final class ByteRing {
    @GuardedBy("this")
    private final byte[] bytes;

    @GuardedBy("this")
    private long written;

    ByteRing(int capacity) {
        bytes = new byte[capacity];
    }

    synchronized void write(byte[] source, int offset, int length) {
        int skipped = Math.max(0, length - bytes.length);
        int from = offset + skipped;
        int left = length - skipped;
        written += skipped;
        while (left > 0) {
            int at = (int) (written % bytes.length);
            int count = Math.min(left, bytes.length - at);
            System.arraycopy(source, from, bytes, at, count);
            from += count;
            left -= count;
            written += count;
        }
    }

    /** What is kept, oldest byte first. */
    synchronized byte[] contents() {
        int size = (int) Math.min(written, bytes.length);
        byte[] contents = new byte[size];
        for (int i = 0; i < size; i++) {
            contents[i] = bytes[(int) ((written - size + i) % bytes.length)];
        }
        return contents;
    }

    /** How many bytes were written that are no longer kept. */
    synchronized long dropped() {
        return Math.max(0, written - bytes.length);
    }
}
