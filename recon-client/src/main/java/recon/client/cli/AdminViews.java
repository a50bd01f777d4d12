package recon.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.wire.AdminReport;
import recon.common.wire.AdminRequest;
import recon.common.wire.ProtocolException;
import recon.common.wire.RelayReport;
import recon.common.wire.Report;
import recon.common.wire.Request;

/** The commands of {@code admin} that change nothing. */
final class AdminViews {
    private AdminViews() {}

    /** How the server or relay is. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = {
                "Of a server: uptime, workers, how many jobs wait, and whether it is draining.",
                "Of a relay: uptime, version, how many clients are connected, and how many of its servers are healthy."
            })
    static final class Status implements Callable<Integer> {
        @ParentCommand
        private AdminCommand admin;

        @Override
        public Integer call() throws IOException {
            return admin.run((client, console) -> {
                Report status = client.ask(new AdminRequest.Show(AdminRequest.Show.What.STATUS), Report.class);
                if (status instanceof RelayReport.Status relay) {
                    AdminRelayViews.print(relay, console);
                } else if (status instanceof Report.ServerStatus server) {
                    console.printer().print(server);
                } else {
                    throw new ProtocolException("expected a status, got " + status.name());
                }
            });
        }
    }

    /** The jobs that have not ended. */
    @Command(
            name = "queue",
            mixinStandardHelpOptions = true,
            description = "Everybody's jobs that have not ended: those that run, then those that wait in their order.")
    static final class Queue implements Callable<Integer> {
        @ParentCommand
        private AdminCommand admin;

        @Override
        public Integer call() throws IOException {
            return admin.run((client, console) -> console.printer()
                    .print(
                            client.ask(new AdminRequest.Show(AdminRequest.Show.What.QUEUE), Report.QueueDetails.class),
                            false));
        }
    }

    /** What the workers do. */
    @Command(
            name = "workers",
            mixinStandardHelpOptions = true,
            description = "How many jobs may run at once, and which run for how long.")
    static final class Workers implements Callable<Integer> {
        @ParentCommand
        private AdminCommand admin;

        @Override
        public Integer call() throws IOException {
            return admin.run((client, console) -> print(
                    client.ask(new AdminRequest.Show(AdminRequest.Show.What.WORKERS), AdminReport.Workers.class),
                    console));
        }

        private static void print(AdminReport.Workers workers, ClientConsole console) {
            PrintWriter out = console.out();
            if (console.style().json()) {
                workers.busy().forEach(busy -> JsonReport.print(out, "worker", busy::write));
                JsonReport.print(out, "workers", fields -> {
                    fields.number("max_jobs", workers.maxJobs());
                    fields.number("busy", workers.busy().size());
                    fields.flag("draining", workers.draining());
                    fields.text("waiting_because", workers.waitingBecause());
                });
                return;
            }
            if (!workers.busy().isEmpty()) {
                Table table = new Table().row("WORKER", "JOB ID", "TIME", "OWNER", "PRIMARY FILE");
                for (AdminReport.Workers.Busy busy : workers.busy()) {
                    table.row(
                            busy.worker(),
                            busy.job().jobId(),
                            Words.clock(busy.seconds()),
                            busy.job().owner(),
                            busy.job().primaryFile());
                }
                table.lines().forEach(out::println);
            }
            out.println(workers.busy().size() + " of " + Words.count(workers.maxJobs(), "worker") + " busy"
                    + (workers.draining() ? "; draining, no new jobs are taken" : ""));
            if (!workers.waitingBecause().isEmpty()) {
                out.println("no job starts now: " + Printable.cell(workers.waitingBecause()));
            }
        }
    }

    /** Jobs by state and age. */
    @Command(
            name = "jobs",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Everybody's jobs, ended ones too, the newest change first.",
            footerHeading = "%nExample:%n",
            footer = "  java -jar recon-client.jar admin jobs --state failed --since 24h")
    static final class Jobs implements Callable<Integer> {
        @ParentCommand
        private AdminCommand admin;

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description =
                        "Only those that are receiving, queued, running, delivering, delivered, failed, cancelled or"
                                + " expired.")
        private JobState state;

        @Option(
                names = "--since",
                paramLabel = "AGE",
                defaultValue = "0s",
                description = "Only those that came to their state so long ago at most: 90s, 30m, 24h, 7d. 0s: any.")
        private Duration since;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "" + Request.GetQueueDetails.DEFAULT_LIMIT,
                description = "How many at most (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (limit < 1) {
                throw new ParameterException(spec.commandLine(), "--limit " + limit + " is less than 1");
            }
            return admin.run((client, console) -> console.printer()
                    .print(
                            client.ask(
                                    new AdminRequest.Jobs(Optional.ofNullable(state), since, limit),
                                    Report.QueueDetails.class),
                            true));
        }
    }

    /** The server's log, or a script's. */
    @Command(
            name = "logs",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "The last lines of the server's log file, or of what a job's script has printed.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  java -jar recon-client.jar admin logs --lines 200",
                "  java -jar recon-client.jar admin logs --job 3f0c1e9a-5b7d-4a55-9c5e-0d2f6b8a1c33 --follow"
            })
    static final class Logs implements Callable<Integer> {
        @ParentCommand
        private AdminCommand admin;

        @Option(
                names = "--lines",
                paramLabel = "N",
                defaultValue = "" + AdminRequest.Logs.DEFAULT_LINES,
                description = "How many of the lines that are there (default: ${DEFAULT-VALUE}).")
        private int lines;

        @Option(names = "--job", paramLabel = "ID", description = "What this job's script has printed.")
        private JobId job;

        @Option(names = "--follow", description = "Go on with new lines, until the script has ended or Ctrl-C.")
        private boolean follow;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (lines < 0) {
                throw new ParameterException(spec.commandLine(), "--lines " + lines + " is less than 0");
            }
            return admin.run((client, console) -> {
                LogOutput output = new LogOutput(console, admin.surroundings(), fields -> {
                    if (job != null) {
                        fields.text("job_id", job.toString());
                    }
                });
                client.logs(new AdminRequest.Logs(lines, Optional.ofNullable(job), follow), output);
                output.end();
            });
        }
    }
}
