package recon.server.work;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.job.Failures;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.ResultPath;
import recon.common.lifecycle.CrashPoint;
import recon.server.queue.JobDirectories;
import recon.server.queue.JobRecord;
import recon.server.queue.JobStore;
import recon.server.queue.JobWatches;
import recon.server.queue.Kept;
import recon.server.queue.QueuePlace;
import recon.server.queue.Retention;
import recon.server.queue.StoreException;
import recon.server.queue.StoreRetry;
import recon.server.queue.StoredFile;
import recon.server.queue.Workspace;
import recon.server.script.ResultFiles;
import recon.server.script.ScriptOutcome;
import recon.server.script.ScriptRun;
import recon.server.script.SharedOutput;

/**
 * What a worker does with a job, top to bottom: from {@code QUEUED} by way of its script to results that wait for a
 * client, or to its failure. Each step takes what the one above returned, and none calls back up. What has happened is
 * recorded before anything is deleted, so that a crash in between leaves too much, never too little.
 *
 * <p>Used by one worker thread at a time for each job; the instance is shared.
 */
final class JobPipeline {
    private static final Logger log = LoggerFactory.getLogger(JobPipeline.class);

    /** Inputs of jobs that have waited for longer are read once more before their script gets them. */
    private static final Duration FRESH = Duration.ofMinutes(10);

    private final JobStore store;
    private final StoreRetry retry;
    private final JobWatches watches;
    private final Workspace workspace;
    private final Rules rules;
    private final CancellableScript script;
    private final Clock clock;

    /** @param rerunInterrupted whether a script that the server's end has interrupted may run again */
    record Rules(Retention retention, boolean rerunInterrupted) {}

    JobPipeline(
            JobStore store,
            StoreRetry retry,
            JobWatches watches,
            Workspace workspace,
            Rules rules,
            CancellableScript script,
            Clock clock) {
        this.store = store;
        this.retry = retry;
        this.watches = watches;
        this.workspace = workspace;
        this.rules = rules;
        this.script = script;
        this.clock = clock;
    }

    /** What a script run came to. */
    private sealed interface Run {
        /** @param reason in one line, how it went */
        record Done(List<StoredFile> results, String reason) implements Run {}

        /** @param outputsAreWanted what the script left may be of use all the same */
        record Failed(String reason, boolean outputsAreWanted) implements Run {}

        /** It was ended before its time. */
        record Interrupted() implements Run {}
    }

    /** Runs a job that was queued, if it still is. Returns when its end is recorded. */
    void run(QueuePlace place) {
        JobId job = place.job();
        script.take(job);
        try (MDC.MDCCloseable id = MDC.putCloseable("job", job.toString())) {
            CrashPoint.BEFORE_RUNNING_COMMIT.reach();
            Optional<JobRecord> started = retry.until("record that the job runs", () -> store.start(job));
            if (started.isEmpty()) {
                log.debug("not queued any more");
                return;
            }
            CrashPoint.AFTER_RUNNING_COMMIT.reach();
            watches.changed(job);
            JobDirectories directories = workspace.directories(job);
            end(started.get(), directories, runScript(started.get(), directories));
        } catch (StoreException e) {
            log.error("the server stops, and what has become of the job is not recorded: {}", e.getMessage());
        } finally {
            script.release(job);
            watches.changed(job);
        }
    }

    /** A job must not stay {@code RUNNING} when nobody runs it any more. */
    void giveUp(JobId job, Throwable bug) {
        try {
            store.move(
                    job,
                    JobState.RUNNING,
                    JobState.FAILED,
                    "on the server: " + bug,
                    JobChange.SERVER,
                    rules.retention().ofFailedInputs(clock.instant()));
            watches.changed(job);
        } catch (StoreException e) {
            log.error("job {} stays running in the record until the next start: {}", job, e.getMessage());
        }
    }

    private Run runScript(JobRecord job, JobDirectories directories) {
        try {
            workspace.requireInputs(
                    directories,
                    retry.until("read the job's record", () -> store.inputs(job.id())),
                    job.attempts() > 1
                            || job.changedAt().isAfter(job.submittedAt().plus(FRESH)));
            workspace.createOutputs(directories);
            Optional<SharedOutput> before = directories.scriptOutputsAreShared()
                    ? Optional.of(SharedOutput.before(directories.scriptOutputs()))
                    : Optional.empty();
            log.info("running the script, attempt {}", job.attempts());
            CrashPoint.BEFORE_SCRIPT.reach();
            ScriptOutcome outcome = script.run(new ScriptRun(
                    job.id(), directories.inputs(), directories.scriptOutputs(), directories.log(), job.options()));
            CrashPoint.AFTER_SCRIPT.reach();
            log.info("{}", outcome.reason());
            if (!(outcome instanceof ScriptOutcome.Succeeded)) {
                String lastOutput = outcome.lastOutput().strip();
                return new Run.Failed(outcome.reason() + (lastOutput.isEmpty() ? "" : "\n" + lastOutput), false);
            }
            return results(directories, before, outcome.reason());
        } catch (InterruptedException e) {
            return new Run.Interrupted();
        } catch (IOException e) {
            log.error("the job's files cannot be handled", e);
            return new Run.Failed("on the server: " + Failures.words(e), false);
        } catch (RuntimeException e) {
            log.error("the job met a bug of the server", e);
            return new Run.Failed("on the server: " + e, false);
        }
    }

