package recon.client.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import recon.client.ClientException;
import recon.client.ClientSettings;
import recon.client.ReconClient;
import recon.client.submit.InputFiles;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.wire.ReconOptionsJson;

/**
 * Submits a job, and unless told otherwise waits for its results.
 *
 * @param files empty for those of the directory, or else for the default one
 */
record SubmitAction(List<Path> files, Optional<Path> directory, JobOptions options) implements ClientAction {
    private static final String INTERRUPTED = "interrupted";

    @Override
    public int run(Session session) throws IOException {
        JobRequest request = request(session.settings());
        return LongAction.run(
                session,
                client -> options.noWait() ? submit(client, session, request) : submitAndWait(client, session, request),
                (job, interruption) -> interrupted(session, job, interruption));
    }

    private JobRequest request(ClientSettings settings) throws IOException {
        JobRequest request = InputFiles.request(inputs(settings), ReconOptionsJson.parse(options.reconOptions()));
        int limit = settings.limits().maxJobFiles();
        if (request.files().size() > limit) {
            throw new IllegalArgumentException(
                    request.files().size() + " files are more than one job may have (MAX_JOB_FILES = " + limit + ")");
        }
        return request;
    }

    private List<Path> inputs(ClientSettings settings) throws IOException {
        if (directory.isPresent()) {
            return InputFiles.matching(directory.get(), options.pattern());
        }
        if (!files.isEmpty()) {
            return files;
        }
        Path file = settings.defaultPfile()
                .filter(Files::exists)
                .orElseThrow(() -> new IllegalArgumentException("nothing to send: give --files or --directory; "
                        + settings.defaultPfile()
                                .map(path -> "CLIENT_DEFAULT_PFILE_PATH " + path + " does not exist")
                                .orElse("CLIENT_DEFAULT_PFILE_PATH is not set")));
        return List.of(file);
    }

    private int submit(ReconClient client, Session session, JobRequest request) throws ClientException {
        ClientConsole console = session.console();
        JobId job;
        try (JobReport report = console.submissionReport()) {
            job = client.submit(request, options.priority(), options.timeout(), report);
        }
        if (!console.style().json()) { // else it has been told
            console.out().println(job);
        }
        return ExitCode.DONE;
    }

    private int submitAndWait(ReconClient client, Session session, JobRequest request) throws ClientException {
        Path downloads = options.downloads(session.settings());
        JobOutcome outcome;
        try (JobReport report = session.console().report(client)) {
            outcome = client.run(request, options.priority(), downloads, options.timeout(), report);
            report.ended(outcome);
        }
        return outcome instanceof JobOutcome.Completed ? ExitCode.DONE : ExitCode.JOB_FAILED;
    }

    private static void interrupted(Session session, Optional<JobId> accepted, Interruption interruption) {
        ClientConsole console = session.console();
        if (accepted.isEmpty()) {
            console.error(INTERRUPTED, "interrupted; " + ClientException.NOT_KNOWN);
            return;
        }
        JobId job = accepted.get();
        console.error(
                INTERRUPTED,
                "interrupted; job " + job + " goes on at the server; to fetch its results: "
                        + ClientConsole.howToFetch(job));
        if (interruption.isCtrlC()) {
            console.tell("to cancel the job, press Ctrl-C again within " + Interruption.MOMENT.toSeconds() + " s");
        }
        if (interruption.again()) {
            cancel(session, job);
        }
    }

    private static void cancel(Session session, JobId job) {
        ClientConsole console = session.console();
        try (ReconClient client = session.newClient()) {
            console.error(
                    "cancelled",
                    "job " + job + " is " + client.cancel(job).job().status());
        } catch (ClientException e) {
            console.error(INTERRUPTED, "job " + job + " could not be cancelled: " + e.getMessage());
        }
    }
}
