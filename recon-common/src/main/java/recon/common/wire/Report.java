package recon.common.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import recon.common.job.JobId;

/** What a server answers to a query. Times are text as the wire has it: {@code 2026-01-31 23:59:59 UTC}. */
public sealed interface Report extends Event
        permits Report.ServerStatus, Report.QueueDetails, Report.JobDetails, Report.JobLog, AdminReport {
    /** Reads the report of that name, or returns null if there is none. */
    static Report readOrNull(String name, Payload params) throws ProtocolException {
        return switch (name) {
            case ServerStatus.NAME -> ServerStatus.read(params);
            case QueueDetails.NAME -> QueueDetails.read(params);
            case JobDetails.NAME -> JobDetails.read(params);
            case JobLog.NAME -> new JobLog(params.jobId("job_id"), params.base64("output"), params.flagOr("end", true));
            default -> AdminReport.readOrNull(name, params);
        };
    }

    /**
     * @param uptime as {@code 00h 00m 56s}
     * @param busyWorkers workers that run a job now; a Python server reports its started threads here
     * @param queuedJobs jobs that wait for a worker
     * @param undeliveredJobs jobs whose results no client has fetched yet
     * @param waitingBecause why no job starts although one waits and a worker is free, or empty
     * @param draining whether no new jobs are taken, because an administrator has said so
     * @param trustsRelay whether the server believes the relay that asks for whom it asks
     * @param backends of a relay, whose figures are the sums of theirs
     */
    record ServerStatus(
            String uptime,
            int maxWorkers,
            int busyWorkers,
            int queuedJobs,
            int undeliveredJobs,
            String waitingBecause,
            boolean draining,
            boolean trustsRelay,
            List<Backend> backends)
            implements Report {
        static final String NAME = "server_status_response";

        public ServerStatus {
            backends = List.copyOf(backends);
        }

        /** Of a server that takes jobs, whose client is no relay. */
        public ServerStatus(
                String uptime,
                int maxWorkers,
                int busyWorkers,
                int queuedJobs,
                int undeliveredJobs,
                String waitingBecause) {
            this(uptime, maxWorkers, busyWorkers, queuedJobs, undeliveredJobs, waitingBecause, false);
        }

        /** Of a server whose client is no relay. */
        public ServerStatus(
                String uptime,
                int maxWorkers,
                int busyWorkers,
                int queuedJobs,
                int undeliveredJobs,
                String waitingBecause,
                boolean draining) {
            this(
                    uptime,
                    maxWorkers,
                    busyWorkers,
                    queuedJobs,
                    undeliveredJobs,
                    waitingBecause,
                    draining,
                    false,
                    List.of());
        }

        /** The same, to a relay that is believed. */
        public ServerStatus toRelay() {
            return new ServerStatus(
                    uptime,
                    maxWorkers,
                    busyWorkers,
                    queuedJobs,
                    undeliveredJobs,
                    waitingBecause,
                    draining,
                    true,
                    backends);
        }

        /**
         * A server behind a relay.
         *
         * @param name {@code host:port}
         * @param healthy whether it answers
         * @param draining whether it gets no new jobs, because an administrator has said so, there or at the relay
         * @param problem why it is not healthy, or empty
         */
        public record Backend(
                String name,
                boolean healthy,
                boolean draining,
                int maxWorkers,
                int busyWorkers,
                int queuedJobs,
                String problem) {
            static Backend read(Payload backend) throws ProtocolException {
                return new Backend(
                        backend.text("backend"),
                        backend.flagOr("healthy", false),
                        backend.flagOr("draining", false),
                        backend.countOr("configured_max_workers", 0),
                        backend.countOr("current_worker_thread_count", 0),
                        backend.countOr("queued_jobs_in_system", 0),
                        backend.textOr("problem", ""));
            }

            void write(PayloadWriter backend) {
                backend.text("backend", name);
                backend.flag("healthy", healthy);
                if (draining) {
                    backend.flag("draining", true);
                }
                backend.number("configured_max_workers", maxWorkers);
                backend.number("current_worker_thread_count", busyWorkers);
                backend.number("queued_jobs_in_system", queuedJobs);
                if (!problem.isEmpty()) {
                    backend.text("problem", problem);
                }
            }
        }

        static ServerStatus read(Payload params) throws ProtocolException {
            List<Backend> backends = new ArrayList<>();
            for (Payload backend : params.objectsOrNone("backends")) {
                backends.add(Backend.read(backend));
            }
            return new ServerStatus(
                    params.text("server_uptime"),
                    params.count("configured_max_workers"),
                    params.count("current_worker_thread_count"),
                    params.count("queued_jobs_in_system"),
                    params.countOr("undelivered_jobs", 0),
                    params.textOr("waiting_because", ""),
                    params.flagOr("draining", false),
                    params.flagOr("trusts_relay", false),
                    backends);
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
            params.number("undelivered_jobs", undeliveredJobs);
            if (!waitingBecause.isEmpty()) {
                params.text("waiting_because", waitingBecause);
            }
            if (draining) {
                params.flag("draining", true);
            }
            if (trustsRelay) {
                params.flag("trusts_relay", true);
            }
            if (!backends.isEmpty()) {
                List<Consumer<PayloadWriter>> elements = new ArrayList<>();
                for (Backend backend : backends) {
                    elements.add(backend::write);
                }
                params.objects("backends", elements);
            }
        }
    }

    /**
     * Jobs, those with a worker first, then those that wait, in the order in which they will run; then those whose
     * results wait for a client, and if asked for, ended ones, the newest first.
     *
     * @param total how many there are, of which {@code jobs} may be only the first
     */
    record QueueDetails(List<Row> jobs, int total) implements Report {
        static final String NAME = "queue_details_response";

        public QueueDetails {
            jobs = List.copyOf(jobs);
        }

        /**
         * One job.
         *
         * @param inputDirectory the name alone, {@code job_<uuid>_input}
         * @param priority urgent, normal or low
         * @param changedAtUtc when it came to its status
         * @param reason why it is in its status, on one line; may be empty
         * @param owner the name of the key it was submitted with; empty where the server does not say
         * @param backend {@code host:port} of the server that has it, told by a relay; else empty
         */
        public record Row(
                String jobId,
                String status,
                String primaryFile,
                int fileCount,
                String submittedAtUtc,
                String inputDirectory,
                String priority,
                String changedAtUtc,
                String reason,
                String owner,
                String backend) {
            /** As a server tells it. */
            public Row(
                    String jobId,
                    String status,
                    String primaryFile,
                    int fileCount,
                    String submittedAtUtc,
                    String inputDirectory,
                    String priority,
                    String changedAtUtc,
                    String reason,
                    String owner) {
                this(
                        jobId,
                        status,
                        primaryFile,
                        fileCount,
                        submittedAtUtc,
                        inputDirectory,
                        priority,
                        changedAtUtc,
                        reason,
                        owner,
                        "");
            }

            /** The same job, as a relay tells it. */
            public Row at(String server) {
                return new Row(
                        jobId,
                        status,
                        primaryFile,
                        fileCount,
                        submittedAtUtc,
                        inputDirectory,
                        priority,
                        changedAtUtc,
                        reason,
                        owner,
                        server);
            }

            static Row read(Payload job) throws ProtocolException {
                return new Row(
                        job.text("job_id"),
                        job.textOr("status", "queued"),
                        job.textOr("primary_input_file", ""),
                        job.count("num_input_files"),
                        job.textOr("submitted_at_utc", ""),
                        job.textOr("job_input_dir_basename", ""),
                        job.textOr("priority", "normal"),
                        job.textOr("changed_at_utc", ""),
                        job.textOr("reason", ""),
                        job.textOr("owner", ""),
                        job.textOr("backend", ""));
            }

            public void write(PayloadWriter row) {
                row.text("job_id", jobId);
                row.text("status", status);
                row.text("primary_input_file", primaryFile);
                row.number("num_input_files", fileCount);
                row.text("submitted_at_utc", submittedAtUtc);
                row.text("job_input_dir_basename", inputDirectory);
                row.text("priority", priority);
                row.text("changed_at_utc", changedAtUtc);
                row.text("reason", reason);
                if (!owner.isEmpty()) {
                    row.text("owner", owner);
                }
                if (!backend.isEmpty()) {
                    row.text("backend", backend);
                }
            }
        }

        static QueueDetails read(Payload params) throws ProtocolException {
            List<Row> rows = new ArrayList<>();
            for (Payload job : params.objectsOrNone("jobs")) {
                rows.add(Row.read(job));
            }
            return new QueueDetails(rows, params.countOr("total", rows.size()));
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
            params.number("total", total);
        }
    }

    /**
     * One job with its history.
     *
     * @param reason why it is in its status; may hold several lines, or be empty
     * @param inputBytes of all input files
     * @param submittedFrom the client's address
     * @param attempts how often its script was started
     * @param optionsJson the reconstruction options, as submitted
     * @param resultCount files the script left; 0 until it has ended
     * @param resultsKeptUntilUtc when they will be removed; empty if there are none to fetch
     * @param inputsKeptUntilUtc until when the job can run again; empty if it cannot
     */
    record JobDetails(
            QueueDetails.Row job,
            String reason,
            long inputBytes,
            String submittedFrom,
            int attempts,
            String optionsJson,
            int resultCount,
            long resultBytes,
            String resultsKeptUntilUtc,
            String inputsKeptUntilUtc,
            List<Change> history)
            implements Report {
        static final String NAME = "job_details_response";

        public JobDetails {
            history = List.copyOf(history);
        }

        /** One line of the history, as {@link recon.common.job.JobChange}. */
        public record Change(String atUtc, String status, String reason, String by) {
            static Change read(Payload change) throws ProtocolException {
                return new Change(
                        change.text("at_utc"), change.text("status"), change.textOr("reason", ""), change.text("by"));
            }

            public void write(PayloadWriter change) {
                change.text("at_utc", atUtc);
                change.text("status", status);
                change.text("reason", reason);
                change.text("by", by);
            }
        }

        static JobDetails read(Payload params) throws ProtocolException {
            List<Change> history = new ArrayList<>();
            for (Payload change : params.objectsOrNone("history")) {
                history.add(Change.read(change));
            }
            return new JobDetails(
                    QueueDetails.Row.read(params.object("job")),
                    params.textOr("reason", ""),
                    params.number("input_bytes"),
                    params.textOr("submitted_from", ""),
                    params.count("attempts"),
                    params.textOr("client_recon_options_json", "{}"),
                    params.count("num_results"),
                    params.number("result_bytes"),
                    params.textOr("results_kept_until_utc", ""),
                    params.textOr("inputs_kept_until_utc", ""),
                    history);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.object("job", job::write);
            params.text("reason", reason);
            params.number("input_bytes", inputBytes);
            params.text("submitted_from", submittedFrom);
            params.number("attempts", attempts);
            params.text("client_recon_options_json", optionsJson);
            params.number("num_results", resultCount);
            params.number("result_bytes", resultBytes);
            params.text("results_kept_until_utc", resultsKeptUntilUtc);
            params.text("inputs_kept_until_utc", inputsKeptUntilUtc);
            List<Consumer<PayloadWriter>> elements = new ArrayList<>();
            for (Change change : history) {
                elements.add(change::write);
            }
            params.objects("history", elements);
        }
    }

    /**
     * The next piece of what a job's script has printed.
     *
     * @param output bytes as the script wrote them, at most {@value #MAX_BYTES}; not copied
     * @param end whether nothing follows
     */
    record JobLog(JobId jobId, byte[] output, boolean end) implements Report {
        static final String NAME = "job_log";
        public static final int MAX_BYTES = 64 * 1024;

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("job_id", jobId.toString());
            params.base64("output", output, output.length);
            params.flag("end", end);
        }
    }
}
