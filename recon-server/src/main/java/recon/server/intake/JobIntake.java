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
import recon.common.transfer.FileReceiver;
import recon.common.transfer.IncomingFile;
import recon.common.transfer.LocalFileException;
import recon.common.transfer.SourceRefusedException;
import recon.common.transfer.TransferProgress;
import recon.common.wire.Event;
import recon.common.wire.ProtocolException;
import recon.common.wire.ReconOptionsJson;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;
import recon.server.queue.JobDirectories;
import recon.server.queue.JobQueue;
import recon.server.queue.JobStore;
import recon.server.queue.QueuedJob;
import recon.server.queue.Workspace;

/**
 * Takes a submission: checks it, pulls its files one by one, and queues the job. The client hears {@code job_queued} only
 * once all files are whole and on the disk and the job is recorded.
 *
 * <p>Thread-safe: any number of sessions may submit at once.
 */
public final class JobIntake {
    private static final Logger log = LoggerFactory.getLogger(JobIntake.class);

    private final Workspace workspace;
    private final JobStore store;
    private final JobQueue queue;
    private final int maxFiles;
    private final Clock clock;

    /** @param maxFiles the most files that one job may have */
    public JobIntake(Workspace workspace, JobStore store, JobQueue queue, int maxFiles, Clock clock) {
        this.workspace = workspace;
        this.store = store;
        this.queue = queue;
        this.maxFiles = maxFiles;
        this.clock = clock;
    }

    /**
     * Takes one submission.
     *
     * @return whether the job was queued; if so the channel is the queue's
     * @throws IOException if the upload failed; nothing of it is left
     */
    public boolean take(SecureChannel channel, Request.SubmitJob submission) throws IOException {
        JobRequest request;
        try {
            request = check(submission);
        } catch (IllegalArgumentException e) {
            log.warn("submission refused: {}", e.getMessage());
            channel.announce(new Event.EventError("Job submission: " + e.getMessage()));
            return false;
        }
        JobId id = JobId.random();
        MDC.put("job", id.toString()); // to the end of the session, whose last lines are about this job too
        return takeFiles(channel, request, id, submission.resultPaths());
    }

    private JobRequest check(Request.SubmitJob submission) {
        if (submission.files().isEmpty()) {
            throw new IllegalArgumentException("'files' list missing or empty.");
        }
        if (submission.files().size() > maxFiles) {
            throw new IllegalArgumentException(submission.files().size()
                    + " files are more than this server takes in one" + " job (MAX_JOB_FILES = " + maxFiles + ")");
        }
        if (queue.isFull()) {
            throw new IllegalArgumentException("the queue is full (MAX_QUEUED_JOBS); try again later");
        }
        List<InputFile> files = new ArrayList<>();
        for (Request.SubmitJob.OfferedFile file : submission.files()) {
            files.add(file.toInputFile());
        }
        return new JobRequest(files, ReconOptionsJson.parse(submission.optionsJson()));
    }

    private boolean takeFiles(SecureChannel channel, JobRequest request, JobId id, boolean resultPaths)
            throws IOException {
        JobDirectories directories;
        try {
            directories = workspace.create(id);
        } catch (IOException e) {
            log.error("the server cannot take the job: {}", e.toString());
            channel.announce(
                    new Event.EventError("Job submission: the server cannot take the job: " + Failures.words(e)));
            return false;
        }
        QueuedJob job = new QueuedJob(id, request, clock.instant(), directories, workspace, channel, resultPaths);
        store.add(job.summary(JobState.RECEIVING));
        JobState reached = JobState.RECEIVING;
        boolean queued = false;
        try {
            log.info("receiving {} files, the first is {}", request.files().size(), request.primaryFile());
            long bytes = pullFiles(channel, request, directories);
            workspace.sync(directories);
            store.move(id, reached, JobState.QUEUED, "");
            reached = JobState.QUEUED;
            channel.handOn(); // accepted: from here on a listener that stops must not close it
            channel.send(new Event.JobQueued(id, request.files().size()));
            awaitAck(channel);
            queued = queue.offer(job);
            if (queued) {
                log.info("queued: {} files, {} bytes", request.files().size(), bytes);
            } else {
                refuseWhileStopping(channel, job);
            }
            return queued;
        } catch (LocalFileException e) {
            log.error("the server cannot keep a file: {}", e.getMessage());
            return false;
        } catch (SourceRefusedException e) {
            log.warn("the client cannot send a file: {}", e.getMessage());
            return false;
        } finally {
            if (!queued) {
                store.move(id, reached, JobState.FAILED, "not queued");
                workspace.removeInputs(directories);
                workspace.removeOutputs(directories);
                log.info("the job was not queued, and its files are removed");
            }
        }
    }

    private static long pullFiles(SecureChannel channel, JobRequest request, JobDirectories directories)
            throws IOException {
        FileReceiver receiver = new FileReceiver(channel, TransferProgress.NONE);
        long bytes = 0;
        for (InputFile file : request.files()) {
            channel.send(new Transfer.RequestFile(file.originalPath()));
            FileReceiver.Received received = receiver.receive(file.name().value(), start -> {
                if (!FileName.lastOf(start.filename()).equals(file.name())) {
                    throw new ProtocolException("Unexpected filename. Expected " + file.name() + ".");
                }
                return Optional.of(FileReceiver.Arrival.of(IncomingFile.create(
                        directories.inputs().resolve(file.name().value()), start.size())));
            });
            bytes += received.size();
        }
        return bytes;
    }

    /** The job is accepted, whether or not its client is still there to say that it knows. */
    private static void awaitAck(SecureChannel channel) {
        try {
            channel.expectAck(Event.JobQueued.NAME);
        } catch (IOException e) {
            log.warn("the client did not acknowledge job_queued; the job runs all the same: {}", e.toString());
        }
    }

    private static void refuseWhileStopping(SecureChannel channel, QueuedJob job) throws IOException {
        String reason =
                "the server cannot queue the job any more: it is stopping, or the queue has filled up meanwhile;"
                        + " submit it again later";
        log.warn("{}", reason);
        channel.send(new Event.JobFailed(job.id(), job.request().primaryFile().value(), reason));
    }
}
