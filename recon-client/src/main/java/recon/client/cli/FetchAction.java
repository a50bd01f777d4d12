package recon.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;

/** Waits for a job that was submitted before, and downloads its results. Leaves the job alone, whatever happens. */
record FetchAction(JobId job, JobOptions options) implements ClientAction {
    @Override
    public int run(Session session) throws IOException {
        return LongAction.run(
                session,
                client -> fetch(client, session),
                (id, interruption) -> session.console()
                        .error(
                                "interrupted",
                                "interrupted; what job " + job
                                        + " has left at the server stays there; to go on: "
                                        + ClientConsole.howToFetch(job)));
    }

    private int fetch(ReconClient client, Session session) throws ClientException {
        Path downloads = options.downloads(session.settings());
        JobOutcome outcome;
        try (JobReport report = session.console().report(client)) {
            outcome = client.fetch(job, downloads, options.timeout(), report);
            report.ended(outcome);
        }
        return outcome instanceof JobOutcome.Completed ? ExitCode.DONE : ExitCode.JOB_FAILED;
    }
}
