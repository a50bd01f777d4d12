package recon.server.work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.server.queue.JobDirectories;
import recon.server.queue.JobQueue;
import recon.server.queue.JobRecord;
import recon.server.queue.JobStore;
import recon.server.queue.Kept;
import recon.server.queue.QueuePlace;
import recon.server.queue.Retention;
import recon.server.queue.StoreException;
import recon.server.queue.Sweep;
import recon.server.queue.Workspace;

/**
 * Takes stock when the server starts: what its former run, however it ended, has left in the store, on the disk and among
 * the processes. Afterwards the queue is as it was.
 */
public final class Recovery {
    static final String NOT_AGAIN =
            "the server ended while the script ran, and it must not run twice" + " (RERUN_INTERRUPTED = false)";

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final JobStore store;
    private final JobQueue queue;
    private final Workspace workspace;
    private final Rules rules;
    private final Clock clock;

    /**
     * @param maxAttempts how often a script may be started for one job, at least 1
     * @param rerunInterrupted false: not a second time after an interruption
     */
    public record Rules(int maxAttempts, boolean rerunInterrupted, Retention retention) {}

    public Recovery(JobStore store, JobQueue queue, Workspace workspace, Rules rules, Clock clock) {
        this.store = store;
        this.queue = queue;
        this.workspace = workspace;
        this.rules = rules;
        this.clock = clock;
    }

    /** Ends the processes that scripts of the former run have left. */
    @FunctionalInterface
    public interface LeftOverScripts {
        void end(Set<JobId> jobs) throws InterruptedException;
    }

    /**
     * To be called once, before anything else touches the store or the directories.
     *
     * @throws IOException if the directories are not those of the store's jobs, or the record cannot be used; nothing has
     *     been removed then
     */
    public void takeStock(LeftOverScripts scripts) throws IOException, InterruptedException {
        workspace.claim(store.createdAt(), store.counts());
        Instant lastChange = store.lastChange();
        List<JobRecord> running = store.inState(JobState.RUNNING);
        if (!running.isEmpty()) {
            scripts.end(running.stream().map(JobRecord::id).collect(Collectors.toSet()));
        }
        for (JobRecord job : running) {
            interrupted(job);
        }
        for (JobRecord job : store.inState(JobState.RECEIVING)) {
            if (job.resumable()) {
                log.info("job {} was still coming in; its client can go on with it", job.id());
            } else {
                log.info("job {} was still coming in; its client has to send it again", job.id());
                store.discard(job.id());
                workspace.removeInputs(workspace.directories(job.id()));
            }
        }
        Map<JobId, Path> inputs = workspace.inputDirectories();
        Map<JobId, Path> outputs = workspace.outputDirectories();
        List<QueuePlace> waiting = failWithoutInputs(inputs.keySet(), outputs.keySet());
        waiting.forEach(place -> inputs.remove(place.job())); // the rest is little, if all is well
        int undelivered = failWithoutResults(outputs.keySet());
        Sweep sweep = new Sweep(store, workspace);
        sweep.setAside(inputs, lastChange);
        sweep.setAside(outputs, lastChange);
        sweep.run(inputs, outputs);
        waiting.forEach(queue::add);
        log.info("from before: {} jobs wait to run, {} for their client", waiting.size(), undelivered);
    }

    private void interrupted(JobRecord job) throws StoreException {
        if (!rules.rerunInterrupted()) {
            fail(job, NOT_AGAIN, inputsKept());
        } else if (job.attempts() >= rules.maxAttempts()) {
            fail(
                    job,
                    "the server ended while the script ran, " + job.attempts() + " times (MAX_ATTEMPTS)",
                    inputsKept());
        } else {
            log.info("job {} was interrupted and is queued again", job.id());
            store.requeue(job.id(), "interrupted: the server ended", true);
        }
        JobDirectories directories = workspace.directories(job.id());
        if (Files.isDirectory(directories.inputs())) { // else it has ended since: this is an old copy of the record
            workspace.removeOutputs(directories); // half of them, or none
        }
    }

    /**
     * Results of a job whose inputs are gone stay: where an old copy of the record was put back, they are good.
     *
     * @return the jobs that wait, in order
     */
    private List<QueuePlace> failWithoutInputs(Set<JobId> withInputs, Set<JobId> withOutputs) throws IOException {
        Kept results = Kept.resultsUntil(rules.retention().endOfUndelivered(clock.instant()));
        List<QueuePlace> waiting = new ArrayList<>();
        for (QueuePlace place : store.queued()) {
            if (withInputs.contains(place.job())) {
                waiting.add(place);
            } else {
                fail(
                        store.find(place.job()).orElseThrow(),
                        "its inputs are gone from the server's disk",
                        withOutputs.contains(place.job()) ? results : Kept.NOTHING);
            }
        }
        return waiting;
    }

    /** Returns how many jobs wait for their client. */
    private int failWithoutResults(Set<JobId> withOutputs) throws IOException {
        int waiting = 0;
        for (JobRecord job : store.inState(JobState.DELIVERING)) {
            if (withOutputs.contains(job.id())) {
                waiting++;
            } else {
                fail(job, "its results are gone from the server's disk", Kept.NOTHING);
            }
        }
        return waiting;
    }

    private Kept inputsKept() {
        return rules.retention().ofFailedInputs(clock.instant());
    }

    private void fail(JobRecord job, String reason, Kept kept) throws StoreException {
        log.error("job {} failed: {}", job.id(), reason);
        store.move(job.id(), job.state(), JobState.FAILED, reason, JobChange.SERVER, kept);
    }
}
