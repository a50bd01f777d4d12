package recon.common.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.Priority;

/**
 * What an administrator may ask for in the first message of a connection, on the port for administration. All are of
 * type {@code admin_command}. A server and a relay answer those that they know, and say so of the others.
 */
public sealed interface AdminRequest extends Opening {
    String TYPE = "admin_command";

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
        payload.text(Request.NAME, command());
        writeArguments(payload);
    }

    /** One method per request. */
    interface Handler<R> {
        R show(Show request) throws IOException;

        R jobs(Jobs request) throws IOException;

        R logs(Logs request) throws IOException;

        R cancel(Cancel request) throws IOException;

        R priority(SetPriority request) throws IOException;

        R maxJobs(SetMaxJobs request) throws IOException;

        R drain(Drain request) throws IOException;

        R resume(Resume request) throws IOException;

        R reload(Reload request) throws IOException;

        R purge(Purge request) throws IOException;

        R unknown(Unknown request) throws IOException;
    }

    static AdminRequest read(Payload payload) throws ProtocolException {
        String command = payload.text(Request.NAME);
        return switch (command) {
            case Jobs.COMMAND ->
                new Jobs(
                        payload.stateOrNone("status"),
                        Duration.ofSeconds(payload.countOr("since_seconds", 0)),
                        payload.countOr("limit", Request.GetQueueDetails.DEFAULT_LIMIT));
            case Logs.COMMAND ->
                new Logs(
                        payload.countOr("lines", Logs.DEFAULT_LINES),
                        payload.jobIdOrNone("job_id"),
                        payload.flagOr("follow", false));
            case Cancel.COMMAND -> new Cancel(payload.jobId("job_id"));
            case SetPriority.COMMAND -> new SetPriority(payload.jobId("job_id"), payload.priority("priority"));
            case SetMaxJobs.COMMAND -> new SetMaxJobs(payload.count("max_jobs"));
            case Drain.COMMAND -> new Drain(payload.flagOr("wait", false), payload.textOr("backend", ""));
            case Resume.COMMAND -> new Resume(payload.textOr("backend", ""));
            case Reload.COMMAND -> new Reload();
            case Purge.COMMAND -> new Purge(Duration.ofSeconds(payload.number("older_than_seconds")));
            default -> {
                Optional<Show.What> what = Show.What.of(command);
                yield what.isPresent() ? new Show(what.get()) : new Unknown(command);
            }
        };
    }

    /** Something that needs no argument and changes nothing. */
    record Show(What what) implements AdminRequest {
        /** What to show. */
        public enum What {
            /** Answered with {@link Report.ServerStatus}, or by a relay with {@link RelayReport.Status}. */
            STATUS("status"),
            /** The jobs that have not ended: {@link Report.QueueDetails}. */
            QUEUE("queue"),
            /** {@link AdminReport.Workers}. */
            WORKERS("workers"),
            /** Of a relay: {@link RelayReport.Backends}. */
            BACKENDS("backends"),
            /** Of a relay: {@link RelayReport.Clients}. */
            CLIENTS("clients");

            private final String command;

            What(String command) {
                this.command = command;
            }

            static Optional<What> of(String command) {
                for (What what : values()) {
                    if (what.command.equals(command)) {
                        return Optional.of(what);
                    }
                }
                return Optional.empty();
            }
        }

        @Override
        public String command() {
            return what.command;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {}

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.show(this);
        }
    }

    /**
     * Jobs of any state, ended or not, the newest change first: {@link Report.QueueDetails}.
     *
     * @param state empty for all
     * @param since how long ago they came to their state at most, in whole seconds; zero for any time
     */
    record Jobs(Optional<JobState> state, Duration since, int limit) implements AdminRequest {
        static final String COMMAND = "jobs";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            state.ifPresent(one -> payload.text("status", one.word()));
            payload.number("since_seconds", since.toSeconds());
            payload.number("limit", limit);
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.jobs(this);
        }
    }

    /**
     * The end of a log, as {@link AdminReport.LogText}s.
     *
     * @param lines how many at most of those that are there
     * @param job whose script's output; empty for the log of the program itself
     * @param follow go on with what is added, until the script has ended or the administrator leaves
     */
    record Logs(int lines, Optional<JobId> job, boolean follow) implements AdminRequest {
        static final String COMMAND = "logs";
        public static final int DEFAULT_LINES = 50;

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public boolean mayBeAnsweredLate() {
            return follow;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            payload.number("lines", lines);
            job.ifPresent(id -> payload.text("job_id", id.toString()));
            if (follow) {
                payload.flag("follow", true);
            }
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.logs(this);
        }
    }

    /** Answered with {@link Report.JobDetails} once the job is cancelled. */
    record Cancel(JobId job) implements AdminRequest {
        static final String COMMAND = "cancel";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            payload.text("job_id", job.toString());
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.cancel(this);
        }
    }

    /** Moves a job that waits. Answered with {@link Report.JobDetails}. */
    record SetPriority(JobId job, Priority priority) implements AdminRequest {
        static final String COMMAND = "priority";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            payload.text("job_id", job.toString());
            payload.text("priority", priority.word());
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.priority(this);
        }
    }

    /** How many jobs run at once, until the next start. Answered with {@link AdminReport.Done}, as all that follow. */
    record SetMaxJobs(int count) implements AdminRequest {
        static final String COMMAND = "set_max_jobs";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            payload.number("max_jobs", count);
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.maxJobs(this);
        }
    }

    /**
     * Take no new jobs.
     *
     * @param untilEmpty answer once no job waits or runs
     * @param backend at a relay, the only server to take no new jobs, as {@code HOST:PORT}; empty for the one who is asked
     */
    record Drain(boolean untilEmpty, String backend) implements AdminRequest {
        static final String COMMAND = "drain";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public boolean mayBeAnsweredLate() {
            return untilEmpty;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            if (untilEmpty) {
                payload.flag("wait", true);
            }
            writeBackend(payload, backend);
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.drain(this);
        }
    }

    /**
     * Take jobs again.
     *
     * @param backend as in {@link Drain}
     */
    record Resume(String backend) implements AdminRequest {
        static final String COMMAND = "resume";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            writeBackend(payload, backend);
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.resume(this);
        }
    }

    private static void writeBackend(PayloadWriter payload, String backend) {
        if (!backend.isEmpty()) {
            payload.text("backend", backend);
        }
    }

    /** Read the options file again. Answered with {@link AdminReport.Reloaded}. */
    record Reload() implements AdminRequest {
        static final String COMMAND = "reload";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {}

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.reload(this);
        }
    }

    /**
     * Forget the jobs that ended longer ago, and have no files any more.
     *
     * @param olderThan in whole seconds
     */
    record Purge(Duration olderThan) implements AdminRequest {
        static final String COMMAND = "purge";

        @Override
        public String command() {
            return COMMAND;
        }

        @Override
        public boolean mayBeAnsweredLate() {
            return true;
        }

        @Override
        public void writeArguments(PayloadWriter payload) {
            payload.number("older_than_seconds", olderThan.toSeconds());
        }

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.purge(this);
        }
    }

    /** A command of another version, or of another program; the answer is that it is not known. */
    record Unknown(String command) implements AdminRequest {
        @Override
        public void writeArguments(PayloadWriter payload) {}

        @Override
        public <R> R accept(Handler<R> handler) throws IOException {
            return handler.unknown(this);
        }
    }
}
