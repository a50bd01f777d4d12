package recon.server.work;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.JobId;
import recon.common.lifecycle.Service;
import recon.server.queue.JobQueue;
import recon.server.queue.JobStore;
import recon.server.queue.JobWatches;
import recon.server.queue.QueuePlace;
import recon.server.queue.Retention;
import recon.server.queue.RunningJobs;
import recon.server.queue.StoreRetry;
import recon.server.queue.Workers;
import recon.server.queue.Workspace;
import recon.server.script.ReconScript;

/**
 * Takes jobs from the queue and runs their scripts, as many at once as there are workers, while the machine has room.
 *
 * <p>Threads: {@code worker-1} to {@code worker-n}, each with one job at a time; n is the most that there have been at
 * once, and those that are too many wait.
 */
public final class WorkerPool implements Service, RunningJobs, Workers {
    private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);

    /** How much of the grace is kept for ending scripts, unless the grace is very short. */
    private static final Duration FOR_ENDING = Duration.ofSeconds(7);

    /** How much of it is kept for killing scripts that did not end when asked. */
    private static final Duration FOR_KILLING = Duration.ofSeconds(2);

    /** After the grace, for recording how each job stands: a large result takes a while to read. */
    private static final Duration FOR_RECORDING = Duration.ofSeconds(10);

    private final JobQueue queue;
    private final StoreRetry retry;
    private final ResourceGate gate;
    private final CancellableScript script;
    private final JobPipeline pipeline;
    private final Duration grace;
    private final Clock clock;
    private final JobSlots slots;
    private final Map<JobId, Busy> busy = new ConcurrentHashMap<>();

    @GuardedBy("threads")
    private final List<Thread> threads = new ArrayList<>();

    @GuardedBy("threads")
    private boolean running;

    /**
     * How jobs are run.
     *
     * @param workers how many at once, at least 1
     * @param grace how long running jobs may go on after {@link WorkerPool#stop}, the time for ending them included
     * @param rerunInterrupted whether a script that was ended because the server stopped may run again
     */
    public record Settings(int workers, Duration grace, boolean rerunInterrupted, Retention retention) {}

    public WorkerPool(
            Settings settings,
            JobQueue queue,
            JobStore store,
            StoreRetry retry,
            JobWatches watches,
            Workspace workspace,
            ResourceGate gate,
            ReconScript script,
            Clock clock) {
        this.queue = queue;
        this.retry = retry;
        this.gate = gate;
        this.script = new CancellableScript(script);
        JobPipeline.Rules rules = new JobPipeline.Rules(settings.retention(), settings.rerunInterrupted());
        this.pipeline = new JobPipeline(store, retry, watches, workspace, rules, this.script, clock);
        this.grace = settings.grace();
        this.clock = clock;
        this.slots = new JobSlots(settings.workers());
    }

    @Override
    public void start() {
        synchronized (threads) {
            running = true;
        }
        limit(slots.limit());
    }

    @Override
    public int limit() {
        return slots.limit();
    }

    @Override
    public void limit(int jobs) {
        slots.limit(jobs);
        synchronized (threads) {
            while (running && threads.size() < jobs) {
                Thread thread = new Thread(this::work, "worker-" + (threads.size() + 1));
                threads.add(thread);
                thread.start();
            }
        }
    }

    @Override
    public boolean areIdle() {
        return slots.areAllFree();
    }

    @Override
    public List<Busy> busy() {
        return busy.values().stream()
                .sorted(Comparator.comparing(Busy::since).thenComparing(Busy::name))
                .toList();
    }

    private void work() {
        try {
            while (queue.awaitJob() && gate.awaitOpen() && slots.take()) {
                try {
                    if (gate.closedBecause().isEmpty()) { // it may have closed while this worker waited for a slot
                        queue.poll().ifPresent(this::run);
                    }
                } finally {
                    slots.giveBack();
                }
            }
        } catch (InterruptedException e) {
            log.debug("interrupted; no more jobs");
        }
    }

    private void run(QueuePlace job) {
        busy.put(job.job(), new Busy(Thread.currentThread().getName(), job.job(), clock.instant()));
        try {
            pipeline.run(job);
        } catch (RuntimeException | Error e) {
            log.error("job {} met a bug of the server", job.job(), e);
            pipeline.giveUp(job.job(), e); // the job dies, the worker does not
        } finally {
            busy.remove(job.job());
        }
        log.debug("worker is free");
    }

    @Override
    public boolean has(JobId job) {
        return script.has(job);
    }

    @Override
    public void cancel(JobId job, String by) {
        script.cancel(job, by);
    }

    /**
     * Starts no more jobs, lets running ones end for a while, then ends their scripts: those run again later. What has
     * become of each job is recorded, even if that takes longer than the grace.
     */
    @Override
    public void stop() throws IOException {
        long end = System.nanoTime() + grace.toNanos();
        queue.close();
        slots.close();
        gate.stop(); // workers that wait there are let go
        try {
            join(end - shareOfGrace(FOR_ENDING, 2));
            script.cancelAll();
            log.debug("no script runs any more, or it is being ended");
            join(end - shareOfGrace(FOR_KILLING, 4));
            script.cancelAll();
            join(end + FOR_RECORDING.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            retry.close();
        }
    }

    private long shareOfGrace(Duration wanted, int divisor) {
        return Math.min(wanted.toNanos(), grace.toNanos() / divisor);
    }

    private void join(long endNanos) throws InterruptedException {
        List<Thread> all;
        synchronized (threads) {
            running = false;
            all = List.copyOf(threads);
        }
        for (Thread thread : all) {
            long millis = Duration.ofNanos(endNanos - System.nanoTime()).toMillis();
            if (millis > 0) {
                thread.join(millis);
            }
        }
    }
}
