package recon.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import recon.client.download.ResultFolder;
import recon.client.retry.Exchange;
import recon.client.retry.Timing;
import recon.client.submit.JobListener;
import recon.client.submit.JobOutcome;
import recon.client.submit.JobRun;
import recon.client.submit.JobSubmission;
import recon.client.submit.KnownSubmission;
import recon.client.submit.SubmissionNotes;
import recon.common.crypto.KeyRing;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.Priority;
import recon.common.transfer.LocalFileException;
import recon.common.transfer.SourceRefusedException;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;

/**
 * What a client can ask of a server. Each call makes connections of its own. Thread-safe; {@link #close()} ends the
 * calls of other threads.
 */
public final class ReconClient implements AutoCloseable {
    private final Connector connector;
    private final SubmissionNotes notes;
    private final Timing timing;
    private final Consumer<String> trace;

    /** @param trace told in words what happens on each connection, by the thread that uses it */
    public ReconClient(ClientSettings settings, Timing timing, Consumer<String> trace) {
        this.connector = new Connector(settings, Door.CLIENTS, trace);
        this.notes = new SubmissionNotes(settings.stateDirectory(), server(settings), trace);
        this.timing = timing;
        this.trace = trace;
    }

    /**
     * The server's status, and how it came.
     *
     * @param transport the word for it: {@code fernet} or {@code tls}
     */
    public record StatusAnswer(Report.ServerStatus status, String transport) {}

    public StatusAnswer serverStatus() throws ClientException {
        return connector.converse(channel -> new StatusAnswer(
                ask(channel, new Request.GetServerStatus(), Report.ServerStatus.class), channel.transport()));
    }

    /** Whom a submission is for, and from: another key may be another owner. */
    private static String server(ClientSettings settings) {
        byte[] key =
                KeyRing.shared(settings.keys()).keys().get(0).presharedKey().identity();
        return settings.serverHost() + " " + settings.serverPort() + " "
                + HexFormat.of().formatHex(key);
    }

    /** The jobs that have not ended. */
    public Report.QueueDetails queueDetails() throws ClientException {
        return ask(new Request.GetQueueDetails(), Report.QueueDetails.class);
    }

    /**
     * Jobs in the order that {@link Report.QueueDetails} says.
     *
     * @param all ended ones too
     * @param limit how many at most
     */
    public Report.QueueDetails queueDetails(boolean all, int limit) throws ClientException {
        return ask(new Request.GetQueueDetails(all, limit), Report.QueueDetails.class);
    }

    public Report.JobDetails job(JobId job) throws ClientException {
        return ask(new Request.OfJob(Request.OfJob.Verb.SHOW, job), Report.JobDetails.class);
    }

    /** Returns the job as it is once the server has cancelled it. */
    public Report.JobDetails cancel(JobId job) throws ClientException {
        return ask(new Request.OfJob(Request.OfJob.Verb.CANCEL, job), Report.JobDetails.class);
    }

    /** Queues a failed or cancelled job once more, and does not wait for it. */
    public Report.JobDetails rerun(JobId job) throws ClientException {
        return ask(new Request.OfJob(Request.OfJob.Verb.RERUN, job), Report.JobDetails.class);
    }

    /** Takes what a job's script has printed. */
    @FunctionalInterface
    public interface LogSink {
        /** @throws IOException if nobody takes it any more: the log ends then */
        void write(byte[] output) throws IOException;
    }

    /**
     * Copies what the job's script has printed.
     *
     * @param follow go on until the script has ended
     */
    public void log(JobId job, boolean follow, LogSink sink) throws ClientException {
        connector.<Boolean>converse(channel -> {
            connector.ask(channel, new Request.GetJobLog(job, follow));
            while (true) {
                Report.JobLog piece =
                        SecureChannel.cast(channel.receiveWhenever(), Report.JobLog.class, "the log of job " + job);
                sink.write(piece.output());
                channel.send(new EventAck(piece.name(), EventAck.RECEIVED));
                if (piece.end()) {
                    return true;
                }
            }
        });
    }

    /**
     * Submits a job, and returns once it is queued. A connection that drops meanwhile is made again, and the job is never
     * queued twice.
     *
     * @param limit how long it may take; empty for as long as it takes
     */
    public JobId submit(JobRequest request, Priority priority, Optional<Duration> limit, JobListener listener)
            throws ClientException {
        try (SubmissionNotes.Note note = notes.open(request)) {
            JobSubmission submission = submission(request, priority, note, listener);
            return carryOut(submission, listener, limit, false, failure -> forgetIfFinal(failure, note, submission));
        } catch (ClientException e) {
            throw e;
        } catch (IOException e) {
            throw ClientException.of(e, true); // closing the note failed
        }
    }

