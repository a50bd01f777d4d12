package recon.server.work;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import recon.common.job.JobId;
import recon.server.queue.RunningJobs;
import recon.server.script.ReconScript;
import recon.server.script.ScriptOutcome;
import recon.server.script.ScriptRun;

/**
 * A script whose runs can be ended from outside, one or all. Only threads that are inside a run are interrupted: one that
 * handles the results would lose the file that it reads, and one that waits needs no interrupt.
 */
@ThreadSafe
final class CancellableScript implements ReconScript, RunningJobs {
    @SuppressWarnings("Immutable") // any number of threads may run it, as its contract says
    private final ReconScript script;

    /** The jobs in the hands of workers, from before their scripts until their end is recorded. */
    @GuardedBy("this")
    private final Set<JobId> inHand = new HashSet<>();

    @GuardedBy("this")
    private final Map<JobId, Thread> inside = new HashMap<>();

    @GuardedBy("this")
    private final Map<JobId, String> cancelledBy = new HashMap<>();

    @GuardedBy("this")
    private boolean stopped;

    CancellableScript(ReconScript script) {
        this.script = script;
    }

    synchronized void take(JobId job) {
        inHand.add(job);
    }

    synchronized void release(JobId job) {
        inHand.remove(job);
        cancelledBy.remove(job);
    }

    @Override
    public ScriptOutcome run(ScriptRun run) throws IOException, InterruptedException {
        enter(run.job());
        try {
            return script.run(run);
        } finally {
            leave(run.job());
        }
    }

    @Override
    public synchronized boolean has(JobId job) {
        return inHand.contains(job);
    }

    @Override
    public synchronized void cancel(JobId job, String by) {
        if (inHand.contains(job) && cancelledBy.putIfAbsent(job, by) == null) {
            Thread thread = inside.get(job);
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /** Who cancelled a job that is in a worker's hands; empty if nobody did. */
    synchronized Optional<String> cancelledBy(JobId job) {
        return Optional.ofNullable(cancelledBy.get(job));
    }

    /** Ends all runs, and lets none begin any more. A second call cuts the grace short that scripts have. */
    synchronized void cancelAll() {
        stopped = true;
        inside.values().forEach(Thread::interrupt);
    }

    private synchronized void enter(JobId job) throws InterruptedException {
        if (stopped || cancelledBy.containsKey(job)) {
            throw new InterruptedException("the script is not to run");
        }
        inside.put(job, Thread.currentThread());
    }

    /** An interrupt that comes as the run ends is too late to matter, and must not meet what the thread does next. */
    private synchronized void leave(JobId job) {
        inside.remove(job);
        Thread.interrupted();
    }
}
