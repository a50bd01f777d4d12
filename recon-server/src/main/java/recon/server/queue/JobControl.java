package recon.server.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.Priority;
import recon.common.lifecycle.CrashPoint;

/** What people do to jobs: cancel, and run again. Thread-safe. */
public final class JobControl {
    private static final Logger log = LoggerFactory.getLogger(JobControl.class);

    /** A script has 4 s after SIGTERM; then its processes are killed, and the job's state is recorded. */
    private static final Duration LONGEST_CANCEL = Duration.ofSeconds(20);

    private static final Duration LONGEST_CLEAN_UP = Duration.ofSeconds(20);

    private final JobStore store;
    private final JobQueue queue;
    private final JobWatches watches;
    private final RunningJobs running;
    private final Workspace workspace;
    private final Retention retention;
    private final Clock clock;

    public JobControl(
            JobStore store,
            JobQueue queue,
            JobWatches watches,
            RunningJobs running,
            Workspace workspace,
            Retention retention,
            Clock clock) {
        this.store = store;
        this.queue = queue;
        this.watches = watches;
        this.running = running;
        this.workspace = workspace;
        this.retention = retention;
        this.clock = clock;
    }

    /** A job cannot be cancelled or run again; the message says why, for the person who asked. */
    public static final class NotPossibleException extends Exception {
        private static final long serialVersionUID = 1L;

        public NotPossibleException(String message) {
            super(message);
        }
    }

    /**
     * Cancels a job that has not ended: takes it out of the queue, ends its script, or removes its results. Returns when
     * that is done and recorded.
     *
     * @param by the client's address
     */
    public void cancel(JobId job, String by) throws NotPossibleException, StoreException, InterruptedException {
        long end = System.nanoTime() + LONGEST_CANCEL.toNanos();
        try (JobWatches.Watch watch = watches.watch(job)) {
            while (System.nanoTime() < end) {
                JobRecord record = find(job);
                switch (record.state()) {
                    case QUEUED -> {
                        if (cancelQueued(job, by)) {
                            return;
                        }
                    }
                    case DELIVERING -> {
                        if (cancelDelivering(job, by)) {
                            return;
                        }
                    }
                    case RUNNING -> {
                        running.cancel(job, by);
                        watch.await(Duration.ofSeconds(1));
                    }
                    case CANCELLED -> {
                        return;
                    }
                    case RECEIVING ->
                        throw new NotPossibleException(
                                "job " + job + " is not accepted yet; it is dropped if its client does not go on");
                    case DELIVERED, FAILED, EXPIRED ->
                        throw new NotPossibleException("job " + job + " has ended already: it is "
                                + record.state().word());
                }
            }
        }
        throw new NotPossibleException("job " + job + " is not cancelled yet: its script does not end within "
                + LONGEST_CANCEL.toSeconds() + " s, or its end cannot be recorded; the server's log says which");
    }

    private boolean cancelQueued(JobId job, String by) throws StoreException {
        Kept kept = retention.ofFailedInputs(clock.instant());
        // Out of the queue first: once it is cancelled it may be queued again, with a place that must stay.
        Optional<QueuePlace> place = queue.remove(job);
        boolean cancelled = false;
        try {
            cancelled = cancelAtRest(job, JobState.QUEUED, by, kept);
        } finally {
            if (!cancelled) {
                place.ifPresent(queue::add); // a worker that takes it asks the store
            }
        }
        if (cancelled && kept.inputs().isEmpty()) {
            workspace.removeInputs(workspace.directories(job));
        }
        return cancelled;
    }

    private boolean cancelDelivering(JobId job, String by) throws StoreException {
        boolean cancelled = cancelAtRest(job, JobState.DELIVERING, by, Kept.NOTHING);
        if (cancelled) {
            workspace.removeOutputs(workspace.directories(job));
        }
        return cancelled;
    }

    /** Returns false if the job went on in this moment. */
    private boolean cancelAtRest(JobId job, JobState state, String by, Kept kept) throws StoreException {
        CrashPoint.BEFORE_CANCELLED_COMMIT.reach();
        boolean cancelled = store.move(job, state, JobState.CANCELLED, "cancelled by " + by, by, kept);
        CrashPoint.AFTER_CANCELLED_COMMIT.reach();
        if (cancelled) {
            log.info("job {} was cancelled by {}", job, by);
            watches.changed(job);
        }
        return cancelled;
    }

    /**
     * Queues a failed or cancelled job once more.
     *
     * @param by the client's address
     */
    public void rerun(JobId job, String by) throws NotPossibleException, StoreException, InterruptedException {
        if (queue.isDraining()) {
            throw new NotPossibleException("the server is draining and takes no jobs; try again later");
        }
        awaitCleanUp(job);
        JobRecord record = find(job);
        if (record.state() != JobState.FAILED && record.state() != JobState.CANCELLED) {
            throw new NotPossibleException(
                    "job " + job + " is " + record.state().word() + "; only a failed or cancelled job can run again");
        }
        Optional<Instant> inputsUntil = record.inputsUntil();
        if (inputsUntil.isEmpty()) {
            throw new NotPossibleException("the inputs of job " + job
                    + " are not kept (FAILED_INPUT_RETENTION_HOURS); submit them again as a new job");
        }
        Optional<QueuePlace> place = store.rerun(job, "to run again", by);
        if (place.isEmpty()) {
            throw new NotPossibleException("job " + job + " has changed in this moment; look at it again");
        }
        workspace.removeLog(workspace.directories(job));
        queue.add(place.get());
        watches.changed(job);
        log.info("job {} is queued again by {}", job, by);
    }

    /**
     * Gives a job that waits another priority.
     *
     * @param by who asked for it
     */
    public void prioritize(JobId job, Priority priority, String by) throws NotPossibleException, StoreException {
        JobRecord record = find(job);
        if (record.state() != JobState.QUEUED) {
            throw new NotPossibleException("job " + job + " is "
                    + record.state().word() + "; only a job that waits (queued) can get another priority");
        }
        QueuePlace place = queue.remove(job)
                .orElseThrow(() -> new NotPossibleException("job " + job + " begins to run in this moment"));
        QueuePlace newPlace = place;
        try {
            String reason = "priority " + priority.word() + " instead of "
                    + place.priority().word();
            newPlace = store.prioritize(job, priority, reason, by).orElse(place);
        } finally {
            queue.add(newPlace); // a worker that takes it asks the store
        }
        log.info("job {} has priority {} now, by {}", job, priority.word(), by);
        watches.changed(job);
    }

    /** A worker that has just recorded the end of the job may still remove its files: not those of the next run. */
    private void awaitCleanUp(JobId job) throws NotPossibleException, StoreException, InterruptedException {
        long end = System.nanoTime() + LONGEST_CLEAN_UP.toNanos();
        try (JobWatches.Watch watch = watches.watch(job)) {
            while (running.has(job) && find(job).state().isEnded()) {
                if (System.nanoTime() > end) {
                    throw new NotPossibleException(
                            "the files of the last run of job " + job + " are still being removed; try again later");
                }
                watch.await(Duration.ofMillis(100));
            }
        }
    }

    private JobRecord find(JobId job) throws StoreException, NotPossibleException {
        return store.find(job).orElseThrow(() -> new NotPossibleException("there is no job " + job));
    }
}
