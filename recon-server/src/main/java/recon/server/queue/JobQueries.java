package recon.server.queue;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.job.SubmissionId;

/** The questions that a {@link JobStore} answers, each within the caller's transaction. */
final class JobQueries {
    private static final String JOBS = "SELECT " + JobRows.JOB_COLUMNS + "FROM job ";

    private static final String SUMMARIES = "SELECT " + JobRows.SUMMARY_COLUMNS + "FROM job ";

    /** SQLite itself would sort all jobs of a state. What is asked for must be worded as in the schema. */
    private static final String IN_ORDER =
            "INDEXED BY job_waiting WHERE state = 'queued' ORDER BY priority_rank, queue_number";

    private static final String NEWEST_END_FIRST = """
            INDEXED BY job_ended WHERE state IN ('delivered', 'failed', 'cancelled', 'expired')
            ORDER BY changed_at DESC, rowid DESC
            """;

    private static final String IN_ORDER_OF_OWNER = "INDEXED BY job_waiting_of_owner"
            + " WHERE state = 'queued' AND owner = ? ORDER BY priority_rank, queue_number";

    private static final String NEWEST_END_OF_OWNER_FIRST = """
            INDEXED BY job_ended_of_owner WHERE state IN ('delivered', 'failed', 'cancelled', 'expired') AND owner = ?
            ORDER BY changed_at DESC, rowid DESC
            """;

    private JobQueries() {}

    static Instant createdAt(SqliteStatements sql) throws SQLException {
        return sql.only("SELECT created_at FROM store", row -> StoreTime.parse(row.getString(1)));
    }

    static Instant lastChange(SqliteStatements sql) throws SQLException {
        return sql.only(
                "SELECT coalesce((SELECT max(changed_at) FROM job), created_at) FROM store",
                row -> StoreTime.parse(row.getString(1)));
    }

    static Optional<JobRecord> find(SqliteStatements sql, JobId job) throws SQLException {
        return sql.first(JOBS + "WHERE id = ?", JobRows::job, job.toString());
    }

    static Optional<JobRecord> find(SqliteStatements sql, SubmissionId submission) throws SQLException {
        return sql.first(JOBS + "WHERE submission = ?", JobRows::job, submission.toString());
    }

    static List<StoredFile> inputs(SqliteStatements sql, JobId job) throws SQLException {
        return sql.list(
                "SELECT path, size_bytes, sha256 FROM input_file WHERE job = ? ORDER BY position",
                JobRows::file,
                job.toString());
    }

    static List<StoredFile> results(SqliteStatements sql, JobId job) throws SQLException {
        return sql.list(
                "SELECT path, size_bytes, sha256 FROM result_file WHERE job = ? ORDER BY position",
                JobRows::file,
                job.toString());
    }

    static List<JobChange> history(SqliteStatements sql, JobId job) throws SQLException {
        return sql.list(
                "SELECT at, state, reason, done_by FROM job_change WHERE job = ? ORDER BY position",
                JobRows::change,
                job.toString());
    }

    static List<JobSummary> active(SqliteStatements sql, int limit) throws SQLException {
        List<JobSummary> jobs = new ArrayList<>(summaries(sql, JobState.RUNNING, limit));
        jobs.addAll(sql.list(SUMMARIES + IN_ORDER + " LIMIT ?", JobRows::summary, limit - jobs.size()));
        jobs.addAll(summaries(sql, JobState.RECEIVING, limit - jobs.size()));
        jobs.addAll(summaries(sql, JobState.DELIVERING, limit - jobs.size()));
        return jobs;
    }

    static List<JobSummary> active(SqliteStatements sql, String owner, int limit) throws SQLException {
        List<JobSummary> jobs = new ArrayList<>(summaries(sql, JobState.RUNNING, owner, limit));
        jobs.addAll(sql.list(SUMMARIES + IN_ORDER_OF_OWNER + " LIMIT ?", JobRows::summary, owner, limit - jobs.size()));
        jobs.addAll(summaries(sql, JobState.RECEIVING, owner, limit - jobs.size()));
        jobs.addAll(summaries(sql, JobState.DELIVERING, owner, limit - jobs.size()));
        return jobs;
    }

    private static List<JobSummary> summaries(SqliteStatements sql, JobState state, String owner, int limit)
            throws SQLException {
        return sql.list(
                SUMMARIES + "INDEXED BY job_of_owner WHERE state = ? AND owner = ? ORDER BY changed_at, rowid LIMIT ?",
                JobRows::summary,
                state.word(),
                owner,
                limit);
    }

