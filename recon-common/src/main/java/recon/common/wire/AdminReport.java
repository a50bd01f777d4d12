package recon.common.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What only administrators are answered. Times are text as in {@link Report}. */
public sealed interface AdminReport extends Report
        permits AdminReport.Workers, AdminReport.LogText, AdminReport.Done, AdminReport.Reloaded, RelayReport {
    /** Reads the report of that name, or returns null if there is none. */
    static AdminReport readOrNull(String name, Payload params) throws ProtocolException {
        return switch (name) {
            case Workers.NAME -> Workers.read(params);
            case LogText.NAME -> new LogText(params.base64("output"), params.flagOr("end", true));
            case Done.NAME -> new Done(params.text("message"), params.numbersOrNone("figures"));
            case Reloaded.NAME ->
                new Reloaded(params.textsOrNone("changed"), params.textsOrNone("changed_but_needs_restart"));
            default -> RelayReport.readOrNull(name, params);
        };
    }

    /**
     * What the workers do.
     *
     * @param maxJobs how many jobs may run at once
     * @param waitingBecause why no job starts although one waits and a worker is free, or empty
     * @param busy those with a job, the one that began first at the front
     */
    record Workers(int maxJobs, boolean draining, String waitingBecause, List<Busy> busy) implements AdminReport {
        static final String NAME = "workers_response";

        public Workers {
            busy = List.copyOf(busy);
        }

        /**
         * A worker with a job.
         *
         * @param seconds for how long it has had it
         */
        public record Busy(String worker, long seconds, QueueDetails.Row job) {
            static Busy read(Payload worker) throws ProtocolException {
                return new Busy(
                        worker.text("worker"), worker.number("seconds"), QueueDetails.Row.read(worker.object("job")));
            }

            public void write(PayloadWriter fields) {
                fields.text("worker", worker);
                fields.number("seconds", seconds);
                fields.object("job", job::write);
            }
        }

        static Workers read(Payload params) throws ProtocolException {
            List<Busy> busy = new ArrayList<>();
            for (Payload worker : params.objectsOrNone("busy")) {
                busy.add(Busy.read(worker));
            }
            return new Workers(
                    params.count("max_jobs"),
                    params.flagOr("draining", false),
                    params.textOr("waiting_because", ""),
                    busy);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.number("max_jobs", maxJobs);
            params.flag("draining", draining);
            params.text("waiting_because", waitingBecause);
            List<Consumer<PayloadWriter>> elements = new ArrayList<>();
            for (Busy worker : busy) {
                elements.add(worker::write);
            }
            params.objects("busy", elements);
        }
    }

    /**
     * The next piece of a log.
     *
     * @param output bytes as they were written, at most {@value Report.JobLog#MAX_BYTES}; not copied
     * @param end whether nothing follows
     */
    record LogText(byte[] output, boolean end) implements AdminReport {
        static final String NAME = "log_text";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.base64("output", output, output.length);
            params.flag("end", end);
        }
    }

    /**
     * It is done.
     *
     * @param message what, in one line for people
     * @param figures the same for programs, by name
     */
    record Done(String message, Map<String, Long> figures) implements AdminReport {
        static final String NAME = "done";

        public Done {
            figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.text("message", message);
            params.object("figures", fields -> figures.forEach(fields::number));
        }
    }

    /**
     * The options file was read again.
     *
     * @param changed the items that have changed and hold now, with their values unless they are secret
     * @param needsRestart those that have changed in the file and do not hold before the next start
     */
    record Reloaded(List<String> changed, List<String> needsRestart) implements AdminReport {
        static final String NAME = "reloaded";

        public Reloaded {
            changed = List.copyOf(changed);
            needsRestart = List.copyOf(needsRestart);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public void writeParams(PayloadWriter params) {
            params.texts("changed", changed);
            params.texts("changed_but_needs_restart", needsRestart);
        }
    }
}
