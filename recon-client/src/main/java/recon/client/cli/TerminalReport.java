package recon.client.cli;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;

/**
 * One line at the bottom of a terminal that is drawn anew: a bar while bytes move, words while the job waits or runs.
 *
 * <p>Threads: the job's thread reports; {@code terminal} draws, and asks the server where the job is.
 */
final class TerminalReport implements JobReport {
    private static final Duration BETWEEN_DRAWS = Duration.ofMillis(200);
    private static final int DRAWS_PER_QUESTION = 10;
    private static final String TO_LINE_START = "\r\u001b[K";

    private final PrintWriter out;
    private final PrintWriter err;
    private final ReconClient client;
    private final Thread drawing = new Thread(this::drawUntilClosed, "terminal");

    @GuardedBy("this")
    private final Set<Path> folders = new TreeSet<>();

    @GuardedBy("this")
    private String words = "connecting";

    @GuardedBy("this")
    private long wordsSinceNanos = System.nanoTime();

    /** 0 if nothing is being sent. */
    @GuardedBy("this")
    private long totalBytes;

    @GuardedBy("this")
    private long bytes;

    @GuardedBy("this")
    private int results;

    @GuardedBy("this")
    private int resultsSaved;

    /** Null unless the job waits or runs. */
    @GuardedBy("this")
    private JobId waitingFor;

    @GuardedBy("this")
    private boolean closed;

    TerminalReport(PrintWriter out, PrintWriter err, ReconClient client) {
        this.out = out;
        this.err = err;
        this.client = client;
        drawing.setDaemon(true);
        drawing.start();
    }

    /** Whether standard input and output are a terminal that lines can be drawn on anew. */
    @SuppressWarnings(
            "SystemConsoleNull") // since JDK 22 there always is a console, which knows whether it is a terminal
    static boolean isPossible() {
        Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException olderThan22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    @Override
    public synchronized void sending(int files, long total) {
        begin("sending " + PlainReport.count(files, "file"));
        totalBytes = total;
    }

    @Override
    public synchronized void sent(int count) {
        bytes += count;
    }

    @Override
    public synchronized void queued(JobId job) {
        say("job " + job);
        begin("queued");
        waitingFor = job;
    }

    @Override
    public synchronized void receiving(int files) {
        begin("receiving");
        results = files;
    }

    @Override
    public synchronized void received(int count) {
        bytes += count;
    }

    @Override
    public synchronized void saved(Path file, boolean elsewhere) {
        resultsSaved++;
        folders.add(file.getParent());
        if (elsewhere) {
            say("saved as " + file + ": a different file of that name was there already");
        }
    }

    @Override
    public synchronized void ended(JobOutcome outcome) {
        closed = true;
        if (outcome instanceof JobOutcome.Failed failed) {
            print(TO_LINE_START);
            QuietReport.printFailure(failed, err);
        } else if (outcome instanceof JobOutcome.Completed completed) {
            say(PlainReport.summary(completed, folders));
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            print(TO_LINE_START);
        }
        notifyAll();
    }

    @GuardedBy("this")
    private void begin(String newWords) {
        words = newWords;
        wordsSinceNanos = System.nanoTime();
        totalBytes = 0;
        bytes = 0;
        waitingFor = null;
    }

    private void drawUntilClosed() {
        try {
            for (int draws = 0; drawAndWait(); draws++) {
                if (draws % DRAWS_PER_QUESTION == 0) {
                    askForPlace();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // waking early only draws early
    private synchronized boolean drawAndWait() throws InterruptedException {
        if (!closed) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - wordsSinceNanos);
            print(TO_LINE_START + StatusLine.of(words, bytes, totalBytes, elapsed, resultsSaved, results));
            wait(BETWEEN_DRAWS.toMillis());
        }
        return !closed;
    }

    /** The job's own connection is silent while it waits; another one asks for the queue. */
    private void askForPlace() {
        JobId job;
        synchronized (this) {
            job = waitingFor;
        }
        if (job == null) {
            return;
        }
        String place;
        try {
            place = StatusLine.place(client.queueDetails().jobs(), job.toString());
        } catch (ClientException e) {
            return; // not worth a word: should the server be gone, the job's own connection will say so
        }
        synchronized (this) {
            if (waitingFor != null && !place.equals(words)) {
                boolean stillQueued = words.startsWith("queued") && place.startsWith("queued");
                wordsSinceNanos = stillQueued ? wordsSinceNanos : System.nanoTime();
                words = place;
            }
        }
    }

    @GuardedBy("this")
    private void say(String line) {
        print(TO_LINE_START + line + System.lineSeparator());
    }

    @GuardedBy("this")
    private void print(String text) {
        out.print(text);
        out.flush();
    }
}
