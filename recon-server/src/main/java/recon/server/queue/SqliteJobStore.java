package recon.server.queue;

import com.google.errorprone.annotations.ThreadSafe;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.job.Priority;
import recon.common.job.SubmissionId;

/**
 * The record of the jobs in an SQLite file, {@code recon.db} in the state directory. Times are kept in milliseconds.
 *
 * <p>Changes go over one connection, and share commits when they come at once; questions over another, so that a status query does not wait until a
 * change is on the disk. What a call has changed, every later question sees.
 */
@ThreadSafe
public final class SqliteJobStore implements JobStore {
    private final SqliteConnection writer;
    private final GroupCommit changes;
    private final SqliteConnection reader;
    private final Clock clock;
    private final Instant createdAt;

    private SqliteJobStore(SqliteConnection writer, SqliteConnection reader, Clock clock) throws StoreException {
        this.writer = writer;
        this.changes = new GroupCommit(writer);
        this.reader = reader;
        this.clock = clock;
        this.createdAt = reader.transaction(JobQueries::createdAt);
    }

    /**
     * Opens the store, and makes it if there is none.
     *
     * @param stateDirectory exists, and no other server uses it
     * @throws StoreException if the file is damaged, or of a newer version; the message says what to do
     */
    public static SqliteJobStore open(Path stateDirectory, Clock clock) throws IOException {
        SqliteFiles.prepareLibrary(stateDirectory);
        Path file = SqliteFiles.database(stateDirectory);
        SqliteConnection writer = SqliteConnection.writer(file);
        SqliteConnection reader = SqliteConnection.reader(file);
        boolean opened = false;
        try {
            writer.logAhead();
            SqliteSchema.migrate(writer, file, clock.instant());
            SqliteJobStore store = new SqliteJobStore(writer, reader, clock);
            opened = true;
            return store;
        } finally {
            if (!opened) {
                reader.close();
                writer.close();
            }
        }
    }

    @Override
    public Instant createdAt() {
        return createdAt;
    }

    @Override
    public Instant lastChange() throws StoreException {
        return reader.transaction(JobQueries::lastChange);
    }

    @Override
    public void add(NewJob job) throws StoreException {
        change(jobs -> {
            jobs.add(job);
            return true;
        });
    }

    @Override
    public void discard(JobId job) throws StoreException {
        change(jobs -> {
            jobs.discard(job);
            return true;
        });
    }

    @Override
    public QueuePlace queue(JobId job, List<StoredFile> inputs) throws StoreException {
        return change(jobs -> jobs.queue(job, inputs));
    }

    @Override
    public Optional<JobRecord> start(JobId job) throws StoreException {
        return change(jobs -> jobs.start(job));
    }

    @Override
    public boolean finish(JobId job, List<StoredFile> results, String reason, Instant until) throws StoreException {
        return change(jobs -> jobs.finish(job, results, reason, until));
    }

    @Override
    public Optional<QueuePlace> requeue(JobId job, String reason, boolean counts) throws StoreException {
        return change(jobs -> jobs.requeue(job, reason, counts));
    }

    @Override
    public Optional<QueuePlace> rerun(JobId job, String reason, String by) throws StoreException {
        return change(jobs -> jobs.rerun(job, reason, by));
    }

    @Override
    public boolean move(JobId job, JobState from, JobState to, String reason, String by, Kept kept)
            throws StoreException {
        if (!to.isEnded()) {
            throw new IllegalArgumentException(
                    "a move ends a job; there is a method of its own to make it " + to.word());
        }
        return change(jobs -> jobs.move(job, from, to, reason, by, kept));
    }

    @Override
    public boolean note(JobId job, JobState state, String reason, String by, Kept kept) throws StoreException {
        return change(jobs -> jobs.note(job, state, reason, by, kept));
    }

    @Override
    public Optional<JobRecord> find(JobId job) throws StoreException {
        return reader.transaction(sql -> JobQueries.find(sql, job));
    }

    @Override
    public Optional<JobRecord> find(SubmissionId submission) throws StoreException {
        return reader.transaction(sql -> JobQueries.find(sql, submission));
    }

    @Override
    public List<StoredFile> inputs(JobId job) throws StoreException {
        return reader.transaction(sql -> JobQueries.inputs(sql, job));
    }

