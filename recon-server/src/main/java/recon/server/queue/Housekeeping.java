package recon.server.queue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.JobChange;
import recon.common.job.JobState;
import recon.common.lifecycle.CrashPoint;
import recon.common.lifecycle.Service;

/**
 * Removes what has been kept long enough, and what could not be removed when it should have been.
 *
 * <p>One thread, {@code housekeeping}.
 */
public final class Housekeeping implements Service {
    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    /** To look through all directories is much work where many jobs wait, and seldom needed. */
    private static final int ROUNDS_PER_SWEEP = 60;

    private final JobStore store;
    private final JobWatches watches;
    private final Workspace workspace;
    private final Duration logsStay;
    private final Chore more;
    private final Duration interval;
    private final Clock clock;
    private final Thread thread = new Thread(this::work, "housekeeping");
    private boolean stopped;

    /** Something else to do each time. */
    @FunctionalInterface
    public interface Chore {
        void run() throws IOException;
    }

    /** @param logsStay how long the logs of scripts stay */
    public Housekeeping(
            JobStore store,
            JobWatches watches,
            Workspace workspace,
            Duration logsStay,
            Chore more,
            Duration interval,
            Clock clock) {
        this.store = store;
        this.watches = watches;
        this.workspace = workspace;
        this.logsStay = logsStay;
        this.more = more;
        this.interval = interval;
        this.clock = clock;
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop() {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            int round = 0;
            do {
                expire();
                if (++round % ROUNDS_PER_SWEEP == 0) {
                    cleanUp();
                }
            } while (!pause());
        } catch (InterruptedException e) {
            log.debug("interrupted");
        }
    }

    /** Returns whether the server stops. */
    private synchronized boolean pause() throws InterruptedException {
        long end = System.nanoTime() + interval.toNanos();
        for (long left = interval.toMillis(); !stopped && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return stopped;
    }

    private void expire() {
        attempt("expire results", this::expireResults);
        attempt("expire inputs", this::expireInputs);
        attempt("tidy up", more);
    }

    /** Does everything once. A failure is logged: the next time may be better. */
    public void cleanUp() {
        expire();
        attempt("sweep the directories", new Sweep(store, workspace)::run);
        attempt("sweep the logs", () -> workspace.sweepLogs(clock.instant().minus(logsStay)));
    }

    private static void attempt(String what, Chore chore) {
        try {
            chore.run();
        } catch (IOException | RuntimeException e) {
            log.error("cannot {}: {}", what, e.toString());
        }
    }

    private void expireResults() throws StoreException {
        Instant now = clock.instant();
        for (JobRecord job : store.resultsDue(now)) {
            String reason = "the results were removed: they were kept until "
                    + job.resultsUntil().orElse(now);
            Kept kept = new Kept(job.inputsUntil(), Optional.empty());
            CrashPoint.BEFORE_EXPIRY_COMMIT.reach();
            boolean expired = job.state() == JobState.DELIVERING
                    ? store.move(
                            job.id(),
                            JobState.DELIVERING,
                            JobState.EXPIRED,
                            "nobody fetched the results; " + reason,
                            JobChange.SERVER,
                            kept)
                    : store.note(job.id(), job.state(), reason, JobChange.SERVER, kept);
            if (!expired) {
                continue; // something happened to the job in this moment
            }
            CrashPoint.AFTER_EXPIRY_COMMIT.reach();
            log.info("job {} ({}): {}", job.id(), job.state().word(), reason);
            CrashPoint.BEFORE_RESULTS_REMOVED.reach();
            workspace.removeOutputs(workspace.directories(job.id()));
            CrashPoint.AFTER_RESULTS_REMOVED.reach();
            watches.changed(job.id());
        }
    }

    private void expireInputs() throws StoreException {
        Instant now = clock.instant();
        for (JobRecord job : store.inputsDue(now)) {
            String reason = "the inputs were removed: they were kept until "
                    + job.inputsUntil().orElse(now);
            Kept kept = new Kept(Optional.empty(), job.resultsUntil());
            if (store.note(job.id(), job.state(), reason, JobChange.SERVER, kept)) {
                log.info("job {}: {}", job.id(), reason);
                workspace.removeInputs(workspace.directories(job.id()));
            }
        }
    }
}
