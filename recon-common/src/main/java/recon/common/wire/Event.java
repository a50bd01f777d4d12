package recon.common.wire;

import recon.common.job.JobId;
import recon.common.job.JobState;

/**
 * What a server tells a client about a job, or answers to a query ({@link Report}). On the wire a {@code command} whose
 * arguments lie in {@code params}; each is answered by an {@link EventAck}.
 */
public sealed interface Event extends Message
        permits Event.JobQueued,
                Event.DicomTransferStart,
                Event.ReconStatus,
                Event.ReconComplete,
                Event.JobFailed,
                Event.EventError,
                Report {
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
            case JobQueued.NAME ->
                new JobQueued(params.jobId("job_id"), params.count("num_files_received"), params.textOr("notice", ""));
            case DicomTransferStart.NAME -> new DicomTransferStart(params.jobId("job_id"), params.count("num_files"));
            case ReconStatus.NAME ->
                new ReconStatus(params.jobId("job_id"), params.text("status"), params.textOr("pfile", ""));
            case ReconComplete.NAME -> new ReconComplete(params.jobId("job_id"), params.textOr("pfile", ""));
            case JobFailed.NAME ->
                new JobFailed(
                        params.jobId("job_id"),
                        params.textOr("pfile", ""),
                        params.textOr("error", "the server gave no reason"),
                        params.stateOr("status", JobState.FAILED));
            case EventError.NAME -> new EventError(params.text("message"), params.flagOr("try_again", false));
            default -> Report.readOrNull(name, params);
        };
    }

    /**
     * All input files are in; the job waits for its turn. It is the server's responsibility from now on.
     *
     * @param notice what the client should know of how it was taken, or empty
     */
    record JobQueued(JobId jobId, int filesReceived, String notice) implements Event {
        public static final String NAME = "job_queued";

        public JobQueued(JobId jobId, int filesReceived) {
            this(jobId, filesReceived, "");
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("job_id", jobId.toString());
            params.number("num_files_received", filesReceived);
            if (!notice.isEmpty()) {
                params.text("notice", notice);
            }
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

    /**
     * There will be no results.
     *
     * @param error why, for a person to read; may hold several lines
     * @param state {@code FAILED}, {@code CANCELLED} or {@code EXPIRED}
     */
    record JobFailed(JobId jobId, String primaryFile, String error, JobState state) implements Event {
        static final String NAME = "job_failed";

        public JobFailed(JobId jobId, String primaryFile, String error) {
            this(jobId, primaryFile, error, JobState.FAILED);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("job_id", jobId.toString());
            params.text("pfile", primaryFile);
            params.text("error", error);
            if (state != JobState.FAILED) {
                params.text("status", state.word());
            }
        }
    }

    /**
     * The request cannot be served.
     *
     * @param tryAgain whether it may be later, as it is
     */
    record EventError(String message, boolean tryAgain) implements Event {
        static final String NAME = "error";

        public EventError(String message) {
            this(message, false);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("message", message);
            if (tryAgain) {
                params.flag("try_again", true);
            }
        }
    }
}
