package recon.client.cli;

import java.util.Optional;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.common.job.JobId;

/** Runs what may take long, under the eyes of a person who may press Ctrl-C. */
final class LongAction {
    private LongAction() {}

    /** The work itself. */
    @FunctionalInterface
    interface Work {
        int run(ReconClient client) throws ClientException;
    }

    /** What to say and do once the work was interrupted, and has ended. */
    @FunctionalInterface
    interface Epilogue {
        void run(Optional<JobId> job, Interruption interruption);
    }

    static int run(Session session, Work work, Epilogue epilogue) throws ClientException {
        try (ReconClient client = session.newClient();
                Interruption interruption = new Interruption(client::close)) {
            try {
                return work.run(client);
            } catch (ClientException e) {
                if (!interruption.hasHappened()) {
                    throw e;
                }
                epilogue.run(e.job(), interruption);
                return interruption.exitCode();
            }
        }
    }
}