    private static List<JobSummary> summaries(SqliteStatements sql, JobState state, int limit) throws SQLException {
        return sql.list(
                SUMMARIES + "WHERE state = ? ORDER BY changed_at, rowid LIMIT ?",
                JobRows::summary,
                state.word(),
                limit);
    }

    static List<JobSummary> ended(SqliteStatements sql, int limit) throws SQLException {
        return sql.list(SUMMARIES + NEWEST_END_FIRST + "LIMIT ?", JobRows::summary, limit);
    }

    static List<JobSummary> ended(SqliteStatements sql, String owner, int limit) throws SQLException {
        return sql.list(SUMMARIES + NEWEST_END_OF_OWNER_FIRST + "LIMIT ?", JobRows::summary, owner, limit);
    }

    static Map<JobState, Integer> counts(SqliteStatements sql) throws SQLException {
        return countsOf(sql, "SELECT state, sum(jobs) FROM state_count GROUP BY state");
    }

    static Map<JobState, Integer> counts(SqliteStatements sql, String owner) throws SQLException {
        return countsOf(sql, "SELECT state, jobs FROM state_count WHERE owner = ?", owner);
    }

    private static Map<JobState, Integer> countsOf(SqliteStatements sql, String question, Object... parameters)
            throws SQLException {
        Map<JobState, Integer> counts = new EnumMap<>(JobState.class);
        sql.list(question, row -> counts.put(JobState.parse(row.getString(1)), row.getInt(2)), parameters);
        counts.values().removeIf(jobs -> jobs == 0);
        return counts;
    }

    static List<QueuePlace> queued(SqliteStatements sql) throws SQLException {
        return sql.list("SELECT id, priority, queue_number FROM job " + IN_ORDER, JobRows::place);
    }

    static List<JobRecord> inState(SqliteStatements sql, JobState state) throws SQLException {
        return sql.list(JOBS + "WHERE state = ? ORDER BY changed_at, rowid", JobRows::job, state.word());
    }

    static List<JobRecord> inputsDue(SqliteStatements sql, Instant now) throws SQLException {
        return sql.list(
                JOBS + "WHERE inputs_until <= ? ORDER BY inputs_until, rowid", JobRows::job, StoreTime.text(now));
    }

    static List<JobRecord> resultsDue(SqliteStatements sql, Instant now) throws SQLException {
        return sql.list(
                JOBS + "WHERE results_until <= ? ORDER BY results_until, rowid", JobRows::job, StoreTime.text(now));
    }

    static Set<JobId> holdingInputs(SqliteStatements sql) throws SQLException {
        return new HashSet<>(sql.list("""
                SELECT id FROM job
                WHERE state IN ('receiving', 'queued', 'running') OR inputs_until IS NOT NULL
                """, JobRows::id));
    }

    static Set<JobId> holdingResults(SqliteStatements sql) throws SQLException {
        return new HashSet<>(sql.list(
                "SELECT id FROM job WHERE state IN ('queued', 'running', 'delivering') OR results_until IS NOT NULL",
                JobRows::id));
    }

    static List<JobSummary> changedSince(SqliteStatements sql, JobState state, Instant since, int limit)
            throws SQLException {
        return sql.list(
                SUMMARIES + "INDEXED BY job_by_state WHERE state = ? AND changed_at >= ?"
                        + " ORDER BY changed_at DESC, rowid DESC LIMIT ?",
                JobRows::summary,
                state.word(),
                StoreTime.text(since),
                limit);
    }

    static Optional<Instant> oldestQueued(SqliteStatements sql) throws SQLException {
        return sql.first(
                "SELECT changed_at FROM job WHERE state = 'queued' ORDER BY changed_at LIMIT 1",
                row -> StoreTime.parse(row.getString(1)));
    }

    static AdminSettings adminSettings(SqliteStatements sql) throws SQLException {
        return sql.only(
                "SELECT draining, max_jobs, instead_of FROM store",
                row -> new AdminSettings(row.getInt(1) != 0, row.getInt(2), row.getInt(3)));
    }

    static List<AdminAction> actions(SqliteStatements sql, int limit) throws SQLException {
        return sql.list(
                "SELECT at, action, done_by FROM admin_action ORDER BY number DESC LIMIT ?",
                row -> new AdminAction(StoreTime.parse(row.getString(1)), row.getString(2), row.getString(3)),
                limit);
    }
}
