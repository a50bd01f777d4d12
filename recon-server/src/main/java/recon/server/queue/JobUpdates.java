package recon.server.queue;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.PeerText;
import recon.common.job.Priority;

/**
 * The changes of a {@link JobStore}, each within the caller's transaction. Each {@code UPDATE} names the state that it
 * comes from, so that it changes no row, and says so, if the job is elsewhere by now.
 *
 * @param now when the change happens
 */
record JobUpdates(SqliteStatements sql, Instant now) {
    void add(NewJob job) throws SQLException {
        String id = job.id().toString();
        String submission = job.submission().toString();
        Optional<String> other =
                sql.first("SELECT id FROM job WHERE id = ? OR submission = ?", row -> row.getString(1), id, submission);
        if (other.isPresent()) {
            throw new IllegalStateException("job " + id + " of submission " + submission + " cannot be added: job "
                    + other.get() + " is recorded already");
        }
        int files = job.request().files().size();
        sql.update(
                """
                INSERT INTO job (id, submission, state, priority, primary_file, file_count, input_bytes, options, client,
                    owner, resumable, submitted_at, changed_at, reason, attempts)
                VALUES (?, ?, 'receiving', ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, '', 0)
                """,
                id,
                submission,
                job.priority().word(),
                job.request().primaryFile().value(),
                files,
                job.request().options().json(),
                job.client(),
                job.owner(),
                job.resumable() ? 1 : 0,
                StoreTime.text(job.submittedAt()),
                StoreTime.text(now));
        log(job.id(), "submitted, " + files + (files == 1 ? " file" : " files"), job.by());
    }

    void discard(JobId job) throws SQLException {
        sql.update("DELETE FROM job WHERE id = ? AND state = 'receiving'", job.toString());
    }

    QueuePlace queue(JobId job, List<StoredFile> inputs) throws SQLException {
        boolean receiving = changed(
                """
                UPDATE job SET state = 'queued', queue_number = ?, input_bytes = ?, changed_at = ?, reason = ''
                WHERE id = ? AND state = 'receiving'
                """,
                nextNumber(),
                inputs.stream().mapToLong(StoredFile::size).sum(),
                StoreTime.text(now),
                job.toString());
        if (!receiving) {
            throw new IllegalStateException("job " + job + " cannot be queued: it is not receiving");
        }
        addFiles(
                "INSERT INTO input_file (job, position, path, size_bytes, sha256) VALUES (?, ?, ?, ?, ?)", job, inputs);
        log(job, "", JobChange.SERVER);
        return place(job);
    }

    Optional<JobRecord> start(JobId job) throws SQLException {
        boolean queued = changed("""
                UPDATE job SET state = 'running', attempts = attempts + 1, changed_at = ?, reason = ''
                WHERE id = ? AND state = 'queued'
                """, StoreTime.text(now), job.toString());
        if (!queued) {
            return Optional.empty();
        }
        Optional<JobRecord> started = JobQueries.find(sql, job);
        log(job, "attempt " + started.orElseThrow().attempts(), JobChange.SERVER);
        return started;
    }

    boolean finish(JobId job, List<StoredFile> results, String reason, Instant until) throws SQLException {
        boolean running = changed("""
                UPDATE job SET state = 'delivering', changed_at = ?, reason = ?, inputs_until = NULL, results_until = ?
                WHERE id = ? AND state = 'running'
                """, StoreTime.text(now), reason, StoreTime.text(until), job.toString());
        if (running) {
            addFiles(
                    "INSERT INTO result_file (job, position, path, size_bytes, sha256) VALUES (?, ?, ?, ?, ?)",
                    job,
                    results);
            log(job, reason, JobChange.SERVER);
        }
        return running;
    }

    Optional<QueuePlace> requeue(JobId job, String reason, boolean counts) throws SQLException {
        boolean running = changed("""
                UPDATE job SET state = 'queued', changed_at = ?, reason = ?, attempts = attempts - ?
                WHERE id = ? AND state = 'running'
                """, StoreTime.text(now), reason, counts ? 0 : 1, job.toString());
        return running ? queuedAgain(job, reason, JobChange.SERVER) : Optional.empty();
    }

