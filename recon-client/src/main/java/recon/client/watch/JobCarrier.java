package recon.client.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.client.retry.Backoff;
import recon.client.retry.Timing;
import recon.client.submit.JobOutcome;
import recon.client.submit.KnownFile;
import recon.client.submit.KnownSubmission;
import recon.common.job.Failures;
import recon.common.job.JobId;
import recon.common.job.ReconOptions;
import recon.common.job.SubmissionId;
import recon.common.transfer.TransferRefusedException;

/**
 * Carries groups of files to the server, and their results back. What is submitted is noted in the ledger first; after a
 * crash it goes on from there. Goes on for ever while the server is away.
 *
 * <p>Thread-safe. Threads of its own: a few that submit, and more that wait for results, so that a slow job holds up
 * neither.
 */
final class JobCarrier implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobCarrier.class);
    private static final int SUBMITTERS = 2;
    private static final int WAITERS = 8;
    private static final Duration MOMENT = Duration.ofMillis(1500);

    private final Ledger ledger;
    private final ReconClient client;
    private final GroupReader reader;
    private final FailedFiles failed;
    private final Consumer<List<String>> release;
    private final ServerTold server = new ServerTold();
    private final Retries retries;
    private final FailedJobs failedJobs;
    private final ResultFolders folders;
    private final AtomicInteger inHand = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final Queue<Group> unsure = new ArrayDeque<>();
    private final ExecutorService submitters = threads("submit", SUBMITTERS);
    private final ExecutorService waiters = threads("results", WAITERS);

    /** @param release told of files that have made no job yet and may change: they are to be looked at again */
    JobCarrier(
            WatchSettings settings,
            Ledger ledger,
            ReconClient client,
            Timing timing,
            FailedFiles failed,
            Consumer<List<String>> release) {
        this.ledger = ledger;
        this.client = client;
        this.failed = failed;
        this.release = release;
        this.retries = new Retries(timing);
        this.failedJobs = new FailedJobs(ledger, failed, retries);
        this.folders = new ResultFolders(settings.downloadDirectory());
        this.reader = new GroupReader(settings, retries::isOver);
    }

    private static ExecutorService threads(String name, int count) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true); // a disk that hangs must not keep the program from ending
            return thread;
        });
    }

    boolean isIdle() {
        return inHand.get() == 0;
    }

    /** The jobs that have ended since the start. */
    WatchFolder.Tally tally() {
        return new WatchFolder.Tally(done.get(), failedJobs.count());
    }

    /** Takes files that are complete. Returns at once. */
    void take(Group group) {
        run(submitters, () -> prepare(group));
    }

    /** Goes on with what an earlier program has begun. Returns at once. */
    void goOn(Ledger.Pending pending) {
        if (pending.job().isPresent()) {
            run(waiters, () -> fetch(pending.submission(), pending.job().get(), folders.of(pending.folder())));
        } else {
            run(submitters, () -> submit(pending.submission()));
        }
    }

    private void run(ExecutorService threads, Runnable work) {
        inHand.incrementAndGet();
        threads.execute(() -> {
            try {
                if (!retries.isOver()) {
                    work.run();
                }
            } catch (RuntimeException e) {
                log.error("a job is left until the next start, because of a fault of this program", e);
            } finally {
                inHand.decrementAndGet();
            }
        });
    }

    private void prepare(Group group) {
        List<KnownFile> files;
        ReconOptions options;
        Optional<GroupReader.OptionsFile> own = Optional.empty();
        try {
            Optional<GroupReader.OptionsFile> present = reader.optionsFile(group.stem());
            own = present.filter(file -> isFor(group, file));
            files = reader.read(group);
            reader.requireStill(group.stem(), present);
            options = reader.options(own);
            new KnownSubmission(SubmissionId.random(), files, options, false).request();
        } catch (GroupReader.ChangedException e) {
            if (!retries.isOver()) {
                log.info("{}: {}; looked at again once it is complete", group, e.getMessage());
                release.accept(group.names());
            }
            return;
        } catch (IOException | IllegalArgumentException e) {
            if (!retries.isOver()) {
                failedJobs.refuse(
                        group.toString(), group.marks(), own.map(GroupReader.OptionsFile::file), Failures.words(e));
            }
            return;
        }
        Optional<KnownFile> optionsFile = own.map(GroupReader.OptionsFile::file);
        Optional<Ledger.Begun> begun = retries.noted(() -> ledger.begin(files, options, optionsFile));
        if (begun.isEmpty()) {
            return;
        }
        if (begun.get() instanceof Ledger.Begun.New fresh) {
            log.info("taken {} as submission {}", group, fresh.submission().id());
            submit(fresh.submission());
        } else if (begun.get() instanceof Ledger.Begun.Known known) {
            log.info("not sent {}: the same content was sent before, with submission {}", group, known.before());
        } else if (begun.get() instanceof Ledger.Begun.Unsure unsettled) {
            synchronized (unsure) {
                unsure.add(group);
            }
            if (!ledger.isUnsettled(unsettled.before())) {
                lookAtUnsure();
            }
        }
    }

    /** Whether the options were written for these files, and not for others of the same name. */
    private boolean isFor(Group group, GroupReader.OptionsFile options) {
        if (ledger.isUsedUp(options.file())) {
            log.warn(
                    "{} goes with the general options: {} was used for an earlier job, and has not been written since",
                    group,
                    options.name());
            return false;
        }
        return true;
    }

    /** Something was settled that others of the same content may wait for. */
    private void lookAtUnsure() {
        List<Group> again = new ArrayList<>();
        synchronized (unsure) {
            again.addAll(unsure);
            unsure.clear();
        }
        again.forEach(this::take);
    }

    private void submit(KnownSubmission submission) {
        String names = FailedJobs.names(submission);
        Backoff backoff = retries.newBackoff();
        while (!retries.isOver()) {
            try {
                JobId job = client.submit(submission, server.listener(names));
                server.isBack();
                log.info("sent {} as job {}", names, job);
                Path folder = folders.make(submission.files().get(0).path(), job);
                if (retries.note(() -> ledger.queued(submission.id(), job, folder))) {
                    lookAtUnsure();
                    run(waiters, () -> fetch(submission, job, folder));
                }
                return;
            } catch (ClientException e) {
                if (retries.isOver()) {
                    return;
                }
                if (e.isOfSourceFile()
                        || (e.getCause() instanceof TransferRefusedException && hasChanged(submission))) {
                    drop(submission, () -> {
                        log.info("{}: {}; looked at again once it is complete", names, e.getMessage());
                        release.accept(List.copyOf(FailedJobs.marks(submission).keySet()));
                    });
                    return;
                }
                if (e.isFinal()) {
                    Optional<KnownFile> optionsFile = ledger.optionsFile(submission.id());
                    drop(
                            submission,
                            () -> failedJobs.refuse(names, FailedJobs.marks(submission), optionsFile, e.getMessage()));
                    return;
                }
                server.isAway(names, e);
                retries.pause(backoff.next());
            }
        }
    }

    private boolean hasChanged(KnownSubmission submission) {
        return submission.files().stream().anyMatch(file -> !reader.stillHolds(file));
    }

    private void drop(KnownSubmission submission, Runnable then) {
        if (retries.note(() -> ledger.dropped(submission.id()))) {
            then.run();
            lookAtUnsure();
        }
    }

    private void fetch(KnownSubmission submission, JobId job, Path folder) {
        String names = FailedJobs.names(submission);
        Backoff backoff = retries.newBackoff();
        while (!retries.isOver()) {
            try {
                JobOutcome outcome = client.fetch(job, folder, Optional.empty(), server.listener(names));
                server.isBack();
                if (outcome instanceof JobOutcome.Completed completed) {
                    done.incrementAndGet();
                    log.info(
                            "done {}, job {}: {} results in {}",
                            names,
                            job,
                            completed.files().size(),
                            folder);
                    submission
                            .files()
                            .forEach(file ->
                                    failed.clear(file.path().getFileName().toString()));
                } else if (outcome instanceof JobOutcome.Failed failure) {
                    failedJobs.fail(submission, job, failure.state().word() + ": " + failure.reason());
                }
                end(submission, folder);
                return;
            } catch (ClientException e) {
                if (!retries.isOver() && e.isFinal()) {
                    failedJobs.fail(submission, job, e.getMessage());
                    end(submission, folder);
                    return;
                }
                if (!retries.isOver()) {
                    server.isAway(names, e);
                    retries.pause(backoff.next());
                }
            }
        }
    }

    private void end(KnownSubmission submission, Path folder) {
        ResultFolders.removeEmpty(folder);
        retries.note(() -> ledger.ended(submission.id()));
    }

    /** Begins nothing any more. The client is to be closed then: that ends what is being done. */
    void stop() {
        retries.stop();
    }

    /** Waits a moment for what is being done. What is left goes on at the next start. */
    @Override
    public void close() {
        stop();
        submitters.shutdown();
        waiters.shutdown();
        try {
            submitters.awaitTermination(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
            waiters.awaitTermination(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
