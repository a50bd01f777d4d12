package recon.server.script;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * A job's log: the head of the output as it comes, so that it can be followed, and its tail when the script has ended,
 * with a line between them that says how much was left out. Memory is constant, whatever is written.
 *
 * <p>One thread writes and closes; {@link #lastOutput} may be called from any.
 */
final class ScriptLog implements AutoCloseable {
    /** The share of the file that is kept in memory for the tail is at most this. */
    static final int MAX_TAIL_BYTES = 256 * 1024;

    private final FileChannel file;
    private final long headBytes;
    private final ByteRing tail;
    /** One byte more than is shown, so that a cut is noticed. */
    private final ByteRing last = new ByteRing(LastOutput.MAX_BYTES + 1);

    private long written;
    private boolean failed;

    /**
     * @param file empty; taken over
     * @param maxBytes how much of the output is kept, half of it or {@value #MAX_TAIL_BYTES} from its end; at least 2
     */
    ScriptLog(FileChannel file, long maxBytes) {
        if (maxBytes < 2) {
            throw new IllegalArgumentException("a log of " + maxBytes + " bytes is too small (SCRIPT_LOG_MAX_BYTES)");
        }
        int tailBytes = (int) Math.min(maxBytes / 2, MAX_TAIL_BYTES);
        headBytes = maxBytes - tailBytes;
        tail = new ByteRing(tailBytes);
        this.file = file;
    }

    /**
     * Adds to the log.
     *
     * @throws IOException the first time the file cannot be written; what follows is kept for {@link #lastOutput} only
     */
    void write(byte[] bytes, int length) throws IOException {
        last.write(bytes, 0, length);
        int head = (int) Math.min(length, Math.max(0, headBytes - written));
        tail.write(bytes, head, length - head);
        written += length;
        writeFully(bytes, head);
    }

    String lastOutput() {
        return LastOutput.of(last.contents());
    }

    /** Adds the tail. */
    @Override
    public void close() throws IOException {
        try (file) {
            if (tail.dropped() > 0) {
                String gap = "\n[... " + tail.dropped() + " bytes left out (SCRIPT_LOG_MAX_BYTES) ...]\n";
                byte[] line = gap.getBytes(StandardCharsets.UTF_8);
                writeFully(line, line.length);
            }
            byte[] end = tail.contents();
            writeFully(end, end.length);
        }
    }

    private void writeFully(byte[] bytes, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, failed ? 0 : length);
        try {
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
        } catch (IOException e) {
            failed = true;
            throw e;
        }
    }
}
