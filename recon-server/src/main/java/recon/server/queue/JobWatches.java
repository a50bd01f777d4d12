package recon.server.queue;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import recon.common.job.JobId;

/** Wakes the threads that wait for something to happen to a job. What has happened, they ask the {@link JobStore}. */
@ThreadSafe
public final class JobWatches {
    @GuardedBy("this")
    private final Map<JobId, Set<Watch>> watches = new HashMap<>();

    @GuardedBy("this")
    private boolean closed;

    /** Waits for changes of one job, from the moment it is made. Belongs to one thread. */
    public final class Watch implements AutoCloseable {
        private final JobId job;
        private boolean changed;

        private Watch(JobId job) {
            this.job = job;
        }

        /** Waits for a change since the last call. Returns false if there was none in that time. */
        public boolean await(Duration limit) throws InterruptedException {
            synchronized (JobWatches.this) {
                long end = System.nanoTime() + limit.toNanos();
                for (long left = limit.toNanos(); !changed && !closed && left > 0; left = end - System.nanoTime()) {
                    JobWatches.this.wait(left / 1_000_000, (int) (left % 1_000_000));
                }
                boolean was = changed;
                changed = false;
                return was;
            }
        }

        @Override
        public void close() {
            synchronized (JobWatches.this) {
                watches.computeIfPresent(job, (id, all) -> all.remove(this) && all.isEmpty() ? null : all);
            }
        }
    }

    public synchronized Watch watch(JobId job) {
        Watch watch = new Watch(job);
        watches.computeIfAbsent(job, id -> new HashSet<>()).add(watch);
        return watch;
    }

    /** To be called after each change of a job's state was stored. */
    public synchronized void changed(JobId job) {
        Set<Watch> all = watches.getOrDefault(job, Set.of());
        if (!all.isEmpty()) {
            all.forEach(watch -> watch.changed = true);
            notifyAll();
        }
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /** Nobody waits any more. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
