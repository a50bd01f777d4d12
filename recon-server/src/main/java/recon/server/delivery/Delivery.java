package recon.server.delivery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.lifecycle.CrashPoint;
import recon.common.lifecycle.Service;
import recon.common.transfer.KeepAlive;
import recon.common.wire.Event;
import recon.common.wire.SecureChannel;
import recon.server.queue.JobRecord;
import recon.server.queue.JobStore;
import recon.server.queue.JobWatches;
import recon.server.queue.Kept;
import recon.server.queue.Retention;
import recon.server.queue.StoredFile;
import recon.server.queue.Workspace;

/**
 * Keeps clients company until their jobs have ended, and hands them the results. A job is {@code DELIVERED} once one
 * client has confirmed every file; until then, and for a while after, any client whose key may use it may fetch it. To
 * others there is no such job.
 *
 * <p>Threads: each client's own session thread, of which there are as many as connections at most. A client that reads
 * slowly, or never answers, holds its own connection and nothing else.
 */
public final class Delivery implements Service {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    /** How soon a waiting session looks whether its client is still there: many only submit, and go. */
    private static final Duration FIRST_GLANCE = Duration.ofMillis(20);

    /** How often a waiting client hears that we are here. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);

    /** Each pause is twice as long as the one before, up to this. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final JobStore store;
    private final JobWatches watches;
    private final Workspace workspace;
    private final Retention retention;
    private final Duration grace;
    private final Clock clock;

    @GuardedBy("this")
    private final Set<SecureChannel> attended = new HashSet<>();

    /** @param grace how long {@link #stop} waits for clients that are taking their results */
    public Delivery(
            JobStore store, JobWatches watches, Workspace workspace, Retention retention, Duration grace, Clock clock) {
        this.store = store;
        this.watches = watches;
        this.workspace = workspace;
        this.retention = retention;
        this.grace = grace;
        this.clock = clock;
    }

    /**
     * What a client understands.
     *
     * @param paths results in subdirectories; otherwise it gets bare names
     * @param receipts it confirms each file with size and digest
     */
    public record Manners(boolean paths, boolean receipts) {
        /** Of this project's own clients. */
        public static final Manners OURS = new Manners(true, true);
    }

    @Override
    public void start() {}

