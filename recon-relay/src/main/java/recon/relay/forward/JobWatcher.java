package recon.relay.forward;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.job.JobId;
import recon.common.wire.Event;
import recon.common.wire.Message;
import recon.common.wire.ProtocolException;
import recon.common.wire.RawMessage;
import recon.common.wire.Request;
import recon.common.wire.Transfer;
import recon.relay.backend.Backend;
import recon.relay.backend.Call;
import recon.relay.backend.Routes;

/**
 * Follows a submission as it passes by, so that the relay knows where the job is. What it notes is on record before the
 * other side hears it.
 *
 * <p>Threads: one sees what the client says, one what the server says.
 */
final class JobWatcher {
    private static final Logger log = LoggerFactory.getLogger(JobWatcher.class);

    /** Ends of files and events are shorter; what is longer holds pieces of files. */
    private static final int LONGEST_END = 4 * 1024;

    private static final int LONGEST_EVENT = 64 * 1024;

    private final Client client;
    private final Request.SubmitJob submission;
    private final Backend backend;
    private final Routes routes;
    private int filesSent;
    private boolean counted;
    private volatile Optional<JobId> job = Optional.empty();
    private volatile boolean ended;

    JobWatcher(Client client, Request.SubmitJob submission, Backend backend, Routes routes) {
        this.client = client;
        this.submission = submission;
        this.backend = backend;
        this.routes = routes;
    }

    /** Whether the server has said how it ended, or that it does not take it. */
    boolean hasEnded() {
        return ended;
    }

    void fromClient(RawMessage message) throws IOException {
        if (submission.submissionId().isPresent()
                && message.length() <= LONGEST_END
                && filesSent < submission.files().size()
                && decode(message).orElse(null) instanceof Transfer.End) {
            filesSent++;
            if (filesSent == submission.files().size()) {
                routes.remember(submission.submissionId().get(), new Routes.Route(backend.name(), true));
            }
        }
    }

    void fromServer(RawMessage message, Call call) throws IOException {
        if (message.length() <= LONGEST_EVENT) {
            Optional<Message> known = decode(message);
            if (known.isPresent()) {
                see(known.get(), call);
            }
        }
    }

    /** What the server says, read already. */
    void see(Message message, Call call) throws IOException {
        if (message instanceof Event.JobQueued queued && job.isEmpty()) {
            job = Optional.of(queued.jobId());
            client.isAbout(queued.jobId());
            call.taken();
            MDC.put("job", queued.jobId().toString());
            log.info("queued on {}", backend.name());
            routes.remember(queued.jobId(), backend);
            count(true);
        } else if (message instanceof Event.ReconComplete
                || message instanceof Event.JobFailed
                || message instanceof Event.EventError) {
            ended = true;
            if (job.isPresent()) {
                backend.jobs().hasEnded();
            }
        }
    }

    private void count(boolean queued) {
        if (!counted) {
            counted = true;
            backend.jobs().hasCome(queued);
        }
    }

    /** The submission is over, one way or the other. */
    void close() {
        count(false);
    }

    private static Optional<Message> decode(RawMessage message) {
        try {
            return Optional.of(message.decode());
        } catch (ProtocolException itIsForTheOtherSide) {
            return Optional.empty();
        }
    }
}
