package recon.common.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import recon.common.job.FileName;
import recon.common.job.InputFile;
import recon.common.job.JobId;
import recon.common.job.Priority;
import recon.common.job.SubmissionId;

/** What a client may ask for in the first message of a connection. All are of type {@code command}. */
public sealed interface Request extends Opening
        permits Request.SubmitJob,
                Request.GetServerStatus,
                Request.GetQueueDetails,
                Request.OfJob,
                Request.GetJobLog,
                Request.UnknownCommand {
    String TYPE = "command";
    String NAME = "command_name";

    void writeArguments(PayloadWriter payload);

    <R> R accept(Handler<R> handler) throws IOException;

    @Override
    default String type() {
        return TYPE;
    }

    @Override
    default String label() {
        return TYPE + " " + command();
    }

    @Override
    default void write(PayloadWriter payload) {
        payload.text(NAME, command());
        writeArguments(payload);
    }

    /** One method per request. */
    interface Handler<R> {
        R submitJob(SubmitJob request) throws IOException;

        R serverStatus(GetServerStatus request) throws IOException;

        R queueDetails(GetQueueDetails request) throws IOException;

        R job(OfJob request) throws IOException;

        R jobLog(GetJobLog request) throws IOException;

        R unknown(UnknownCommand request) throws IOException;
    }

    static Request read(Payload payload) throws ProtocolException {
        String command = payload.text(NAME);
        return switch (command) {
            case SubmitJob.COMMAND -> SubmitJob.read(payload);
            case GetServerStatus.COMMAND -> new GetServerStatus();
            case GetQueueDetails.COMMAND ->
                new GetQueueDetails(
                        payload.flagOr("all", false), payload.countOr("limit", GetQueueDetails.DEFAULT_LIMIT));
            case GetJobLog.COMMAND -> new GetJobLog(payload.jobId("job_id"), payload.flagOr("follow", false));
            default -> {
                Optional<OfJob.Verb> verb = OfJob.Verb.of(command);
                yield verb.isPresent() ? new OfJob(verb.get(), payload.jobId("job_id")) : new UnknownCommand(command);
            }
        };
    }

    /**
     * Run a job on these files.
     *
     * @param files as the client names them; empty if the list was missing or empty, which the server refuses
     * @param optionsJson a JSON object as text
     * @param resultPaths the client takes results in subdirectories, their names with {@code /} between; Python clients
     *     do not say so, and get bare names
     * @param submissionId of the client's making; Python clients send none
     * @param priority as the client has it, unchecked: a bad one is answered in words
     */
    record SubmitJob(
            List<OfferedFile> files,
            String optionsJson,
            boolean resultPaths,
            Optional<SubmissionId> submissionId,
            String priority)
            implements Request {
        static final String COMMAND = "submit_recon_job";

        public SubmitJob {
            files = List.copyOf(files);
        }

        /** As Python clients submit. */
        public SubmitJob(List<OfferedFile> files, String optionsJson, boolean resultPaths) {
            this(files, optionsJson, resultPaths, Optional.empty(), Priority.NORMAL.word());
        }

        /**
         * One entry of {@code files}, not checked yet: a bad name is answered in words, not by closing.
         *
         * @param size in bytes, if the client says it
         */
        public record OfferedFile(String name, String originalPath, OptionalLong size) {
            public OfferedFile(String name, String originalPath) {
                this(name, originalPath, OptionalLong.empty());
            }

            static OfferedFile read(Payload file) throws ProtocolException {
                return new OfferedFile(
                        file.text("name"), file.text("original_path_on_client"), file.numberOrNone("size"));
            }

            void write(PayloadWriter file) {
                file.text("name", name);
                file.text("original_path_on_client", originalPath);
                size.ifPresent(bytes -> file.number("size", bytes));
            }

            /** @throws IllegalArgumentException if the name's last element is no file name */
            public InputFile toInputFile() {
                return new InputFile(FileName.lastOf(name), originalPath);
            }
        }

        static SubmitJob read(Payload payload) throws ProtocolException {
            List<OfferedFile> files = new ArrayList<>();
            for (Payload file : payload.objectsOrNone("files")) {
                files.add(OfferedFile.read(file));
            }
            return new SubmitJob(
                    files,
                    payload.textOr("client_recon_options_json", "{}"),
                    payload.flagOr("result_paths", false),
                    payload.submissionId("submission_id"),
                    payload.textOr("priority", Priority.NORMAL.word()));
        }

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public boolean movesFiles() {
            return true;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            List<Consumer<PayloadWriter>> elements = new ArrayList<>();
            for (OfferedFile file : files) {
                elements.add(file::write);
            }
            payload.objects("files", elements);
            payload.text("client_recon_options_json", optionsJson);
            if (resultPaths) {
                payload.flag("result_paths", true);
            }
            submissionId.ifPresent(id -> payload.text("submission_id", id.toString()));
            if (!priority.equals(Priority.NORMAL.word())) {
                payload.text("priority", priority);
            }
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.submitJob(this);
        }
    }

    record GetServerStatus() implements Request {
        static final String COMMAND = "get_server_status";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {}

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.serverStatus(this);
        }
    }

    /**
     * @param all ended jobs too
     * @param limit how many jobs at most; the server may give fewer
     */
    record GetQueueDetails(boolean all, int limit) implements Request {
        static final String COMMAND = "get_queue_details";
        public static final int DEFAULT_LIMIT = 1000;

        /** As Python clients ask. */
        public GetQueueDetails() {
            this(false, DEFAULT_LIMIT);
        }

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            if (all) {
                payload.flag("all", true);
            }
            if (limit != DEFAULT_LIMIT) {
                payload.number("limit", limit);
            }
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.queueDetails(this);
        }
    }

    /** Something about one job that needs nothing but its id. */
    record OfJob(Verb verb, JobId job) implements Request {
        /** What to do with the job. */
        public enum Verb {
            /** Wait for its end if need be, and send its results, as to the client that submitted it. */
            FETCH("fetch_job"),
            /** Answer with {@link Report.JobDetails}, as the next two. */
            SHOW("get_job"),
            CANCEL("cancel_job"),
            /** Queue a failed or cancelled job once more. */
            RERUN("rerun_job");

            private final String command;

            Verb(String command) {
                this.command = command;
            }

            static Optional<Verb> of(String command) {
                return Arrays.stream(values())
                        .filter(verb -> verb.command.equals(command))
                        .findFirst();
            }
        }

        @Override
        public String command() {
            return verb.command;
        }

        @Override
        public boolean movesFiles() {
            return verb == Verb.FETCH;
        }

        @Override
        public boolean mayBeAnsweredLate() {
            return verb == Verb.FETCH;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            payload.text("job_id", job.toString());
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.job(this);
        }
    }

    /**
     * Send what the job's script has printed, as {@link Report.JobLog}s.
     *
     * @param follow go on until the script has ended
     */
    record GetJobLog(JobId job, boolean follow) implements Request {
        static final String COMMAND = "get_job_log";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public boolean mayBeAnsweredLate() {
            return follow; // the script may not have begun, or print nothing for long
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            payload.text("job_id", job.toString());
            if (follow) {
                payload.flag("follow", true);
            }
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.jobLog(this);
        }
    }

    /** A command of another version; the server answers that it does not know it. */
    record UnknownCommand(String command) implements Request {
        @Override
        public void writeArguments(PayloadWriter payload) {}

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.unknown(this);
        }
    }
}
