package recon.server.intake;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.job.Failures;
import recon.common.job.FileName;
import recon.common.job.InputFile;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.JobState;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;
import recon.common.lifecycle.CrashPoint;
import recon.common.transfer.FileReceiver;
import recon.common.transfer.IncomingFile;
import recon.common.transfer.LocalFileException;
import recon.common.transfer.SourceRefusedException;
import recon.common.wire.Event;
import recon.common.wire.ProtocolException;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;
import recon.server.queue.DiskSpace;
import recon.server.queue.JobDirectories;
import recon.server.queue.JobQueue;
import recon.server.queue.JobRecord;
import recon.server.queue.JobStore;
import recon.server.queue.NewJob;
import recon.server.queue.QueuePlace;
import recon.server.queue.StoreException;
import recon.server.queue.StoredFile;
import recon.server.queue.Workspace;

/**
 * Takes a submission: checks it, pulls its files one by one, and queues the job. The client hears {@code job_queued} only
 * once all files are whole and on the disk and the job is recorded. A submission that is known already is the same job.
 *
 * <p>Thread-safe: any number of sessions may submit at once.
 */
public final class JobIntake {
    private static final Logger log = LoggerFactory.getLogger(JobIntake.class);

    private final Workspace workspace;
    private final JobStore store;
    private final JobQueue queue;
    private final DiskSpace space;
    private final SubmissionLimits limits;
    private final Clock clock;
    private final Uploads uploads = new Uploads();

    public JobIntake(
            Workspace workspace,
            JobStore store,
            JobQueue queue,
            DiskSpace space,
            SubmissionLimits limits,
            Clock clock) {
        this.workspace = workspace;
        this.store = store;
        this.queue = queue;
        this.space = space;
        this.limits = limits;
        this.clock = clock;
    }

    /** A job on the way in, with what it may take. */
    private record Arriving(JobRequest request, JobDirectories directories, DiskSpace.Share space) {}

    /**
     * Takes one submission.
     *
     * @return the job, if it is accepted now or was before, and the client has been told; else the client has been told
     *     why not, or the upload has failed
     * @throws IOException if the conversation broke; nothing of an upload is left then
     */
    public Optional<JobId> take(SecureChannel channel, Request.SubmitJob request) throws IOException {
        try {
            Submission submission = Submission.check(request, limits);
            try (Uploads.Upload upload = uploads.begin(submission.id(), channel)) {
                Optional<JobRecord> known = known(submission);
                JobId job = known.isPresent() ? known.get().id() : receive(channel, submission);
                MDC.put("job", job.toString()); // to the end of the session, whose last lines are about this job too
                return Optional.of(accept(channel, job, submission));
            }
        } catch (NotTakenException e) {
            log.warn("submission refused: {}", e.getMessage());
            channel.send(new Event.EventError("Job submission: " + e.getMessage(), e.isForNow()));
        } catch (StoreException e) {
            log.error("the server cannot take the job: {}", e.getMessage());
            channel.send(new Event.EventError(
                    "Job submission: the server cannot record the job now; its log says why", true));
        } catch (LocalFileException e) {
            log.error("the server cannot keep a file: {}", e.getMessage());
        } catch (SourceRefusedException e) {
            log.warn("the client cannot send a file: {}", e.getMessage());
        }
        return Optional.empty();
    }

    /** The job of a submission that was accepted before. */
    private Optional<JobRecord> known(Submission submission) throws StoreException, NotTakenException {
        Optional<JobRecord> known = store.find(submission.id());
        if (known.isEmpty()) {
            return known;
        }
        JobRecord job = known.get();
        if (job.state() == JobState.RECEIVING) {
            forget(job.id()); // its session could not, for want of disk space perhaps
            return Optional.empty();
        }
        if (!submission.isSameAs(job)) {
            throw new NotTakenException("submission " + submission.id() + " was another job before, " + job.id()
                    + "; a new job needs a new submission_id");
        }
        log.info(
                "the submission is known: it is job {}, which is {}",
                job.id(),
                job.state().word());
        return known;
    }

