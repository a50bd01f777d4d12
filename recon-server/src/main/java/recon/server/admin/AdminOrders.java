package recon.server.admin;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.JobChange;
import recon.server.queue.AdminSettings;
import recon.server.queue.JobControl.NotPossibleException;
import recon.server.queue.JobQueue;
import recon.server.queue.JobStore;
import recon.server.queue.StoreException;
import recon.server.queue.Workers;

/**
 * Whether new jobs are taken, and how many run at once: as the options say, unless an administrator says otherwise. That
 * holds over restarts. One change is made at a time, and is on record before it is made; its lock covers that too.
 */
@ThreadSafe
public final class AdminOrders {
    private static final Logger log = LoggerFactory.getLogger(AdminOrders.class);

    private final JobStore store;
    private final JobQueue queue;
    private final Workers workers;
    private final int mostJobs;

    @GuardedBy("this")
    private int configured;

    /**
     * @param configured how many jobs the options let run at once
     * @param mostJobs how many may ever
     */
    public AdminOrders(JobStore store, JobQueue queue, Workers workers, int configured, int mostJobs) {
        this.store = store;
        this.queue = queue;
        this.workers = workers;
        this.configured = configured;
        this.mostJobs = mostJobs;
    }

    /** At the start, before any job is taken: what held when the server ended holds again. */
    public synchronized void restore() throws StoreException {
        AdminSettings settings = store.adminSettings();
        queue.drain(settings.draining());
        int jobs = settings.maxJobs(configured);
        if (jobs <= mostJobs) {
            workers.limit(jobs);
        }
        if (queue.isDraining()) {
            log.warn(
                    "no new jobs are taken: an administrator drained this server before it was started; \"admin resume\""
                            + " lets them in");
        }
        if (workers.limit() != configured) {
            log.warn(
                    "up to {} jobs run at once, as an administrator has set; MAX_CONCURRENT_JOBS = {}",
                    workers.limit(),
                    configured);
        }
    }

    /**
     * Lets so many jobs run at once.
     *
     * @return how many did before
     * @throws NotPossibleException if it is no number that may be
     */
    synchronized int maxJobs(int jobs, String by) throws StoreException, NotPossibleException {
        if (jobs < 1 || jobs > mostJobs) {
            throw new NotPossibleException("cannot run " + jobs + " jobs at once; the range is 1.." + mostJobs
                    + (mostJobs == 1 ? " (RECON_OUTPUT_MODE = shared)" : ""));
        }
        int before = workers.limit();
        String action = "set-max-jobs " + jobs + ", before " + before;
        boolean asConfigured = jobs == configured;
        store.setMaxJobs(asConfigured ? 0 : jobs, asConfigured ? 0 : configured, action, by);
        log.info("{}", action);
        workers.limit(jobs);
        return before;
    }

    synchronized int configured() {
        return configured;
    }

    /** @param draining false lets new jobs in again */
    synchronized void drain(boolean draining, String by) throws StoreException {
        String action = draining ? "drain" : "resume";
        store.setDraining(draining, action, by);
        log.info("{}", action);
        queue.drain(draining);
    }

    /** The options have changed, which is newer than what an administrator set. */
    public synchronized void configure(int jobs) {
        configured = jobs;
        workers.limit(jobs);
        try {
            int set = store.adminSettings().maxJobs();
            if (set > 0) {
                store.setMaxJobs(
                        0, 0, "set-max-jobs " + set + " has ended: MAX_CONCURRENT_JOBS = " + jobs, JobChange.SERVER);
            }
        } catch (StoreException e) {
            log.warn("it cannot be recorded that set-max-jobs has ended: {}", e.getMessage());
        }
    }
}
