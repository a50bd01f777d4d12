package recon.server.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import recon.common.job.FileName;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.job.Priority;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;
import recon.common.wire.ReconOptionsJson;

/**
 * Makes records of the store's rows. Jobs, of which there are many, are read by the position of their columns: the driver
 * looks a name up anew for each row.
 */
final class JobRows {
    /** What {@link #job} reads. */
    static final String JOB_COLUMNS = """
            id, submission, state, priority, primary_file, file_count, input_bytes, options, client,
            submitted_at, changed_at, reason, attempts, inputs_until, results_until, owner, resumable
            """;

    /** What {@link #summary} reads. */
    static final String SUMMARY_COLUMNS =
            "id, state, priority, primary_file, file_count, submitted_at, changed_at, reason, owner ";

    private JobRows() {}

    static JobRecord job(ResultSet row) throws SQLException {
        return new JobRecord(
                JobId.parse(row.getString(1)),
                SubmissionId.parse(row.getString(2)),
                JobState.parse(row.getString(3)),
                Priority.parse(row.getString(4)),
                new FileName(row.getString(5)),
                row.getInt(6),
                row.getLong(7),
                ReconOptionsJson.parse(row.getString(8)),
                row.getString(9),
                StoreTime.parse(row.getString(10)),
                StoreTime.parse(row.getString(11)),
                row.getString(12),
                row.getInt(13),
                time(row, 14),
                time(row, 15),
                row.getString(16),
                row.getBoolean(17));
    }

    static JobSummary summary(ResultSet row) throws SQLException {
        return new JobSummary(
                JobId.parse(row.getString(1)),
                JobState.parse(row.getString(2)),
                Priority.parse(row.getString(3)),
                new FileName(row.getString(4)),
                row.getInt(5),
                StoreTime.parse(row.getString(6)),
                StoreTime.parse(row.getString(7)),
                row.getString(8).lines().findFirst().orElse(""),
                row.getString(9));
    }

    static JobId id(ResultSet row) throws SQLException {
        return JobId.parse(row.getString(1));
    }

    static QueuePlace place(ResultSet row) throws SQLException {
        return new QueuePlace(id(row), Priority.parse(row.getString(2)), row.getLong(3));
    }

    static StoredFile file(ResultSet row) throws SQLException {
        return new StoredFile(
                ResultPath.parse(row.getString("path")),
                row.getLong("size_bytes"),
                new Sha256(row.getString("sha256")));
    }

    static JobChange change(ResultSet row) throws SQLException {
        return new JobChange(
                StoreTime.parse(row.getString("at")),
                JobState.parse(row.getString("state")),
                row.getString("reason"),
                row.getString("done_by"));
    }

    private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).map(StoreTime::parse);
    }
}