    private JobId receive(SecureChannel channel, Submission submission) throws IOException, NotTakenException {
        String client = channel.peer().getAddress().getHostAddress();
        NewJob job = new NewJob(
                JobId.random(),
                submission.id(),
                submission.request(),
                submission.priority(),
                client,
                channel.owner().name(),
                false,
                clock.instant());
        MDC.put("job", job.id().toString());
        try (JobQueue.Room room = queue.reserve().orElseThrow(this::noRoom);
                DiskSpace.Share share = share(submission.announced())) {
            boolean queued = false;
            try {
                CrashPoint.BEFORE_RECEIVING_COMMIT.reach();
                store.add(job);
                CrashPoint.AFTER_RECEIVING_COMMIT.reach();
                log.info(
                        "receiving {} files, the first is {}",
                        job.request().files().size(),
                        job.request().primaryFile());
                List<StoredFile> files = pullFiles(channel, new Arriving(job.request(), createInputs(job.id()), share));
                CrashPoint.BEFORE_QUEUED_COMMIT.reach();
                QueuePlace place = store.queue(job.id(), files);
                CrashPoint.AFTER_QUEUED_COMMIT.reach();
                queued = true;
                queue.add(place);
                long bytes = files.stream().mapToLong(StoredFile::size).sum();
                log.info(
                        "queued: {} files, {} bytes, priority {}",
                        files.size(),
                        bytes,
                        place.priority().word());
                return job.id();
            } finally {
                if (!queued) {
                    forget(job.id());
                    log.info("the job was not queued, and its files are removed");
                }
            }
        }
    }

    private NotTakenException noRoom() {
        return new NotTakenException(
                queue.isClosed()
                        ? "the server is stopping; try again later"
                        : "the queue is full (MAX_QUEUED_JOBS = " + queue.capacity() + "); try again later",
                true);
    }

    private DiskSpace.Share share(long bytes) throws NotTakenException {
        try {
            return space.share(bytes);
        } catch (IOException e) {
            throw new NotTakenException(Failures.words(e), true);
        }
    }

    private JobDirectories createInputs(JobId job) throws NotTakenException {
        try {
            return workspace.createInputs(job);
        } catch (IOException e) {
            log.error("the server cannot take the job", e);
            throw new NotTakenException("the server cannot take the job: " + Failures.words(e), true);
        }
    }

    private List<StoredFile> pullFiles(SecureChannel channel, Arriving job) throws IOException, NotTakenException {
        FileReceiver receiver = new FileReceiver(channel, job.space()::written);
        List<StoredFile> files = new ArrayList<>();
        long[] bytes = new long[1];
        for (InputFile file : job.request().files()) {
            CrashPoint.BEFORE_FILE_REQUEST.reach();
            channel.send(new Transfer.RequestFile(file.originalPath()));
            CrashPoint.AFTER_FILE_REQUEST.reach();
            FileReceiver.Received received = receiver.receive(file.name().value(), start -> {
                if (!FileName.lastOf(start.filename()).equals(file.name())) {
                    throw new ProtocolException("Unexpected filename. Expected " + file.name() + ".");
                }
                bytes[0] += start.size();
                makeRoom(job.space(), bytes[0]);
                return Optional.of(FileReceiver.Arrival.of(IncomingFile.create(
                        job.directories().inputs().resolve(file.name().value()), start.size())));
            });
            Sha256 sha256 = received.sha256().orElseThrow();
            files.add(new StoredFile(new ResultPath(List.of(file.name())), received.size(), sha256));
        }
        try {
            workspace.syncInputs(job.directories());
        } catch (IOException e) {
            throw new NotTakenException("the server cannot keep the files: " + Failures.words(e), true);
        }
        return files;
    }

    /** Clients of version 1 announce each file as it comes. */
    private void makeRoom(DiskSpace.Share share, long bytes) throws IOException {
        if (bytes < 0 || bytes > limits.jobBytes()) {
            throw new IOException(
                    "with this file the job has more bytes than this server takes in one (MAX_JOB_BYTES = "
                            + limits.jobBytes() + ")");
        }
        share.growTo(bytes);
    }

    private static JobId accept(SecureChannel channel, JobId job, Submission submission) throws IOException {
        channel.handOn(); // accepted: from here on a listener that stops must not close it
        CrashPoint.BEFORE_QUEUED_REPLY.reach();
        channel.send(new Event.JobQueued(job, submission.request().files().size(), submission.notice()));
        CrashPoint.AFTER_QUEUED_REPLY.reach();
        channel.expectAck(Event.JobQueued.NAME);
        return job;
    }

    /** The files first: a directory whose job is still recorded is found at the next start. */
    private void forget(JobId job) {
        workspace.removeInputs(workspace.directories(job));
        try {
            store.discard(job);
        } catch (StoreException e) {
            log.error("the record of a job that did not come in stays for now: {}", e.getMessage());
        }
    }

    /** Forgets the jobs that were coming in and are not any more, where that could not be recorded at the time. */
    public void tidyUp() throws StoreException {
        for (JobRecord job : store.inState(JobState.RECEIVING)) {
            if (!uploads.isRunning(job.submission())) {
                store.discard(job.id());
            }
        }
    }
}
