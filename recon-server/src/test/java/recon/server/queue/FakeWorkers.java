package recon.server.queue;

import java.util.function.BiConsumer;
import java.util.function.Predicate;
import recon.common.job.JobId;

/**
 * Workers that run nothing.
 *
 * @param inHand which jobs they have
 * @param onCancel what happens when a job is to be ended, and by whom
 */
record FakeWorkers(Predicate<JobId> inHand, BiConsumer<JobId, String> onCancel) implements RunningJobs {
    FakeWorkers(BiConsumer<JobId, String> onCancel) {
        this(job -> false, onCancel);
    }

    @Override
    public boolean has(JobId job) {
        return inHand.test(job);
    }

    @Override
    public void cancel(JobId job, String by) {
        onCancel.accept(job, by);
    }
}
