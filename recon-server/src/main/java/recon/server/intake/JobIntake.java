package recon.server.intake;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.job.Failures;
import recon.common.job.InputFile;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.lifecycle.CrashPoint;
import recon.common.transfer.LocalFileException;
import recon.common.transfer.SourceRefusedException;
import recon.common.wire.Event;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
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
 * Takes a submission: checks it, pulls its files, and queues the job. The client hears {@code job_queued} only
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
    private volatile SubmissionLimits limits;
    private final Duration partialUploads;
    private final Clock clock;
    private final Uploads uploads = new Uploads();

    /** @param partialUploads how long the files of an upload that broke off are kept */
    public JobIntake(
            Workspace workspace,
            JobStore store,
            JobQueue queue,
            DiskSpace space,
            SubmissionLimits limits,
            Duration partialUploads,
            Clock clock) {
        this.workspace = workspace;
        this.store = store;
        this.queue = queue;
        this.space = space;
        this.limits = limits;
        this.partialUploads = partialUploads;
        this.clock = clock;
    }

    /**
     * Takes one submission.
     *
     * @return the job, if it is accepted now or was before, and the client has been told; else the client has been told
     *     why not, or the upload has failed
     * @throws IOException if the conversation broke; what came in of an upload may be kept for the client to go on
     */
    public Optional<JobId> take(SecureChannel channel, Request.SubmitJob request) throws IOException {
        try {
            Submission submission = Submission.check(request, limits);
            requireOwn(store.find(submission.id()), channel); // before an upload of somebody else is ended for it
            try (Uploads.Upload upload = uploads.begin(submission.id(), channel)) {
                Optional<JobRecord> known = known(channel, submission);
                JobId job = known.isPresent() && known.get().state() != JobState.RECEIVING
                        ? known.get().id()
                        : receive(channel, submission, known);
                MDC.put("job", job.toString()); // to the end of the session, whose last lines are about this job too
                return Optional.of(accept(channel, job, submission, notice(submission, known)));
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

    /** The job of a submission that was accepted before, or of an upload that broke off and can go on. */
    private Optional<JobRecord> known(SecureChannel channel, Submission submission)
            throws StoreException, NotTakenException {
        Optional<JobRecord> known = store.find(submission.id());
        requireOwn(known, channel);
        if (known.isEmpty()) {
            return known;
        }
        JobRecord job = known.get();
        boolean same = submission.isSameAs(job);
        if (job.state() == JobState.RECEIVING && !(same && job.resumable() && channel.streams())) {
            forget(job.id()); // its session could not, for want of disk space perhaps
            return Optional.empty();
        }
        if (!same) {
            throw new NotTakenException("submission " + submission.id() + " was another job before, " + job.id()
                    + "; a new job needs a new submission_id");
        }
        log.info(
                "the submission is known: it is job {}, which is {}",
                job.id(),
                job.state().word());
        return known;
    }

    /** A submission is its owner's alone, also before operators: it is sent again only by who sent it first. */
    private static void requireOwn(Optional<JobRecord> known, SecureChannel channel) throws NotTakenException {
        if (known.isPresent() && !known.get().owner().equals(channel.owner().name())) {
            throw new NotTakenException("the submission_id is taken; a new job needs a new one");
        }
    }

    /** @param begun the job, if an earlier upload of it broke off */
    private JobId receive(SecureChannel channel, Submission submission, Optional<JobRecord> begun)
            throws IOException, NotTakenException {
        NewJob job = newJob(channel, submission, begun);
        MDC.put("job", job.id().toString());
        boolean unfinished = false;
        boolean goesOnLater = false;
        try (JobQueue.Room room = queue.reserve().orElseThrow(this::noRoom);
                DiskSpace.Share share = share(submission, begun)) {
            unfinished = true;
            if (begun.isEmpty()) {
                CrashPoint.BEFORE_RECEIVING_COMMIT.reach();
                store.add(job);
                CrashPoint.AFTER_RECEIVING_COMMIT.reach();
            }
            log.info(
                    "receiving {} files over {}, the first is {}",
                    job.request().files().size(),
                    channel.transport(),
                    job.request().primaryFile());
            JobDirectories directories = createInputs(job.id());
            UploadRoom uploadRoom = new UploadRoom(limits, share);
            try (FileUpload upload = upload(channel, submission, directories, uploadRoom)) {
                List<StoredFile> files = upload.receive();
                syncInputs(directories);
                CrashPoint.BEFORE_QUEUED_COMMIT.reach();
                QueuePlace place = store.queue(job.id(), files);
                CrashPoint.AFTER_QUEUED_COMMIT.reach();
                unfinished = false;
                queue.add(place);
                long bytes = files.stream().mapToLong(StoredFile::size).sum();
                log.info(
                        "queued: {} files, {} bytes, priority {}",
                        files.size(),
                        bytes,
                        place.priority().word());
                upload.confirm();
            }
            return job.id();
        } catch (LocalFileException | SourceRefusedException e) {
            throw e; // the client gives up
        } catch (NotTakenException e) {
            goesOnLater = job.resumable() && begun.isPresent() && e.isForNow();
            throw e;
        } catch (IOException e) {
            goesOnLater = job.resumable();
            throw e;
        } finally {
            if (unfinished && goesOnLater) {
                log.info("the job did not get through; what came in is kept for {} h", partialUploads.toHours());
            } else if (unfinished) {
                forget(job.id());
                log.info("the job was not queued, and its files are removed");
            }
        }
    }

    private NewJob newJob(SecureChannel channel, Submission submission, Optional<JobRecord> begun) {
        return new NewJob(
                begun.map(JobRecord::id).orElseGet(JobId::random),
                submission.id(),
                submission.request(),
                submission.priority(),
                channel.peer().getAddress().getHostAddress(),
                channel.owner().name(),
                channel.streams() && submission.hasClientsId() && !partialUploads.isZero(),
                clock.instant());
    }

    private static FileUpload upload(
            SecureChannel channel, Submission submission, JobDirectories directories, UploadRoom room) {
        List<InputFile> files = submission.request().files();
        return channel.streams()
                ? new StreamedUpload(channel, files, submission.sizes(), directories.inputs(), room)
                : new ChunkedUpload(channel, files, directories.inputs(), room);
    }

    private NotTakenException noRoom() {
        String reason = queue.isClosed()
                ? "the server is stopping"
                : queue.isDraining()
                        ? "the server is draining and takes no new jobs for now"
                        : "the queue is full (MAX_QUEUED_JOBS = " + queue.capacity() + ")";
        return new NotTakenException(reason + "; try again later", true);
    }

    /** From now on; uploads that have begun go on under the limits that they began with. */
    public void limit(SubmissionLimits newLimits) {
        limits = newLimits;
    }

    private DiskSpace.Share share(Submission submission, Optional<JobRecord> begun) throws NotTakenException {
        try {
            long here = begun.isPresent() ? workspace.inputBytes(begun.get().id()) : 0;
            return space.share(Math.max(0, submission.announced() - here));
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

    private void syncInputs(JobDirectories directories) throws NotTakenException {
        try {
            workspace.syncInputs(directories);
        } catch (IOException e) {
            throw new NotTakenException("the server cannot keep the files: " + Failures.words(e), true);
        }
    }

    /** A job that was begun before is as it was submitted first. */
    private static String notice(Submission submission, Optional<JobRecord> known) {
        return known.filter(job -> job.priority() != submission.priority())
                .map(job -> "the job was submitted before, and keeps its priority "
                        + job.priority().word())
                .orElse(submission.notice());
    }

    private static JobId accept(SecureChannel channel, JobId job, Submission submission, String notice)
            throws IOException {
        channel.handOn(); // accepted: from here on a listener that stops must not close it
        CrashPoint.BEFORE_QUEUED_REPLY.reach();
        channel.send(new Event.JobQueued(job, submission.request().files().size(), notice));
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

    /**
     * Forgets the jobs that were coming in and are not any more: those that cannot go on, where that could not be recorded
     * at the time, and those whose clients have not come back.
     */
    public void tidyUp() throws IOException {
        for (JobRecord job : store.inState(JobState.RECEIVING)) {
            Optional<Uploads.Upload> hold = uploads.hold(job.submission());
            if (hold.isPresent()) {
                try (Uploads.Upload held = hold.get()) {
                    forgetIfAbandoned(job.id());
                }
            }
        }
    }

    /** Nothing of the submission comes in meanwhile; but it may have got through since the list was made. */
    private void forgetIfAbandoned(JobId id) throws IOException {
        Optional<JobRecord> now = store.find(id);
        if (now.isEmpty() || now.get().state() != JobState.RECEIVING) {
            return;
        }
        if (now.get().resumable()) {
            if (isRecent(id)) {
                return;
            }
            log.info("the client of job {} has not gone on with its upload; it is forgotten", id);
        }
        forget(id);
    }

    private boolean isRecent(JobId job) throws IOException {
        return workspace.lastInput(job).isAfter(clock.instant().minus(partialUploads));
    }
}