    /**
     * As {@link #submit(JobRequest, Priority, Optional, JobListener)}, for a submission that the caller remembers. Its files
     * are sent only if they still hold what it says; a failure for which that is not so is one
     * {@linkplain ClientException#isOfSourceFile() of a file}, or of the server that compares digests.
     */
    public JobId submit(KnownSubmission known, JobListener listener) throws ClientException {
        SubmissionNotes.Note note = SubmissionNotes.Note.of(known.id(), known.begunBefore());
        JobSubmission submission =
                new JobSubmission(known.request(), known.files(), Priority.NORMAL, note, listener, trace);
        return carryOut(submission, listener, Optional.empty(), false, failure -> failure);
    }

    /**
     * Submits a job and waits for its end. A connection that drops meanwhile is made again, and the job is never queued
     * twice.
     *
     * @param downloads directory for the results; made if it is missing
     * @param limit how long it may take; empty for as long as it takes
     */
    public JobOutcome run(
            JobRequest request, Priority priority, Path downloads, Optional<Duration> limit, JobListener listener)
            throws ClientException {
        ResultFolder folder = open(downloads);
        try (SubmissionNotes.Note note = notes.open(request)) {
            JobSubmission submission = submission(request, priority, note, listener);
            JobRun run = JobRun.of(submission, folder, listener, trace);
            return carryOut(
                    run,
                    listener,
                    limit,
                    false,
                    failure -> explain(forgetIfFinal(failure, note, submission), run, downloads, true));
        } catch (ClientException e) {
            throw e;
        } catch (IOException e) {
            throw ClientException.of(e, true); // closing the note failed
        }
    }

    /** As {@link #run}, for a job that the server has already. */
    public JobOutcome fetch(JobId job, Path downloads, Optional<Duration> limit, JobListener listener)
            throws ClientException {
        JobRun run = JobRun.of(job, open(downloads), listener, trace);
        trace.accept("job is " + job(job).job().status()); // a server says nothing to who waits: so ask it first
        return carryOut(run, listener, limit, true, failure -> explain(failure, run, downloads, false));
    }

    private JobSubmission submission(
            JobRequest request, Priority priority, SubmissionNotes.Note note, JobListener listener) {
        if (note.isBegunBefore()) {
            listener.goesOn();
        }
        return new JobSubmission(request, priority, note, listener, trace);
    }

    /** What the server has refused, or never heard of, is not gone on with; after a lost connection it may be. */
    private static ClientException forgetIfFinal(
            ClientException failure, SubmissionNotes.Note note, JobSubmission submission) {
        boolean known = note.isBegunBefore() || submission.wasBegun();
        if (!known || (!failure.mayPass() && !failure.isForNow())) {
            note.forget();
        }
        return failure;
    }

    /** To be called first: nobody should wait for results that cannot be saved. */
    private static ResultFolder open(Path downloads) throws ClientException {
        try {
            return ResultFolder.open(downloads);
        } catch (IOException e) {
            throw new ClientException(ClientException.Kind.JOB_FAILED, e.getMessage(), e);
        }
    }

    private <T> T carryOut(
            Exchange<T> exchange,
            JobListener listener,
            Optional<Duration> limit,
            boolean answered,
            UnaryOperator<ClientException> words)
            throws ClientException {
        return new LongExchange<>(connector, exchange, listener, timing, answered, words).run(limit);
    }

    private static ClientException explain(
            ClientException failure, Exchange<?> run, Path downloads, boolean submittedHere) {
        Optional<JobId> job = run.job();
        Throwable cause = failure.getCause();
        if (job.isEmpty()
                || cause instanceof SourceRefusedException
                || (!submittedHere && failure.kind() == ClientException.Kind.REFUSED)) {
            return failure;
        }
        return cause instanceof LocalFileException unsaved
                ? ClientException.unsaved(job.get(), downloads, unsaved)
                : ClientException.lost(job.get(), cause);
    }

    private <E extends Event> E ask(Request request, Class<E> answer) throws ClientException {
        return connector.converse(channel -> ask(channel, request, answer));
    }

    private <E extends Event> E ask(SecureChannel channel, Request request, Class<E> answer) throws IOException {
        connector.ask(channel, request);
        E event = channel.expect(answer, "the answer to " + request.command());
        trace.accept("received " + event.label());
        channel.send(new EventAck(event.name(), EventAck.RECEIVED));
        return event;
    }

    /** Closes every connection: calls that use one fail, and later ones too. */
    @Override
    public void close() {
        connector.close();
    }
}
