package recon.client.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import recon.client.retry.Exchange;
import recon.common.job.InputFile;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.Priority;
import recon.common.transfer.FileSender;
import recon.common.transfer.SourceFile;
import recon.common.transfer.SourceFileException;
import recon.common.transfer.StreamSender;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Message;
import recon.common.wire.ProtocolException;
import recon.common.wire.RefusedException;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/**
 * One job, from the request to its place in the server's queue. Sends only files that it offered, whatever the server
 * asks for. Over a new connection it is the same submission, by its id.
 *
 * <p>Not thread-safe: used by one thread.
 */
public final class JobSubmission implements Exchange<JobId> {
    private final JobRequest request;
    private final List<KnownFile> known;
    private final Priority priority;
    private final SubmissionNotes.Note note;
    private final JobListener listener;
    private final Consumer<String> trace;
    private Optional<JobId> accepted = Optional.empty();
    private long totalBytes;
    private int requestsMade;
    private int filesSent;
    private boolean begun;

    /**
     * @param note forgotten once the server has the job; the caller closes it
     * @param trace told in words what happens on the connection
     */
    public JobSubmission(
            JobRequest request,
            Priority priority,
            SubmissionNotes.Note note,
            JobListener listener,
            Consumer<String> trace) {
        this(request, List.of(), priority, note, listener, trace);
    }

    /** @param known what the request's files must hold, in its order; else they are not sent. Empty for anything */
    public JobSubmission(
            JobRequest request,
            List<KnownFile> known,
            Priority priority,
            SubmissionNotes.Note note,
            JobListener listener,
            Consumer<String> trace) {
        this.request = request;
        this.known = List.copyOf(known);
        this.priority = priority;
        this.note = note;
        this.listener = listener;
        this.trace = trace;
    }

    /** The job's id, once the server has it whole. */
    @Override
    public Optional<JobId> job() {
        return accepted;
    }

    /** Whether the server has begun to take the files: then it knows the submission. */
    public boolean wasBegun() {
        return begun;
    }

    @Override
    public int stepsDone() {
        return filesSent + (accepted.isPresent() ? 1 : 0);
    }

    @Override
    public Request request() throws SourceFileException {
        List<Request.SubmitJob.OfferedFile> offered = new ArrayList<>();
        totalBytes = 0;
        for (int i = 0; i < request.files().size(); i++) {
            InputFile file = request.files().get(i);
            long size = known.isEmpty()
                    ? sizeOf(Path.of(file.originalPath()))
                    : known.get(i).mark().size(); // it may have gone, and the server may have it
            totalBytes += size;
            offered.add(
                    new Request.SubmitJob.OfferedFile(file.name().value(), file.originalPath(), OptionalLong.of(size)));
        }
        requestsMade++;
        return new Request.SubmitJob(offered, request.options().json(), true, Optional.of(note.id()), priority.word());
    }

