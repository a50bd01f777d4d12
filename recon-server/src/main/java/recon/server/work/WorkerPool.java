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
 * <p>Threads: {@code worker-1} to {@code worker-n}, each with one job at a time, which it owns; {@link #stop}
 * makes one for each job that still waits.
 */
public final class WorkerPool implements Service {
    private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);

    /** How much of the grace is kept for ending scripts and telling their clients, unless the grace is very short. */
    private static final Duration FOR_ENDING = Duration.ofSeconds(7);

    /** How much of it is kept for killing scripts that did not end when asked. */
    private static final Duration FOR_KILLING = Duration.ofSeconds(2);

    /** How much of it is kept for cutting off clients that do not take what they are sent. */
    private static final Duration FOR_CUTTING = Duration.ofSeconds(1);

    private final JobQueue queue;
    private final CancellableScript script;
    private final JobPipeline pipeline;
    private final Duration grace;
    private final List<Thread> workers = new ArrayList<>();
    private final Set<QueuedJob> inHand = ConcurrentHashMap.newKeySet();

    /**
     * @param workers how many jobs run at once, at least 1
     * @param grace how long {@link #stop} may take
     */
    public WorkerPool(int workers, Duration grace, JobQueue queue, JobStore store, ReconScript script) {
        this.queue = queue;
        this.script = new CancellableScript(script);
        this.pipeline = new JobPipeline(store, this.script);
        this.grace = grace;
        for (int i = 1; i <= workers; i++) {
            this.workers.add(new Thread(this::work, "worker-" + i));
        }
    }

    @Override
    public void start() {
        workers.forEach(Thread::start);
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
            log.debug("worker is free");
        }
    }

    /**
     * Tells the clients of waiting jobs, lets running jobs end for a while, then ends their scripts, and at last closes
     * the connections of those that still deliver or do not answer.
     */
    @Override
    public void stop() throws IOException {
        long end = System.nanoTime() + grace.toNanos();
        List<Thread> threads = new ArrayList<>(workers);
        for (QueuedJob job : queue.close()) {
            // Each in a thread of its own: a client that does not answer must not keep the next one from being told.
            inHand.add(job);
            Thread thread = new Thread(() -> refuse(job), "stop-" + job.id());
            threads.add(thread);
            thread.start();
        }
        if (!inHand.isEmpty()) {
            log.info(
                    "jobs are running or have to be refused: {}; they may take {} s", inHand.size(), grace.toSeconds());
        }
        try {
            join(threads, end - shareOfGrace(FOR_ENDING, 2));
            script.cancel();
            log.debug("no script runs any more, or it is being ended");
            join(threads, end - shareOfGrace(FOR_KILLING, 4));
            script.cancel();
            join(threads, end - shareOfGrace(FOR_CUTTING, 8));
            for (QueuedJob job : inHand) {
                job.channel().close();
            }
            join(threads, end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuse(QueuedJob job) {
        try (job) {
            pipeline.refuse(job, JobPipeline.STOPPING);
        } catch (IOException e) {
            log.debug("closing the connection failed: {}", e.toString());
        } finally {
            inHand.remove(job);
        }
    }

    private long shareOfGrace(Duration wanted, int divisor) {
        return Math.min(wanted.toNanos(), grace.toNanos() / divisor);
    }

    private static void join(List<Thread> threads, long endNanos) throws InterruptedException {
        for (Thread thread : threads) {
            long millis = Duration.ofNanos(endNanos - System.nanoTime()).toMillis();
            if (millis > 0) {
                thread.join(millis);
            }
        }
    }
}
