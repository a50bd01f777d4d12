package recon.server.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import recon.common.job.FileName;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.Priority;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;
import recon.common.wire.ReconOptionsJson;

/** Makes records of the store's rows. */
final class JobRows {
    /** What {@link #job} reads. */
    static final String JOB_COLUMNS = """
            id, submission, state, priority, primary_file, file_count, input_bytes, options, client,
            submitted_at, changed_at, reason, attempts, inputs_until, results_until
            """;

    private JobRows() {}

    static JobRecord job(ResultSet row) throws SQLException {
        return new JobRecord(
                id(row),
                SubmissionId.parse(row.getString("submission")),
                JobState.parse(row.getString("state")),
                Priority.parse(row.getString("priority")),
                new FileName(row.getString("primary_file")),
                row.getInt("file_count"),
                row.getLong("input_bytes"),
                ReconOptionsJson.parse(row.getString("options")),
                row.getString("client"),
                StoreTime.parse(row.getString("submitted_at")),
                StoreTime.parse(row.getString("changed_at")),
                row.getString("reason"),
                row.getInt("attempts"),
                time(row, "inputs_until"),
                time(row, "results_until"));
    }

    static JobId id(ResultSet row) throws SQLException {
        return JobId.parse(row.getString("id"));
    }

    static QueuePlace place(ResultSet row) throws SQLException {
        return new QueuePlace(id(row), Priority.parse(row.getString("priority")), row.getLong("queue_number"));
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

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).map(StoreTime::parse);
    }
}
