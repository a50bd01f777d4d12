package recon.client.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import recon.client.ReconClient;
import recon.common.job.JobId;

/** What to do; at most one of these. Nothing means to submit the default file. */
final class ActionOptions {
    @Option(
            names = "--files",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Input files of the job, the primary one first.")
    private List<Path> files = List.of();

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Send the files of this directory that match --pattern, by name.")
    private Path directory;

    @Option(names = "--fetch", paramLabel = "ID", description = "Wait for this job's end and download its results.")
    private JobId fetch;

    @Option(names = "--job", paramLabel = "ID", description = "Show this job and its history.")
    private JobId job;

    @Option(names = "--log", paramLabel = "ID", description = "Show what this job's script has printed.")
    private JobId log;

    @Option(names = "--cancel", paramLabel = "ID", description = "Cancel this job, waiting, running or undelivered.")
    private JobId cancel;

    @Option(names = "--rerun", paramLabel = "ID", description = "Queue this failed or cancelled job once more.")
    private JobId rerun;

    @Option(names = "--view-queue", description = "Show the jobs that have not ended.")
    private boolean viewQueue;

    @Option(names = "--server-status", description = "Show uptime, workers and queue, and why jobs wait.")
    private boolean serverStatus;

    ClientAction chosen(JobOptions jobOptions, ViewOptions view) {
        if (serverStatus) {
            return asking((client, console) -> console.printer().print(client.serverStatus()));
        }
        if (viewQueue) {
            return asking((client, console) ->
                    console.printer().print(client.queueDetails(view.all(), view.limit()), view.all()));
        }
        if (job != null) {
            return asking((client, console) -> console.printer().print(client.job(job)));
        }
        if (cancel != null) {
            return asking((client, console) -> console.printer().printStatusOf(client.cancel(cancel)));
        }
        if (rerun != null) {
            return asking((client, console) -> console.printer().printStatusOf(client.rerun(rerun)));
        }
        if (log != null) {
            return new LogAction(log, view.follow());
        }
        if (fetch != null) {
            return new FetchAction(fetch, jobOptions);
        }
        return new SubmitAction(new ArrayList<>(files), Optional.ofNullable(directory), jobOptions);
    }

    /** One question and its answer. */
    @FunctionalInterface
    private interface Question {
        void ask(ReconClient client, ClientConsole console) throws java.io.IOException;
    }

    private static ClientAction asking(Question question) {
        return session -> {
            try (ReconClient client = session.newClient()) {
                question.ask(client, session.console());
            }
            return ExitCode.DONE;
        };
    }
}
