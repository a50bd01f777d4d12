package recon.common.tls;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Gathers records to large writes. Bouncy Castle flushes after each record and closes its streams; here only
 * {@link #flushNow} flushes, and the connection closes itself. Holds no buffer after a flush.
 *
 * <p>Thread-safe: the thread that reads may have an alert to send.
 */
final class GatheredOutput extends OutputStream {
    private static final int MAX_BYTES = 128 * 1024;
    private static final int FIRST_BYTES = 1024;
    private static final byte[] NONE = new byte[0];

    private final OutputStream out;

    @GuardedBy("this")
    private byte[] gathered = NONE;

    @GuardedBy("this")
    private int length;

    private volatile boolean flushesBeforeReads = true;

    GatheredOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int count) throws IOException {
        if (length + count > MAX_BYTES) {
            send();
        }
        if (count > MAX_BYTES) {
            out.write(bytes, offset, count);
            return;
        }
        if (length + count > gathered.length) {
            int doubled = Math.max(FIRST_BYTES, gathered.length * 2);
            gathered = Arrays.copyOf(gathered, Math.min(MAX_BYTES, Math.max(doubled, length + count)));
        }
        System.arraycopy(bytes, offset, gathered, length, count);
        length += count;
    }

    @GuardedBy("this")
    private void send() throws IOException {
        int count = length;
        length = 0;
        if (count > 0) {
            out.write(gathered, 0, count);
        }
    }

    /** Does nothing: see above. */
    @Override
    public void flush() {}

    /** Does nothing: see above. */
    @Override
    public void close() {}

    synchronized void flushNow() throws IOException {
        send();
        gathered = NONE;
        out.flush();
    }

    void neverFlushBeforeReads() {
        flushesBeforeReads = false;
    }

    private synchronized boolean isEmpty() {
        return length == 0;
    }

    /** Sends the alert that says why there is no session any more, if the peer still takes it. */
    void flushLastWord() {
        try {
            flushNow();
        } catch (IOException theConnectionIsGone) {
            // What went wrong before is told.
        }
    }

    /** The input of the same connection: what was gathered leaves before anything is waited for. Never closes. */
    InputStream flushingBeforeReads(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                flushIfAny();
                return super.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                flushIfAny();
                return super.read(bytes, offset, count);
            }

            private void flushIfAny() throws IOException {
                if (flushesBeforeReads && !isEmpty()) {
                    flushNow();
                }
            }

            @Override
            public void close() {}
        };
    }
}
