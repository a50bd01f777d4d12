package recon.server.script;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What the script prints, from a pipe into the job's log by a thread of its own, so that the script never waits for
 * the server, and never the server for it.
 *
 * <p>Belongs to the thread that runs the script.
 */
final class ScriptOutput implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScriptOutput.class);
    /** The script has ended: what it printed is in the pipe, at most 64 KiB (pipe(7)). */
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

    private static final int BUFFER_BYTES = 64 * 1024;

    private final OutputPipe pipe;
    private final ScriptLog log;
    private final Map<String, String> loggingContext = MDC.getCopyOfContextMap();
    private final Thread drain;

    /** Takes the pipe and the log over, and starts the thread. */
    ScriptOutput(OutputPipe pipe, ScriptLog log, String threadName) {
        this.pipe = pipe;
        this.log = log;
        this.drain = new Thread(this::drain, threadName);
        drain.setDaemon(true);
        drain.start();
    }

    /** Makes the log and, beside it until the script has started, the pipe. */
    static ScriptOutput open(Path logFile, long maxLogBytes, String threadName) throws IOException {
        OutputPipe pipe = OutputPipe.create(logFile.resolveSibling(logFile.getFileName() + ".pipe"));
        try {
            return new ScriptOutput(pipe, new ScriptLog(PrivateFiles.create(logFile), maxLogBytes), threadName);
        } catch (IOException | RuntimeException e) {
            pipe.close();
            throw e;
        }
    }

    /** Where the script's stdout and stderr go. */
    ProcessBuilder.Redirect destination() {
        return ProcessBuilder.Redirect.to(pipe.file());
    }

    /** To be called when the script has started: from then on the output ends with the last of its processes. */
    void handOver() throws IOException {
        pipe.handOver();
    }

    /**
     * Waits until everything printed is in the log, as long as {@link #DRAIN_LIMIT}: a process that got away from the
     * job may still hold the pipe, which is then closed. An interrupt does not cut this short, but stays noted.
     */
    void finish() throws IOException {
        pipe.handOver();
        awaitDrain();
        pipe.close();
        awaitDrain();
    }

    String lastOutput() {
        return log.lastOutput();
    }

    @Override
    public void close() throws IOException {
        finish();
    }

    private void awaitDrain() {
        boolean interrupted = false;
        long start = System.nanoTime();
        long left = DRAIN_LIMIT.toNanos();
        while (left > 0 && drain.isAlive()) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(drain, left);
            } catch (InterruptedException finishFirst) {
                interrupted = true;
            }
            left = DRAIN_LIMIT.toNanos() - (System.nanoTime() - start);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain() {
        if (loggingContext != null) {
            MDC.setContextMap(loggingContext);
        }
        byte[] bytes = new byte[BUFFER_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (pipe.read(buffer.clear()) >= 0) {
                write(bytes, buffer.position());
            }
        } catch (ClosedChannelException finished) {
            LOG.debug("closed the pipe of the script's output while it was still held");
        } catch (IOException e) {
            LOG.warn("cannot read the script's output: {}", e.toString());
        }
        try {
            log.close();
        } catch (IOException e) {
            LOG.warn("cannot complete the script's log: {}", e.toString());
        }
    }

    /** A full disk costs the log, not the job: the pipe is drained all the same. */
    private void write(byte[] bytes, int length) {
        try {
            log.write(bytes, length);
        } catch (IOException e) {
            LOG.warn("cannot write the script's log, the rest of it is dropped: {}", e.toString());
        }
    }
}
