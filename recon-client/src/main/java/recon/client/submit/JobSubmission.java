package recon.client.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import recon.client.download.ResultFolder;
import recon.common.job.InputFile;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.transfer.FileReceiver;
import recon.common.transfer.FileSender;
import recon.common.transfer.SourceFileException;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Message;
import recon.common.wire.ProtocolException;
import recon.common.wire.RefusedException;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/**
 * One job, from the request to its results on this machine. Sends only files that it offered, whatever the server asks
 * for.
 *
 * <p>Not thread-safe: used by one thread.
 */
public final class JobSubmission {
    private final JobRequest request;
    private final ResultFolder downloads;
    private final JobListener listener;
    private final Consumer<String> trace;
    private Optional<JobId> accepted = Optional.empty();

    /** @param trace told in words what happens on the connection */
    public JobSubmission(JobRequest request, ResultFolder downloads, JobListener listener, Consumer<String> trace) {
        this.request = request;
        this.downloads = downloads;
        this.listener = listener;
        this.trace = trace;
    }

    /** The job's id, once the server has it whole. */
    public Optional<JobId> accepted() {
        return accepted;
    }

    /**
     * Runs the job over a new channel, and returns when it has ended.
     *
     * @throws RefusedException if the server does not take the job
     * @throws SourceFileException if a file cannot be read or changes meanwhile; nothing is queued then
     */
    public JobOutcome run(SecureChannel channel) throws IOException {
        channel.send(submitJob());
        JobId job = upload(channel);
        return awaitResults(channel, job);
    }

    private Request.SubmitJob submitJob() {
        List<Request.SubmitJob.OfferedFile> offered = new ArrayList<>();
        for (InputFile file : request.files()) {
            offered.add(new Request.SubmitJob.OfferedFile(file.name().value(), file.originalPath()));
        }
        return new Request.SubmitJob(offered, request.options().json(), true);
    }

    private JobId upload(SecureChannel channel) throws IOException {
        Set<String> offered = new LinkedHashSet<>();
        long bytes = 0;
        for (InputFile file : request.files()) {
            offered.add(file.originalPath());
            bytes += sizeOf(Path.of(file.originalPath()));
        }
        boolean begun = false;
        while (true) {
            Message message = next(channel.receive(), "request_file or event job_queued");
            trace.accept("received " + message.label());
            if (message instanceof Transfer.RequestFile wanted) {
                if (!offered.remove(wanted.filepath())) {
                    throw new ProtocolException("the server asked for " + wanted.filepath()
                            + ", which was not offered or was sent already; it gets nothing");
                }
                if (!begun) {
                    begun = true;
                    listener.sending(request.files().size(), bytes);
                }
                send(channel, wanted.filepath());
            } else if (message instanceof Event.JobQueued queued) {
                accepted = Optional.of(queued.jobId());
                if (!offered.isEmpty()) {
                    throw new ProtocolException("the server queued the job without having asked for " + offered);
                }
                acknowledge(channel, queued);
                listener.queued(queued.jobId());
                return queued.jobId();
            } else {
                throw new ProtocolException("expected request_file or event job_queued, got " + message.label());
            }
        }
    }

    private static long sizeOf(Path file) throws SourceFileException {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new SourceFileException(file, "vanished before it was sent", e);
        }
    }

    private void send(SecureChannel channel, String path) throws IOException {
        Path file = Path.of(path);
        try (FileSender sender = FileSender.open(file)) {
            sender.send(channel, file.getFileName().toString(), Optional.empty(), listener::sent);
            trace.accept("sent " + file + ", " + sender.size() + " bytes");
        } catch (SourceFileException e) {
            refuse(channel, path, e);
            throw e;
        }
    }

    /** The server drops the job then. Should it be gone, the file's failure is still what the caller must hear of. */
    private static void refuse(SecureChannel channel, String path, SourceFileException reason) {
        try {
            channel.send(new Transfer.RefuseFile(path, reason.getMessage()));
            channel.finish();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private JobOutcome awaitResults(SecureChannel channel, JobId job) throws IOException {
        List<Path> saved = new ArrayList<>();
        while (true) {
            Message message = next(channel.receiveWhenever(), "an event of job " + job);
            trace.accept("received " + message.label());
            if (message instanceof Event.DicomTransferStart start) {
                requireSame(job, start.jobId());
                saved.addAll(download(channel, job, start));
            } else if (message instanceof Event.ReconComplete complete) {
                requireSame(job, complete.jobId());
                acknowledge(channel, complete);
                return new JobOutcome.Completed(job, saved);
            } else if (message instanceof Event.JobFailed failed) {
                requireSame(job, failed.jobId());
                acknowledge(channel, failed);
                return new JobOutcome.Failed(job, failed.error());
            } else if (message instanceof Event news) {
                acknowledge(channel, news);
            } else {
                throw new ProtocolException("expected an event of job " + job + ", got " + message.label());
            }
        }
    }

    private static void acknowledge(SecureChannel channel, Event event) throws IOException {
        channel.send(new EventAck(event.name(), EventAck.RECEIVED));
    }

    private static void requireSame(JobId ours, JobId theirs) throws ProtocolException {
        if (!ours.equals(theirs)) {
            throw new ProtocolException("the server sent an event of job " + theirs + ", which is not ours");
        }
    }

    private List<Path> download(SecureChannel channel, JobId job, Event.DicomTransferStart start) throws IOException {
        channel.send(new EventAck(start.name(), EventAck.READY));
        listener.receiving(start.fileCount());
        FileReceiver receiver = new FileReceiver(channel, listener::received);
        List<Path> saved = new ArrayList<>();
        for (int i = 1; i <= start.fileCount(); i++) {
            ResultFolder.Result[] result = new ResultFolder.Result[1];
            receiver.receive("result " + i + " of " + start.fileCount(), file -> {
                result[0] = downloads.begin(job, file.filename(), file.size());
                return Optional.of(new FileReceiver.Arrival(result[0].file(), result[0]::commit));
            });
            saved.add(result[0].path());
            trace.accept("saved " + result[0].path());
            listener.saved(result[0].path(), result[0].isElsewhere());
        }
        return saved;
    }

    private static Message next(Optional<Message> message, String expected) throws IOException {
        return SecureChannel.cast(message, Message.class, expected);
    }
}
