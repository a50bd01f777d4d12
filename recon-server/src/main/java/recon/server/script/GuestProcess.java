package recon.server.script;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program of the site that is talked to on its standard input and output, as a process of its own session; whatever it
 * starts ends with it. What it prints on standard error goes to a log.
 *
 * <p>When it ends, a thread of its own ends what it leaves behind. One thread starts and closes it; one may write to it while
 * another one reads. Either ends at once when the thread is interrupted, or the stream is closed by another one.
 */
public final class GuestProcess implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(GuestProcess.class);

    private final InputPipe input;
    private final OutputPipe output;
    private final ScriptOutput errors;
    private final Process process;
    private final ProcessTree tree;

    /**
     * What is to be run.
     *
     * @param directory in which it works
     * @param environment more variables
     * @param marker the name among them whose value only processes of this guest have
     * @param log file for what it prints on standard error; written anew, mode 0600
     * @param maxLogBytes how much of that the log keeps
     */
    public record Guest(
            Path program, Path directory, Map<String, String> environment, String marker, Path log, long maxLogBytes) {
        public Guest {
            environment = Map.copyOf(environment);
        }

        private Path beside(String ending) {
            return log.resolveSibling(log.getFileName() + ending);
        }
    }

    private GuestProcess(Guest guest, InputPipe input, OutputPipe output, ScriptOutput errors) throws IOException {
        this.input = input;
        this.output = output;
        this.errors = errors;
        Optional<Path> setsid = SystemTool.find("setsid");
        List<String> words = new ArrayList<>();
        setsid.ifPresent(tool -> words.add(tool.toString()));
        words.add(guest.program().toString());
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(guest.directory().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(input.file()))
                .redirectOutput(ProcessBuilder.Redirect.to(output.file()))
                .redirectError(errors.destination());
        ProcessScript.keepForServer(builder.environment());
        builder.environment().putAll(guest.environment());
        this.process = builder.start();
        String marker = guest.marker() + "=" + guest.environment().get(guest.marker());
        this.tree = new ProcessTree(process, setsid.isPresent(), marker, LinuxProcesses.available());
    }

    /** @throws IOException if the program cannot be started, or the log or the pipes beside it cannot be made */
    public static GuestProcess start(Guest guest) throws IOException {
        ScriptOutput errors = ScriptOutput.open(guest.log(), guest.maxLogBytes(), "guest-errors");
        try {
            OutputPipe output = OutputPipe.create(guest.beside(".out"));
            try {
                return start(guest, output, errors);
            } catch (IOException | RuntimeException e) {
                output.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            errors.close();
            throw e;
        }
    }

    private static GuestProcess start(Guest guest, OutputPipe output, ScriptOutput errors) throws IOException {
        InputPipe input = InputPipe.create(guest.beside(".in"));
        try {
            GuestProcess started = new GuestProcess(guest, input, output, errors);
            started.handOver();
            Thread end = new Thread(started::endLeftOvers, "guest-end");
            end.setDaemon(true);
            end.start();
            return started;
        } catch (IOException | RuntimeException e) {
            input.close();
            throw e;
        }
    }

    /** What it leaves behind would else hold its output open, perhaps for ever. */
    private void endLeftOvers() {
        try {
            process.waitFor();
            int ended = endTree();
            if (ended > 0) {
                LOG.warn("the program left {} processes behind, which were ended", ended);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int endTree() throws InterruptedException {
        synchronized (tree) {
            return tree.end(ProcessScript.DEFAULT_GRACE);
        }
    }

    private void handOver() throws IOException {
        try {
            input.handOver();
            output.handOver();
            errors.handOver();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** What the program reads; closed, its input ends. */
    public OutputStream input() {
        return input;
    }

    /** What the program prints. */
    public InputStream output() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return output.read(ByteBuffer.wrap(bytes, offset, length));
            }

            @Override
            public void close() throws IOException {
                output.close();
            }
        };
    }

    /**
     * Waits until the program has ended.
     *
     * @return how it ended, such as "exited with code 3"; empty if it has not within the limit
     */
    public Optional<String> awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                ? Optional.of(ExitCodes.describe(process.exitValue()))
                : Optional.empty();
    }

    /** Whether the program has ended by itself, with exit code 0. */
    public boolean hasSucceeded() {
        return !process.isAlive() && process.exitValue() == 0;
    }

    /** The last lines that it printed on standard error, at most 4 KiB; all of them once this is closed. */
    public String lastErrors() {
        return errors.lastOutput();
    }

    /** Ends every process of the program. An interrupt cuts the grace short that they get. */
    @Override
    public void close() throws IOException {
        try {
            input.close();
            endTree();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while ending a program");
        } finally {
            output.close();
            errors.finish();
        }
    }
}
