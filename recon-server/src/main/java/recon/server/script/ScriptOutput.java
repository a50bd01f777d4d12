package recon.server.script;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the script prints, from a named pipe into the job's log by a thread of its own, so that the script never waits
 * for the server, and never the server for it.
 *
 * <p>Why not the pipe that {@link Process} offers: when the process has exited, the JDK first reads up what a child
 * that was left behind goes on printing, with no limit; and a read that such a child blocks cannot be ended. The read
 * end of a named pipe is a channel that can be closed at any time.
 *
 * <p>Belongs to the thread that runs the script.
 */
final class ScriptOutput implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScriptOutput.class);
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path pipe;
    private final FileChannel holder;
    private final FileChannel readEnd;
    private final ScriptLog log;
    private final Thread drain;

    private ScriptOutput(Path pipe, FileChannel holder, FileChannel readEnd, ScriptLog log, String threadName) {
        this.pipe = pipe;
        this.holder = holder;
        this.readEnd = readEnd;
        this.log = log;
        this.drain = new Thread(this::drain, threadName);
        drain.setDaemon(true);
    }

    /** Makes the log and, beside it for a moment, the pipe; starts the thread. */
    static ScriptOutput open(Path logFile, long maxBytes, String threadName) throws IOException, InterruptedException {
        Path pipe = logFile.resolveSibling(logFile.getFileName() + ".pipe");
        Files.deleteIfExists(pipe);
        makePipe(pipe);
        try {
            // Open for both directions at first: a lone reader or writer would wait for the other in open().
            FileChannel holder = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                ScriptOutput output = new ScriptOutput(
                        pipe,
                        holder,
                        FileChannel.open(pipe, StandardOpenOption.READ),
                        new ScriptLog(logFile, maxBytes),
                        threadName);
                output.drain.start();
                return output;
            } catch (IOException | RuntimeException e) {
                holder.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(pipe);
            throw e;
        }
    }

    /** Where the script's stdout and stderr go. */
    ProcessBuilder.Redirect destination() {
        return ProcessBuilder.Redirect.to(pipe.toFile());
    }

    /** From now on only the script and its children hold the pipe: when the last one has gone, the output ends. */
    void handOver() throws IOException {
        holder.close();
        Files.deleteIfExists(pipe);
    }

    /**
     * Waits until everything printed is in the log; at most for {@code limit} if a process that got away from the
     * job still holds the pipe, which is then closed.
     */
    void finish(Duration limit) throws IOException, InterruptedException {
        drain.join(Math.max(1, limit.toMillis()));
        readEnd.close();
        drain.join(Math.max(1, limit.toMillis()));
    }

    String lastOutput() {
        return log.lastOutput();
    }

    @Override
    public void close() throws IOException {
        try (readEnd) {
            handOver();
        }
    }

    private void drain() {
        boolean logging = true;
        byte[] bytes = new byte[BUFFER_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (readEnd.read(buffer.clear()) >= 0) {
                logging = logging && written(bytes, buffer.position());
            }
        } catch (ClosedChannelException finished) {
            LOG.debug("closed the pipe that a process outside the job still holds");
        } catch (IOException e) {
            LOG.warn("cannot read the script's output: {}", e.toString());
        }
        try {
            readEnd.close();
            log.close();
        } catch (IOException e) {
            LOG.warn("cannot complete the script's log: {}", e.toString());
        }
    }

    /** A full disk costs the log, not the job: the pipe is drained all the same. */
    private boolean written(byte[] bytes, int length) {
        try {
            log.write(bytes, length);
            return true;
        } catch (IOException e) {
            LOG.warn("cannot write the script's log, the rest of it is dropped: {}", e.toString());
            return false;
        }
    }

    private static void makePipe(Path pipe) throws IOException, InterruptedException {
        Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", pipe.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(mkfifo.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (mkfifo.waitFor() != 0) {
            throw new IOException("cannot make a pipe for the script's output: " + said);
        }
    }
}
