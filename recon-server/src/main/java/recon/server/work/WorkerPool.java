package recon.server.work;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.lifecycle.Service;
import recon.server.queue.JobQueue;
import recon.server.queue.JobStore;
import recon.server.queue.QueuedJob;
import recon.server.script.ReconScript;

/**
 * Takes jobs from the queue and runs them, as many at once as there are workers.
 *
 * <p>Threads: {@code worker-1} to {@code worker-n}, each with one job at a time, which it owns.
 */
public final class WorkerPool implements Service {
    private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);

    /** How much of the grace is kept for ending scripts and telling their clients. */
    private static final Duration FOR_ENDING = Duration.ofSeconds(7);

    private static final Duration FOR_TELLING = Duration.ofSeconds(1);

    private final JobQueue queue;
    private final JobPipeline pipeline;
    private final Duration grace;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<QueuedJob> inHand = ConcurrentHashMap.newKeySet();

    /**
     * @param workers how many jobs run at once, at least 1
     * @param grace how long {@link #stop} may take
     */
    public WorkerPool(int workers, Duration grace, JobQueue queue, JobStore store, ReconScript script) {
        this.queue = queue;
        this.pipeline = new JobPipeline(store, script);
        this.grace = grace;
        for (int i = 1; i <= workers; i++) {
            threads.add(new Thread(this::work, "worker-" + i));
        }
    }

    @Override
    public void start() {
        threads.forEach(Thread::start);
    }

    private void work() {
        try {
            for (Optional<QueuedJob> job = queue.take(); job.isPresent(); job = queue.take()) {
                run(job.get());
            }
        } catch (InterruptedException e) {
            log.debug("interrupted; no more jobs");
        }
    }

    private void run(QueuedJob job) throws InterruptedException {
        inHand.add(job);
        try {
            pipeline.run(job);
        } catch (RuntimeException | Error e) {
            log.error("job {} met a bug of the server", job.id(), e); // the job dies, the worker does not
        } finally {
            inHand.remove(job);
        }
    }

    /**
     * Tells the clients of waiting jobs, lets running jobs end for a while, then ends their scripts, and at last closes
     * the connections of those that still deliver.
     */
    @Override
    public void stop() throws IOException {
        long end = System.nanoTime() + grace.toNanos();
        for (QueuedJob job : queue.close()) {
            try (job) {
                pipeline.refuse(job, JobPipeline.STOPPING);
            }
        }
        try {
            if (!inHand.isEmpty()) {
                log.info("{} jobs are running; they may take {} s to end", inHand.size(), grace.toSeconds());
            }
            join(end - FOR_ENDING.toNanos());
            threads.forEach(Thread::interrupt);
            join(end - FOR_TELLING.toNanos());
            for (QueuedJob job : inHand) {
                job.channel().close();
            }
            join(end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void join(long endNanos) throws InterruptedException {
        for (Thread thread : threads) {
            long millis = Duration.ofNanos(endNanos - System.nanoTime()).toMillis();
            if (millis > 0) {
                thread.join(millis);
            }
        }
    }
}