    /**
     * Waits until the job has ended, and tells the client how: results, or the reason why there are none.
     *
     * @throws IOException if the client did not take what it was told; the results stay
     */
    public void attend(SecureChannel channel, JobId job, Manners manners) throws IOException {
        enter(channel);
        try (JobWatches.Watch watch = watches.watch(job)) {
            Optional<JobRecord> record = awaitEnd(channel, job, watch);
            if (record.isPresent()) {
                tell(channel, record.get(), manners);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leave(channel);
        }
    }

    private synchronized void enter(SecureChannel channel) {
        attended.add(channel);
    }

    private synchronized void leave(SecureChannel channel) {
        attended.remove(channel);
        notifyAll();
    }

    /** Returns empty if the client has gone, or the server stops: then it will be back. */
    private Optional<JobRecord> awaitEnd(SecureChannel channel, JobId job, JobWatches.Watch watch)
            throws IOException, InterruptedException {
        Duration pause = FIRST_GLANCE;
        KeepAlive keepAlive = new KeepAlive(channel, KEEP_ALIVE);
        while (true) {
            Optional<JobRecord> record =
                    store.find(job).filter(found -> channel.owner().mayUse(found.owner()));
            if (record.isEmpty() || record.get().state() == JobState.RECEIVING) {
                channel.send(new Event.EventError("there is no job " + job + " on this server"));
                return Optional.empty();
            }
            if (record.get().state().compareTo(JobState.DELIVERING) >= 0) {
                return record;
            }
            while (!watch.await(pause)) {
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                if (watches.isClosed()) {
                    return Optional.empty();
                }
                if (channel.peerHasLeft()) {
                    log.info("the client does not wait any longer; the job goes on");
                    return Optional.empty();
                }
                keepAlive.tick();
            }
        }
    }

    private void tell(SecureChannel channel, JobRecord job, Manners manners) throws IOException {
        ResultSender sender = new ResultSender(channel, job.id(), job.primaryFile());
        switch (job.state()) {
            case DELIVERING, DELIVERED -> deliver(channel, job, manners, sender);
            case FAILED, CANCELLED, EXPIRED -> {
                CrashPoint.BEFORE_FAILED_REPLY.reach();
                sender.sendFailure(job.reason(), job.state());
                CrashPoint.AFTER_FAILED_REPLY.reach();
            }
            case RECEIVING, QUEUED, RUNNING ->
                throw new IllegalStateException("job " + job.id() + " has not ended; it is "
                        + job.state().word());
        }
    }

    private void deliver(SecureChannel channel, JobRecord job, Manners manners, ResultSender sender)
            throws IOException {
        if (job.resultsUntil().isEmpty()) {
            channel.send(new Event.EventError("the results of job " + job.id()
                    + " are not kept any longer (RESULT_RETENTION_HOURS); it was delivered " + job.changedAt()));
            return;
        }
        List<StoredFile> results = store.results(job.id());
        try {
            sender.sendResults(workspace.directories(job.id()).outputs(), results, manners);
        } catch (IOException e) {
            log.warn("the client did not get all {} results; they are kept: {}", results.size(), e.toString());
            throw e;
        }
        String client = channel.owner().at(channel.peer().getAddress().getHostAddress());
        if (!recordDelivery(client, job)) {
            JobRecord now = store.find(job.id()).orElse(job);
            log.info(
                    "the client has the results, but the job is {} now",
                    now.state().word());
            sender.sendFailure(now.reason(), now.state());
            return;
        }
        log.info("delivered {} files", results.size());
        CrashPoint.BEFORE_COMPLETE_REPLY.reach();
        sender.sendComplete();
        CrashPoint.AFTER_COMPLETE_REPLY.reach();
        if (retention.endsWithDelivery()
                && store.note(
                        job.id(),
                        JobState.DELIVERED,
                        "the results were removed (RESULT_RETENTION_HOURS = 0)",
                        JobChange.SERVER,
                        new Kept(job.inputsUntil(), Optional.empty()))) {
            workspace.removeOutputs(workspace.directories(job.id()));
        }
    }

    /** Returns false if the job was cancelled, or has expired, while its results were sent. */
    private boolean recordDelivery(String client, JobRecord job) throws IOException {
        Kept kept = retention.ofDelivered(clock.instant());
        CrashPoint.BEFORE_DELIVERED_COMMIT.reach();
        boolean first =
                store.move(job.id(), JobState.DELIVERING, JobState.DELIVERED, "delivered to " + client, client, kept);
        CrashPoint.AFTER_DELIVERED_COMMIT.reach();
        boolean delivered = first || noteFetch(client, job.id());
        watches.changed(job.id());
        return delivered;
    }

    /** What is kept, and until when, may have been decided since the client began: by another that was faster. */
    private boolean noteFetch(String client, JobId job) throws IOException {
        Optional<JobRecord> now = store.find(job);
        if (now.isEmpty()) {
            return false;
        }
        Kept kept = new Kept(now.get().inputsUntil(), now.get().resultsUntil());
        return store.note(job, JobState.DELIVERED, "fetched again by " + client, client, kept);
    }

    /**
     * Lets clients that are taking their results finish, for a short while; those that wait have to come back. Each session
     * finds out by itself to which of them it belongs, for its job may have ended just now.
     */
    @Override
    public void stop() throws IOException {
        watches.close();
        List<SecureChannel> left = new ArrayList<>();
        synchronized (this) {
            long end = System.nanoTime() + grace.toNanos();
            try {
                for (long millis = grace.toMillis(); !attended.isEmpty() && millis > 0; ) {
                    wait(millis);
                    millis = (end - System.nanoTime()) / 1_000_000;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            left.addAll(attended);
        }
        for (SecureChannel channel : left) {
            channel.close();
        }
    }
}
