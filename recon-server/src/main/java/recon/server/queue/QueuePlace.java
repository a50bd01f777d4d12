package recon.server.queue;

import java.util.Comparator;
import recon.common.job.JobId;
import recon.common.job.Priority;

/**
 * Where a job stands in the queue: by priority, then by number.
 *
 * @param number grows with every job that is queued, and stays the job's own over restarts; no two jobs have the same
 */
public record QueuePlace(JobId job, Priority priority, long number) implements Comparable<QueuePlace> {
    private static final Comparator<QueuePlace> ORDER =
            Comparator.comparing(QueuePlace::priority).thenComparingLong(QueuePlace::number);

    @Override
    public int compareTo(QueuePlace other) {
        return ORDER.compare(this, other);
    }
}