    /** What the script left. Should it be of no use as it is, it stays: it may have taken hours. */
    private Run results(JobDirectories directories, Optional<SharedOutput> before, String reason) {
        try {
            List<ResultPath> results =
                    before.isPresent() ? before.get().changed() : ResultFiles.list(directories.outputs());
            return new Run.Done(workspace.keepResults(directories, results), reason);
        } catch (IOException e) {
            log.error("the results cannot be kept", e);
            return new Run.Failed(
                    "the script succeeded, but its results cannot be sent: " + Failures.words(e)
                            + "; they are kept on the server in " + directories.scriptOutputs(),
                    true);
        }
    }

    private void end(JobRecord job, JobDirectories directories, Run run) throws StoreException {
        if (run instanceof Run.Done done) {
            finish(job, directories, done);
        } else if (run instanceof Run.Failed failed) {
            Kept inputs = rules.retention().ofFailedInputs(clock.instant());
            Kept kept = failed.outputsAreWanted()
                    ? new Kept(inputs.inputs(), Optional.of(rules.retention().endOfUndelivered(clock.instant())))
                    : inputs;
            fail(job, directories, failed.reason(), kept);
        } else if (script.cancelledBy(job.id()).isPresent()) {
            cancelled(job, directories, script.cancelledBy(job.id()).get());
        } else {
            interrupted(job, directories);
        }
    }

    private void finish(JobRecord job, JobDirectories directories, Run.Done done) throws StoreException {
        CrashPoint.BEFORE_DELIVERING_COMMIT.reach();
        retry.until(
                "record that the script has ended",
                () -> store.finish(
                        job.id(),
                        done.results(),
                        done.reason(),
                        rules.retention().endOfUndelivered(clock.instant())));
        CrashPoint.AFTER_DELIVERING_COMMIT.reach();
        log.info("{} results wait for a client", done.results().size());
        watches.changed(job.id());
        CrashPoint.BEFORE_INPUTS_REMOVED.reach();
        workspace.removeInputs(directories);
        CrashPoint.AFTER_INPUTS_REMOVED.reach();
    }

    private void fail(JobRecord job, JobDirectories directories, String reason, Kept kept) throws StoreException {
        CrashPoint.BEFORE_FAILED_COMMIT.reach();
        retry.until(
                "record that the job failed",
                () -> store.move(job.id(), JobState.RUNNING, JobState.FAILED, reason, JobChange.SERVER, kept));
        CrashPoint.AFTER_FAILED_COMMIT.reach();
        log.warn("failed: {}", reason.lines().findFirst().orElse(""));
        removeAllBut(kept, directories);
    }

    private void cancelled(JobRecord job, JobDirectories directories, String by) throws StoreException {
        Kept kept = rules.retention().ofFailedInputs(clock.instant());
        CrashPoint.BEFORE_CANCELLED_COMMIT.reach();
        retry.until(
                "record that the job was cancelled",
                () -> store.move(job.id(), JobState.RUNNING, JobState.CANCELLED, "cancelled by " + by, by, kept));
        CrashPoint.AFTER_CANCELLED_COMMIT.reach();
        log.info("cancelled by {}", by);
        removeAllBut(kept, directories);
    }

    /** The server stops. */
    private void interrupted(JobRecord job, JobDirectories directories) throws StoreException {
        if (rules.rerunInterrupted()) {
            retry.until("queue the job again", () -> store.requeue(job.id(), "interrupted: the server stopped", false));
            log.info("its script was ended; it runs again after the server's next start");
            workspace.removeOutputs(directories);
        } else {
            fail(job, directories, Recovery.NOT_AGAIN, rules.retention().ofFailedInputs(clock.instant()));
        }
    }

    private void removeAllBut(Kept kept, JobDirectories directories) {
        if (kept.inputs().isEmpty()) {
            workspace.removeInputs(directories);
        }
        if (kept.results().isEmpty()) {
            workspace.removeOutputs(directories);
        }
    }
}