    @Override
    public List<StoredFile> results(JobId job) throws StoreException {
        return reader.transaction(sql -> JobQueries.results(sql, job));
    }

    @Override
    public List<JobChange> history(JobId job) throws StoreException {
        return reader.transaction(sql -> JobQueries.history(sql, job));
    }

    @Override
    public List<JobSummary> active(int limit) throws StoreException {
        return reader.transaction(sql -> JobQueries.active(sql, limit));
    }

    @Override
    public List<JobSummary> active(String owner, int limit) throws StoreException {
        return reader.transaction(sql -> JobQueries.active(sql, owner, limit));
    }

    @Override
    public List<JobSummary> ended(int limit) throws StoreException {
        return reader.transaction(sql -> JobQueries.ended(sql, limit));
    }

    @Override
    public List<JobSummary> ended(String owner, int limit) throws StoreException {
        return reader.transaction(sql -> JobQueries.ended(sql, owner, limit));
    }

    @Override
    public Map<JobState, Integer> counts() throws StoreException {
        return reader.transaction(JobQueries::counts);
    }

    @Override
    public Map<JobState, Integer> counts(String owner) throws StoreException {
        return reader.transaction(sql -> JobQueries.counts(sql, owner));
    }

    @Override
    public List<QueuePlace> queued() throws StoreException {
        return reader.transaction(JobQueries::queued);
    }

    @Override
    public List<JobRecord> inState(JobState state) throws StoreException {
        return reader.transaction(sql -> JobQueries.inState(sql, state));
    }

    @Override
    public List<JobRecord> inputsDue(Instant now) throws StoreException {
        return reader.transaction(sql -> JobQueries.inputsDue(sql, now));
    }

    @Override
    public List<JobRecord> resultsDue(Instant now) throws StoreException {
        return reader.transaction(sql -> JobQueries.resultsDue(sql, now));
    }

    @Override
    public Set<JobId> holdingInputs() throws StoreException {
        return reader.transaction(JobQueries::holdingInputs);
    }

    @Override
    public Set<JobId> holdingResults() throws StoreException {
        return reader.transaction(JobQueries::holdingResults);
    }

    @Override
    public Optional<QueuePlace> prioritize(JobId job, Priority priority, String reason, String by)
            throws StoreException {
        return change(jobs -> jobs.prioritize(job, priority, reason, by));
    }

    @Override
    public List<JobSummary> changedSince(JobState state, Instant since, int limit) throws StoreException {
        return reader.transaction(sql -> JobQueries.changedSince(sql, state, since, limit));
    }

    @Override
    public Optional<Instant> oldestQueued() throws StoreException {
        return reader.transaction(JobQueries::oldestQueued);
    }

    @Override
    public List<JobId> forgetEnded(Instant before, int limit) throws StoreException {
        return change(jobs -> jobs.forgetEnded(before, limit));
    }

    @Override
    public void recordAction(String action, String by) throws StoreException {
        change(jobs -> {
            jobs.recordAction(action, by);
            return true;
        });
    }

    @Override
    public AdminSettings adminSettings() throws StoreException {
        return reader.transaction(JobQueries::adminSettings);
    }

    @Override
    public void setDraining(boolean draining, String action, String by) throws StoreException {
        change(jobs -> {
            jobs.setDraining(draining);
            jobs.recordAction(action, by);
            return true;
        });
    }

    @Override
    public void setMaxJobs(int maxJobs, int insteadOf, String action, String by) throws StoreException {
        change(jobs -> {
            jobs.setMaxJobs(maxJobs, insteadOf);
            jobs.recordAction(action, by);
            return true;
        });
    }

    @Override
    public List<AdminAction> actions(int limit) throws StoreException {
        return reader.transaction(sql -> JobQueries.actions(sql, limit));
    }

    /** Waits for the call that runs. SQLite moves what is in its log to the file when the last connection ends. */
    @Override
    public void close() {
        reader.close();
        writer.close();
    }

    /** Keeps the file from growing beyond so many pages, as a full disk would; until {@link #close}, for tests. */
    void limitPages(int pages) throws StoreException {
        writer.pragma("max_page_count = " + pages);
    }

    private interface Change<T> {
        T apply(JobUpdates jobs) throws SQLException;
    }

    private <T> T change(Change<T> change) throws StoreException {
        return changes.run(sql -> change.apply(new JobUpdates(sql, clock.instant())));
    }
}
