package recon.client.watch;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.client.ReconClient;
import recon.client.retry.Timing;
import recon.client.submit.FileMark;
import recon.common.job.Failures;

/**
 * Sends every new content that appears in a directory, once.
 *
 * <p>Threads: one runs it, any closes it. The job carrier and the directory's events have threads of their own.
 */
public final class WatchFolder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WatchFolder.class);

    /** A file that grows makes events without end. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    private static final Duration ONCE_SPARE = Duration.ofSeconds(1);

    private final WatchSettings settings;
    private final WatchPattern pattern;
    private final WatchState state;
    private final ReconClient client;
    private final FailedFiles failed;
    private final JobCarrier carrier;
    private final Arrivals arrivals;
    private final PassedOver passedOver = new PassedOver();
    private final DirectoryEvents events;
    private final Semaphore news = new Semaphore(0);
    private final Queue<List<String>> released = new ConcurrentLinkedQueue<>();
    private volatile boolean over;
    private boolean unreadable;

    private WatchFolder(WatchSettings settings, WatchState state, ReconClient client, Timing timing) {
        this.settings = settings;
        this.pattern = WatchPattern.parse(settings.pattern());
        this.state = state;
        this.client = client;
        this.failed = new FailedFiles(settings.directory(), settings.failedDirectory());
        this.carrier = new JobCarrier(settings, state.ledger(), client, timing, failed, this::release);
        this.arrivals = new Arrivals(settings.stabilityDelay(), settings.groupingTimeout());
        this.events = new DirectoryEvents(settings.directory(), news::release);
    }

    /**
     * Opens the record of what was sent.
     *
     * @param client closed with this
     * @throws IllegalArgumentException if the directory is none, or another program watches it
     * @throws IOException if the record cannot be used
     */
    public static WatchFolder open(WatchSettings settings, ReconClient client, Timing timing) throws IOException {
        if (!Files.isDirectory(settings.directory())) {
            throw new IllegalArgumentException(
                    "CLIENT_WATCH_DIRECTORY " + settings.directory() + " is no directory; make it, or mount it");
        }
        return new WatchFolder(
                settings, WatchState.open(settings.stateDirectory(), settings.directory()), client, timing);
    }

    /** How many jobs have ended, well or not. */
    public record Tally(int done, int failed) {}

    /**
     * Waits until there is something in the directory's place: a network mount may come late.
     *
     * @param absent called once if it is not there
     * @param over ends the waiting
     * @return whether it is there
     */
    public static boolean awaitDirectory(WatchSettings settings, Runnable absent, CountDownLatch over)
            throws InterruptedException {
        Path directory = settings.directory();
        if (!Files.exists(directory)) {
            log.warn("CLIENT_WATCH_DIRECTORY {} is not there; waiting until it is made, or mounted", directory);
            absent.run();
        }
        while (!Files.exists(directory)) {
            if (over.await(settings.pollInterval().toNanos(), TimeUnit.NANOSECONDS)) {
                log.info("stopping; {} is not there yet", directory);
                return false;
            }
        }
        return true;
    }

    /**
     * Watches until it is closed.
     *
     * @param once end when what is complete now, or without any further change, has its results
     */
    public Tally run(boolean once) throws InterruptedException {
        List<Ledger.Pending> pending = state.ledger().pending();
        log.info(
                "watching {} for {}{}",
                settings.directory(),
                pattern,
                pending.isEmpty() ? "" : "; going on with " + pending.size() + " jobs of before");
        pending.forEach(carrier::goOn);
        long start = System.nanoTime();
        long onceNanos = settings.stabilityDelay()
                .plus(settings.groupingTimeout())
                .plus(ONCE_SPARE)
                .toNanos();
        while (!over) {
            long now = look();
            if (once && (arrivals.isIdle() || now - start > onceNanos)) {
                break;
            }
            await(now);
        }
        while (!over && !carrier.isIdle()) {
            news.tryAcquire(SHORTEST_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
        return carrier.tally();
    }

    private long look() {
        for (List<String> names = released.poll(); names != null; names = released.poll()) {
            arrivals.release(names);
        }
        events.register();
        long now = System.nanoTime();
        List<Sighting> files = files();
        for (Sighting file : files) {
            if (!arrivals.hasSeen(file.name()) && file.rank() != Sighting.OPTIONS) {
                log.info("seen {}, {} bytes", file.name(), file.mark().size());
            }
        }
        arrivals.look(files, now, Writers.of(settings.directory())).forEach(carrier::take);
        return now;
    }

    /** What is in the directory and is ours to send. */
    private List<Sighting> files() {
        List<Sighting> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(settings.directory())) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                OptionalInt rank = pattern.rank(name);
                if (rank.isPresent()) {
                    add(entry, name, rank.getAsInt(), files);
                }
            }
            passedOver.endLook();
            unreadable = false;
        } catch (IOException | DirectoryIteratorException e) {
            if (!unreadable) {
                unreadable = true;
                log.error("{} cannot be read, trying again: {}", settings.directory(), Failures.words(e));
            }
        }
        return files;
    }

    private void add(Path file, String name, int rank, List<Sighting> files) {
        try {
            FileMark mark = FileMark.of(file);
            boolean settled = state.ledger().isSent(name, mark)
                    || state.ledger().isRefusedForGood(name, mark)
                    || (state.ledger().isRefused(name, mark) && failed.isMarked(name));
            if (mark.size() == 0 && rank != Sighting.OPTIONS) {
                passedOver.look(name, "is empty, and taken once it is not");
            } else if (!settled) {
                files.add(new Sighting(name, mark, rank));
            }
        } catch (IOException goneOrNoFile) {
            if (Files.isSymbolicLink(file)) {
                passedOver.look(name, "is passed over: it is a link; put the file itself there");
            } else if (Files.exists(file) && !Files.isDirectory(file)) {
                passedOver.look(name, "is passed over: it is no regular file, or cannot be looked at");
            }
        }
    }

    private void await(long now) throws InterruptedException {
        long poll = settings.pollInterval().toNanos();
        long next = Math.min(poll, arrivals.nanosToNext(now).orElse(poll));
        if (news.tryAcquire(Math.max(next, SHORTEST_PAUSE.toNanos()), TimeUnit.NANOSECONDS) && !over) {
            TimeUnit.NANOSECONDS.sleep(SHORTEST_PAUSE.toNanos());
        }
        news.drainPermits();
    }

    private void release(List<String> names) {
        released.add(names);
        news.release();
    }

    /** Ends {@link #run} soon. What is not done goes on at the next start. */
    public void stop() {
        log.info("stopping; what is not done goes on at the next start");
        end();
    }

    private void end() {
        over = true;
        carrier.stop();
        client.close();
        news.release();
    }

    @Override
    public void close() throws IOException {
        end();
        events.close();
        carrier.close();
        state.close();
    }
}
