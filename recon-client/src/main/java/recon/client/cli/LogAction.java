package recon.client.cli;

import java.io.IOException;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.common.job.JobId;

/**
 * Shows what a job's script has printed.
 *
 * @param follow go on until the script has ended
 */
record LogAction(JobId job, boolean follow) implements ClientAction {
    @Override
    public int run(Session session) throws IOException {
        LogOutput output = new LogOutput(
                session.console(), session.surroundings(), fields -> fields.text("job_id", job.toString()));
        try (ReconClient client = session.newClient()) {
            client.log(job, follow, output);
            output.end();
            return ExitCode.DONE;
        } catch (ClientException e) {
            if (e.getCause() instanceof LogOutput.OutputException nobodyReads) {
                throw nobodyReads;
            }
            throw e;
        }
    }
}