    private static long sizeOf(Path file) throws SourceFileException {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new SourceFileException(file, "vanished before it was sent", e);
        }
    }

    /**
     * Sends what the server asks for, until it has queued the job.
     *
     * @throws RefusedException if the server does not take the job
     * @throws SourceFileException if a file cannot be read or changes meanwhile; nothing is queued then
     */
    @Override
    public JobId goOn(SecureChannel channel) throws IOException {
        if (channel.streams()) {
            return stream(channel);
        }
        Set<String> offered = new LinkedHashSet<>();
        request.files().forEach(file -> offered.add(file.originalPath()));
        boolean told = false;
        while (true) {
            Message message = SecureChannel.cast(channel.receive(), Message.class, "request_file or event job_queued");
            trace.accept("received " + message.label());
            if (message instanceof Transfer.RequestFile wanted) {
                if (!offered.remove(wanted.filepath())) {
                    throw new ProtocolException("the server asked for " + wanted.filepath()
                            + ", which was not offered or was sent already; it gets nothing");
                }
                begun = true;
                if (!told) {
                    told = true;
                    listener.sending(request.files().size(), totalBytes);
                }
                send(channel, wanted.filepath());
            } else if (message instanceof Event.JobQueued queued) {
                accept(channel, queued, offered);
                return queued.jobId();
            } else {
                throw new ProtocolException("expected request_file or event job_queued, got " + message.label());
            }
        }
    }

    /** Version 2: the server asks for everything at once. */
    private JobId stream(SecureChannel channel) throws IOException {
        List<Transfer.Wanted> wanted = new ArrayList<>();
        while (wanted.size() < request.files().size()) {
            Message message = SecureChannel.cast(channel.receive(), Message.class, "request_files or event job_queued");
            trace.accept("received " + message.label());
            if (message instanceof Event.JobQueued queued && wanted.isEmpty()) {
                accept(channel, queued, Set.of());
                return queued.jobId();
            }
            if (!(message instanceof Transfer.RequestFiles more)) {
                throw new ProtocolException("expected request_files or event job_queued, got " + message.label());
            }
            wanted.addAll(more.files());
        }
        if (wanted.size() > request.files().size()) {
            throw new ProtocolException("the server asks for " + wanted.size() + " files, and was offered "
                    + request.files().size());
        }
        begun = true;
        listener.sending(request.files().size(), totalBytes);
        StreamSender sender = new StreamSender(channel, listener::sent);
        for (int i = 0; i < wanted.size(); i++) {
            stream(channel, sender, i, wanted.get(i));
        }
        sender.awaitReceipts();
        Event.JobQueued queued = channel.expect(Event.JobQueued.class, "event job_queued");
        accept(channel, queued, Set.of());
        return queued.jobId();
    }

    private void stream(SecureChannel channel, StreamSender sender, int index, Transfer.Wanted wanted)
            throws IOException {
        InputFile input = request.files().get(index);
        Path file = Path.of(input.originalPath());
        try (SourceFile source = SourceFile.open(file)) {
            String name = file.getFileName().toString();
            if (known.isEmpty()) {
                sender.send(source, name, wanted);
            } else {
                known.get(index).requireUnchanged();
                sender.send(source, name, wanted, known.get(index).sha256());
            }
            filesSent++;
            trace.accept("sent " + file + ", " + source.size() + " bytes, of which the server had " + wanted.offset());
        } catch (SourceFileException e) {
            StreamSender.refuse(channel, input.originalPath(), e);
            throw e;
        }
    }

    /** A server may have taken a submission whole whose connection broke before it could say so. */
    private void accept(SecureChannel channel, Event.JobQueued queued, Set<String> unsent) throws IOException {
        boolean isNew = accepted.isEmpty();
        accepted = Optional.of(queued.jobId());
        note.forget();
        if (!unsent.isEmpty() && requestsMade == 1 && !note.isBegunBefore()) {
            throw new ProtocolException("the server queued the job without having asked for " + unsent);
        }
        try {
            channel.send(new EventAck(queued.name(), EventAck.RECEIVED));
        } finally {
            if (isNew) { // also if the server has just gone: the job is there
                tell(queued);
            }
        }
    }

    private void tell(Event.JobQueued queued) {
        listener.queued(queued.jobId());
        if (!queued.notice().isEmpty()) {
            listener.notice(queued.notice());
        }
    }

    private void send(SecureChannel channel, String path) throws IOException {
        Path file = Path.of(path);
        try (FileSender sender = FileSender.open(file)) {
            for (KnownFile one : known) {
                if (one.path().equals(file)) {
                    one.requireUnchanged();
                }
            }
            sender.send(channel, file.getFileName().toString(), Optional.empty(), listener::sent);
            filesSent++;
            trace.accept("sent " + file + ", " + sender.size() + " bytes");
        } catch (SourceFileException e) {
            StreamSender.refuse(channel, path, e);
            throw e;
        }
    }
}
