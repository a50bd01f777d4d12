package recon.server.queue;

import java.util.Set;
import recon.common.job.JobId;

/** Which directories the store's jobs need. */
public record NeededFiles(JobStore store) implements Workspace.Needed {
    @Override
    public Set<JobId> inputs() throws StoreException {
        return store.holdingInputs();
    }

    @Override
    public Set<JobId> outputs() throws StoreException {
        return store.holdingResults();
    }
}
