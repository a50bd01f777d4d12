package recon.client.cli;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;

/**
 * One line at the bottom of a terminal that is drawn anew: a bar while bytes move, words while the job waits or runs.
 *
 * <p>Threads: the job's thread only notes what happened; {@code terminal} draws, so that a terminal that was stopped with
 * Ctrl-S does not stop the job. {@code place} asks the server where the job is, which may take long as well.
 */
final class TerminalReport implements JobReport {
    private static final Duration BETWEEN_DRAWS = Duration.ofMillis(200);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(2);

    /** Clears the line; what follows is cut off at the right edge, for a wrapped line cannot be drawn anew. */
    private static final String DRAW = "\r\u001b[K\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";
    private static final String CLEAR = "\r\u001b[K" + WRAP;

    private final PrintWriter out;
    private final PrintWriter err;
    private final PlaceInQueue places;
    private final Thread drawing = new Thread(this::drawUntilClosed, "terminal");
    private final Thread asking = new Thread(this::askUntilClosed, "place");

    /** Says where a job is. */
    @FunctionalInterface
    interface PlaceInQueue {
        /** In the words of {@link StatusLine#place}; null if it cannot be told. */
        String of(JobId job);
    }

    private enum Phase {
        CONNECTING,
        SENDING,
        WAITING,
        RECEIVING,
        RECONNECTING
    }

    @GuardedBy("this")
    private final SavedFiles savedFiles = new SavedFiles();

    /** To be printed above the status line. */
    @GuardedBy("this")
    private final List<String> lines = new ArrayList<>();

    @GuardedBy("this")
    private Phase phase = Phase.CONNECTING;

    @GuardedBy("this")
    private String place = "queued";

    @GuardedBy("this")
    private long sinceNanos = System.nanoTime();

    @GuardedBy("this")
    private int files;

    @GuardedBy("this")
    private int filesSaved;

    @GuardedBy("this")
    private long totalBytes;

    @GuardedBy("this")
    private long bytes;

    @GuardedBy("this")
    private JobId job;

    @GuardedBy("this")
    private JobOutcome.Failed failure;

    @GuardedBy("this")
    private boolean closed;

    TerminalReport(PrintWriter out, PrintWriter err, PlaceInQueue places) {
        this.out = out;
        this.err = err;
        this.places = places;
        drawing.setDaemon(true);
        drawing.start();
        asking.setDaemon(true);
        asking.start();
    }

    /** Whether standard input and output are a terminal that lines can be drawn on anew. */
    static boolean isPossible() {
        return Surroundings.hasTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    @Override
    public synchronized void sending(int count, long total) {
        begin(Phase.SENDING);
        files = count;
        totalBytes = total;
    }

    @Override
    public synchronized void sent(int count) {
        bytes += count;
    }

    @Override
    public synchronized void queued(JobId id) {
        lines.add("job " + id);
        waiting(id);
    }

    @Override
    public synchronized void goesOn() {
        lines.add(PlainReport.GOES_ON);
    }

    @Override
    public synchronized void notice(String words) {
        lines.add(PlainReport.noticed(words));
    }

    @Override
    public synchronized void waiting(JobId id) {
        job = id;
        begin(Phase.WAITING);
    }

    @Override
    public synchronized void connectionLost(String reason) {
        lines.add(PlainReport.lost(reason));
        begin(Phase.RECONNECTING);
    }

    @Override
    public synchronized void reconnected() {
        lines.add(PlainReport.CONNECTED_AGAIN);
        place = "waiting";
        begin(job == null ? Phase.CONNECTING : Phase.WAITING);
    }

    @Override
    public synchronized void receiving(int count) {
        begin(Phase.RECEIVING);
        files = count;
    }

    @Override
    public synchronized void received(int count) {
        bytes += count;
    }

    @Override
    public synchronized void saved(Path file, boolean elsewhere) {
        filesSaved++;
        savedFiles.add(file, elsewhere);
    }

    @Override
    public synchronized void ended(JobOutcome outcome) {
        if (outcome instanceof JobOutcome.Failed failed) {
            failure = failed;
        } else if (outcome instanceof JobOutcome.Completed completed) {
            lines.addAll(savedFiles.summary(completed));
        }
    }

    /** Returns once everything is drawn: nobody should miss how the job ended because the terminal was stopped. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            drawing.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @GuardedBy("this")
    private void begin(Phase next) {
        phase = next;
        sinceNanos = System.nanoTime();
        bytes = 0;
        notifyAll();
    }

    private void drawUntilClosed() {
        try {
            boolean last = false;
            while (!last) {
                String picture;
                synchronized (this) {
                    last = closed;
                    picture = picture();
                }
                out.print(picture);
                out.flush();
                if (!last) {
                    pause(BETWEEN_DRAWS);
                }
            }
            printFailure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The lines that are new, and the status line unless it is all over. */
    @GuardedBy("this")
    private String picture() {
        StringBuilder text = new StringBuilder(CLEAR);
        lines.forEach(line -> text.append(line).append(System.lineSeparator()));
        lines.clear();
        if (!closed) {
            text.append(DRAW).append(statusLine()).append(WRAP);
        }
        return text.toString();
    }

    @GuardedBy("this")
    private String statusLine() {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - sinceNanos);
        return switch (phase) {
            case CONNECTING -> "connecting";
            case SENDING -> StatusLine.sending(files, bytes, totalBytes, elapsed);
            case WAITING -> StatusLine.waiting(place, elapsed);
            case RECEIVING -> StatusLine.receiving(filesSaved, files, bytes, elapsed);
            case RECONNECTING -> StatusLine.waiting("reconnecting", elapsed);
        };
    }

    private void printFailure() {
        JobOutcome.Failed failed;
        synchronized (this) {
            failed = failure;
        }
        if (failed != null) {
            QuietReport.printFailure(failed, err);
        }
    }

    /** The job's own connection is silent while the job waits; another one asks for the queue. */
    private void askUntilClosed() {
        try {
            for (JobId id = awaitWaiting(); id != null; id = awaitWaiting()) {
                note(places.of(id));
                pause(BETWEEN_QUESTIONS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns null once nobody wants to know any more. */
    private synchronized JobId awaitWaiting() throws InterruptedException {
        while (!closed && phase != Phase.WAITING) {
            wait();
        }
        return closed ? null : job;
    }

    private synchronized void note(String newPlace) {
        if (phase == Phase.WAITING && newPlace != null && !newPlace.equals(place)) {
            boolean stillQueued = place.startsWith("queued") && newPlace.startsWith("queued");
            sinceNanos = stillQueued ? sinceNanos : System.nanoTime();
            place = newPlace;
        }
    }

    @SuppressWarnings("WaitNotInLoop") // waking early only draws or asks early
    private synchronized void pause(Duration duration) throws InterruptedException {
        if (!closed) {
            wait(duration.toMillis());
        }
    }
}
