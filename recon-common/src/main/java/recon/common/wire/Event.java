package recon.common.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import recon.common.job.JobId;

/**
 * What a server tells a client about a job, or answers to a query. On the wire a {@code command} whose arguments lie in
 * {@code params}; each is answered by an {@link EventAck}.
 */
public sealed interface Event extends Message {
    String name();

    void writeParams(PayloadWriter params);

    @Override
    default String type() {
        return Request.TYPE;
    }

    @Override
    default String label() {
        return "event " + name();
    }

    @Override
    default void write(PayloadWriter payload) {
        payload.text(Request.NAME, name());
        payload.object("params", this::writeParams);
    }

    /** Reads the event of that name, or returns null if there is none, or it has no {@code params}. */
    static Event readOrNull(String name, Payload payload) throws ProtocolException {
        if (!payload.hasObject("params")) {
            return null;
        }
        Payload params = payload.object("params");
        return switch (name) {
            case JobQueued.NAME -> new JobQueued(params.jobId("job_id"), params.count("num_files_received"));
            case DicomTransferStart.NAME -> new DicomTransferStart(params.jobId("job_id"), params.count("num_files"));
            case ReconStatus.NAME ->
                new ReconStatus(params.jobId("job_id"), params.text("status"), params.textOr("pfile", ""));
            case ReconComplete.NAME -> new ReconComplete(params.jobId("job_id"), params.textOr("pfile", ""));
            case JobFailed.NAME ->
                new JobFailed(
                        params.jobId("job_id"),
                        params.textOr("pfile", ""),
                        params.textOr("error", "the server gave no reason"));
            case ServerStatus.NAME -> ServerStatus.read(params);
            case QueueDetails.NAME -> QueueDetails.read(params);
            case EventError.NAME -> new EventError(params.text("message"));
            default -> null;
        };
    }

    /** All input files are in; the job waits for its turn. */
    record JobQueued(JobId jobId, int filesReceived) implements Event {
        public static final String NAME = "job_queued";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("job_id", jobId.toString());
            params.number("num_files_received", filesReceived);
        }
    }

    /** So many result files follow, each as a {@link Transfer}, once the client has acknowledged with "ready". */
    record DicomTransferStart(JobId jobId, int fileCount) implements Event {
        static final String NAME = "dicom_transfer_start";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("job_id", jobId.toString());
            params.number("num_files", fileCount);
        }
    }

    /** @param status {@link #COMPLETED_NO_DICOMS}: the script succeeded and left no file */
    record ReconStatus(JobId jobId, String status, String primaryFile) implements Event {
        static final String NAME = "recon_status";
        public static final String COMPLETED_NO_DICOMS = "completed_no_dicoms";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("job_id", jobId.toString());
            params.text("status", status);
            params.text("pfile", primaryFile);
        }
    }

    /** The job is done and all its results are with the client. */
    record ReconComplete(JobId jobId, String primaryFile) implements Event {
        static final String NAME = "recon_complete";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("job_id", jobId.toString());
            params.text("pfile", primaryFile);
        }
    }

    /** @param error why, for a person to read; may hold several lines */
    record JobFailed(JobId jobId, String primaryFile, String error) implements Event {
        static final String NAME = "job_failed";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("job_id", jobId.toString());
            params.text("pfile", primaryFile);
            params.text("error", error);
        }
    }

    /**
     * @param uptime as {@code 00h 00m 56s}
     * @param busyWorkers workers that run a job now; a Python server reports its started threads here
     * @param queuedJobs jobs that wait for a worker
     */
    record ServerStatus(String uptime, int maxWorkers, int busyWorkers, int queuedJobs) implements Event {
        static final String NAME = "server_status_response";

        static ServerStatus read(Payload params) throws ProtocolException {
            return new ServerStatus(
                    params.text("server_uptime"),
                    params.count("configured_max_workers"),
                    params.count("current_worker_thread_count"),
                    params.count("queued_jobs_in_system"));
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("server_uptime", uptime);
            params.number("configured_max_workers", maxWorkers);
            params.number("current_worker_thread_count", busyWorkers);
            params.number("queued_jobs_in_system", queuedJobs);
        }
    }

    /** The jobs in the system, in the order in which they will run; running ones first. */
    record QueueDetails(List<Row> jobs) implements Event {
        static final String NAME = "queue_details_response";

        public QueueDetails {
            jobs = List.copyOf(jobs);
        }

        /**
         * One job.
         *
         * @param submittedAtUtc as {@code 2026-01-31 23:59:59 UTC}
         * @param inputDirectory the name alone, {@code job_<uuid>_input}
         */
        public record Row(
                String jobId,
                String status,
                String primaryFile,
                int fileCount,
                String submittedAtUtc,
                String inputDirectory) {
            public void write(PayloadWriter row) {
                row.text("job_id", jobId);
                row.text("status", status);
                row.text("primary_input_file", primaryFile);
                row.number("num_input_files", fileCount);
                row.text("submitted_at_utc", submittedAtUtc);
                row.text("job_input_dir_basename", inputDirectory);
            }
        }

        static QueueDetails read(Payload params) throws ProtocolException {
            List<Row> rows = new ArrayList<>();
            for (Payload job : params.objectsOrNone("jobs")) {
                rows.add(new Row(
                        job.text("job_id"),
                        job.textOr("status", "queued"),
                        job.textOr("primary_input_file", ""),
                        job.count("num_input_files"),
                        job.textOr("submitted_at_utc", ""),
                        job.textOr("job_input_dir_basename", "")));
            }
            return new QueueDetails(rows);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            List<Consumer<PayloadWriter>> elements = new ArrayList<>();
            for (Row job : jobs) {
                elements.add(job::write);
            }
            params.objects("jobs", elements);
            params.number("count", jobs.size());
        }
    }

    /** The request cannot be served. */
    record EventError(String message) implements Event {
        static final String NAME = "error";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("message", message);
        }
    }
}
