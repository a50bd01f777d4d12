package recon.server.status;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import recon.common.crypto.KeyOwner;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.wire.Report;
import recon.common.wire.WireTime;
import recon.server.queue.JobControl.NotPossibleException;
import recon.server.queue.JobRecord;
import recon.server.queue.JobStore;
import recon.server.queue.StoreException;
import recon.server.queue.StoredFile;

/** Answers operators' queries from the job store. Thread-safe. */
public final class StatusReport {
    /** One answer must fit into one message. */
    static final int MOST_ROWS = 10_000;

    private final JobStore store;
    private final IntSupplier workers;
    private final BooleanSupplier draining;
    private final Supplier<Optional<String>> closedBecause;
    private final Supplier<Optional<String>> trouble;
    private final Clock clock;
    private final Instant startedAt;

    /**
     * @param workers how many jobs may run at once now
     * @param draining whether no new jobs are taken
     * @param closedBecause why no job may start now; empty if one may
     * @param trouble what keeps workers from going on; empty if nothing does
     */
    public StatusReport(
            JobStore store,
            IntSupplier workers,
            BooleanSupplier draining,
            Supplier<Optional<String>> closedBecause,
            Supplier<Optional<String>> trouble,
            Clock clock) {
        this.store = store;
        this.workers = workers;
        this.draining = draining;
        this.closedBecause = closedBecause;
        this.trouble = trouble;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    public Report.ServerStatus server() throws StoreException {
        Map<JobState, Integer> counts = store.counts();
        int running = counts.getOrDefault(JobState.RUNNING, 0);
        int queued = counts.getOrDefault(JobState.QUEUED, 0);
        int most = workers.getAsInt();
        Optional<String> held = queued > 0 && running < most ? closedBecause.get() : Optional.empty();
        return new Report.ServerStatus(
                WireTime.uptime(Duration.between(startedAt, clock.instant())),
                most,
                running,
                queued,
                counts.getOrDefault(JobState.DELIVERING, 0),
                trouble.get().or(() -> held).orElse(""),
                draining.getAsBoolean());
    }

    /**
     * The jobs that somebody may see.
     *
     * @param all ended jobs too
     * @param limit how many jobs at most, of those that have ended and of those that have not
     */
    public Report.QueueDetails queue(boolean all, int limit, KeyOwner viewer) throws StoreException {
        int most = Math.min(limit, MOST_ROWS);
        List<JobSummary> jobs =
                new ArrayList<>(viewer.operator() ? store.active(most) : store.active(viewer.name(), most));
        if (all) {
            jobs.addAll(viewer.operator() ? store.ended(most) : store.ended(viewer.name(), most));
        }
        Map<JobState, Integer> counts = viewer.operator() ? store.counts() : store.counts(viewer.name());
        int total = counts.entrySet().stream()
                .filter(count -> all || !count.getKey().isEnded())
                .mapToInt(Map.Entry::getValue)
                .sum();
        return new Report.QueueDetails(jobs.stream().map(StatusReport::row).toList(), total);
    }

    /**
     * Everybody's jobs that came to their state since then, the newest change first.
     *
     * @param state empty for any
     */
    public Report.QueueDetails changedSince(Optional<JobState> state, Instant since, int limit) throws StoreException {
        int most = Math.min(limit, MOST_ROWS);
        List<JobSummary> jobs = new ArrayList<>();
        for (JobState one : state.isPresent() ? List.of(state.get()) : List.of(JobState.values())) {
            jobs.addAll(store.changedSince(one, since, MOST_ROWS));
        }
        jobs.sort(Comparator.comparing(JobSummary::changedAt).reversed());
        return new Report.QueueDetails(
                jobs.stream().limit(most).map(StatusReport::row).toList(), jobs.size());
    }

    /** @throws NotPossibleException if there is no such job, or only one of somebody else: in the same words */
    public Report.JobDetails job(JobId id, KeyOwner viewer) throws StoreException, NotPossibleException {
        JobRecord job = store.find(id)
                .filter(found -> viewer.mayUse(found.owner()))
                .orElseThrow(() -> new NotPossibleException("there is no job " + id));
        List<StoredFile> results = store.results(id);
        return new Report.JobDetails(
                row(job.summary()),
                job.reason(),
                job.inputBytes(),
                job.client(),
                job.attempts(),
                job.options().json(),
                results.size(),
                results.stream().mapToLong(StoredFile::size).sum(),
                job.resultsUntil().map(WireTime::utc).orElse(""),
                job.inputsUntil().map(WireTime::utc).orElse(""),
                store.history(id).stream().map(StatusReport::change).toList());
    }

    private static Report.JobDetails.Change change(JobChange change) {
        return new Report.JobDetails.Change(
                WireTime.utc(change.at()), change.to().word(), change.reason(), change.by());
    }

    /** As the wire has it. */
    public static Report.QueueDetails.Row row(JobSummary job) {
        return new Report.QueueDetails.Row(
                job.id().toString(),
                job.state().word(),
                job.primaryFile().value(),
                job.fileCount(),
                WireTime.utc(job.submittedAt()),
                job.id().inputDirectoryName(),
                job.priority().word(),
                WireTime.utc(job.changedAt()),
                job.reason(),
                job.owner());
    }
}