    Optional<QueuePlace> rerun(JobId job, String reason, String by) throws SQLException {
        boolean again = changed("""
                UPDATE job SET state = 'queued', queue_number = ?, changed_at = ?, reason = ?, attempts = 0,
                    inputs_until = NULL, results_until = NULL
                WHERE id = ? AND state IN ('failed', 'cancelled') AND inputs_until IS NOT NULL
                """, nextNumber(), StoreTime.text(now), reason, job.toString());
        if (!again) {
            return Optional.empty();
        }
        sql.update("DELETE FROM result_file WHERE job = ?", job.toString());
        return queuedAgain(job, reason, by);
    }

    boolean move(JobId job, JobState from, JobState to, String reason, String by, Kept kept) throws SQLException {
        boolean moved = changed(
                """
                UPDATE job SET state = ?, changed_at = ?, reason = ?, inputs_until = ?, results_until = ?
                WHERE id = ? AND state = ?
                """,
                to.word(),
                StoreTime.text(now),
                reason,
                StoreTime.text(kept.inputs()),
                StoreTime.text(kept.results()),
                job.toString(),
                from.word());
        if (moved) {
            log(job, reason, by);
        }
        return moved;
    }

    boolean note(JobId job, JobState state, String reason, String by, Kept kept) throws SQLException {
        boolean noted = changed(
                "UPDATE job SET inputs_until = ?, results_until = ? WHERE id = ? AND state = ?",
                StoreTime.text(kept.inputs()),
                StoreTime.text(kept.results()),
                job.toString(),
                state.word());
        if (noted) {
            log(job, reason, by);
        }
        return noted;
    }

    Optional<QueuePlace> prioritize(JobId job, Priority priority, String reason, String by) throws SQLException {
        boolean queued = changed(
                "UPDATE job SET priority = ? WHERE id = ? AND state = 'queued'", priority.word(), job.toString());
        return queued ? queuedAgain(job, reason, by) : Optional.empty();
    }

    List<JobId> forgetEnded(Instant before, int limit) throws SQLException {
        List<JobId> ended = sql.list("""
                SELECT id FROM job INDEXED BY job_ended
                WHERE state IN ('delivered', 'failed', 'cancelled', 'expired') AND changed_at < ?
                    AND inputs_until IS NULL AND results_until IS NULL
                ORDER BY changed_at LIMIT ?
                """, JobRows::id, StoreTime.text(before), limit);
        for (JobId job : ended) {
            sql.update("DELETE FROM job WHERE id = ?", job.toString());
        }
        return ended;
    }

    void setDraining(boolean draining) throws SQLException {
        sql.update("UPDATE store SET draining = ?", draining ? 1 : 0);
    }

    void setMaxJobs(int maxJobs, int insteadOf) throws SQLException {
        sql.update("UPDATE store SET max_jobs = ?, instead_of = ?", maxJobs, insteadOf);
    }

    void recordAction(String action, String by) throws SQLException {
        sql.update(
                "INSERT INTO admin_action (at, action, done_by) VALUES (?, ?, ?)",
                StoreTime.text(now),
                PeerText.oneLine(action),
                by);
    }

    private boolean changed(String update, Object... parameters) throws SQLException {
        return sql.update(update, parameters) > 0;
    }

    /** A number is never given twice, even if the job that had it is forgotten. */
    private long nextNumber() throws SQLException {
        sql.update("UPDATE store SET last_queue_number = last_queue_number + 1");
        return sql.only("SELECT last_queue_number FROM store", row -> row.getLong(1));
    }

    private void addFiles(String insert, JobId job, List<StoredFile> files) throws SQLException {
        int position = 1;
        for (StoredFile file : files) {
            sql.update(
                    insert,
                    job.toString(),
                    position++,
                    file.path().toString(),
                    file.size(),
                    file.sha256().hex());
        }
    }

    private Optional<QueuePlace> queuedAgain(JobId job, String reason, String by) throws SQLException {
        log(job, reason, by);
        return Optional.of(place(job));
    }

    private QueuePlace place(JobId job) throws SQLException {
        return sql.only("SELECT id, priority, queue_number FROM job WHERE id = ?", JobRows::place, job.toString());
    }

    /** Adds a line to the history: that the job is in its state now. */
    private void log(JobId job, String reason, String by) throws SQLException {
        sql.update(
                """
                INSERT INTO job_change (job, position, at, state, reason, done_by)
                SELECT id, (SELECT coalesce(max(position), 0) + 1 FROM job_change WHERE job = id), ?, state, ?, ?
                FROM job WHERE id = ?
                """,
                StoreTime.text(now),
                PeerText.oneLine(reason.lines().findFirst().orElse("")),
                by,
                job.toString());
    }
}
