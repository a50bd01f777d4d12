package recon.server.intake;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.crypto.KeyOwner;
import recon.common.job.JobId;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.server.delivery.Delivery;
import recon.server.queue.JobControl.NotPossibleException;
import recon.server.queue.StoreException;

/** Answers the one request of a session. Returns when everything is said. */
final class Answers implements Request.Handler<Void> {
    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    private final SecureChannel channel;
    private final Departments departments;

    Answers(SecureChannel channel, Departments departments) {
        this.channel = channel;
        this.departments = departments;
    }

    @Override
    public Void submitJob(Request.SubmitJob request) throws IOException {
        Optional<JobId> job = departments.intake().take(channel, request);
        if (job.isPresent()) {
            boolean ours = request.submissionId().isPresent();
            departments.delivery().attend(channel, job.get(), new Delivery.Manners(request.resultPaths(), ours));
        }
        return null;
    }

    @Override
    public Void serverStatus(Request.GetServerStatus request) throws IOException {
        return answer(() -> {
            Report.ServerStatus status = departments.status().server();
            return channel.isRelayed() ? status.toRelay() : status;
        });
    }

    @Override
    public Void queueDetails(Request.GetQueueDetails request) throws IOException {
        return answer(() -> departments.status().queue(request.all(), request.limit(), channel.owner()));
    }

    @Override
    public Void job(Request.OfJob request) throws IOException {
        JobId job = request.job();
        KeyOwner owner = channel.owner();
        String client = owner.at(channel.peer().getAddress().getHostAddress());
        MDC.put("job", job.toString());
        switch (request.verb()) {
            case FETCH -> {
                channel.handOn(); // a listener that stops leaves it to the delivery
                departments.delivery().attend(channel, job, Delivery.Manners.OURS);
            }
            case SHOW -> answer(() -> departments.status().job(job, owner));
            case CANCEL ->
                answer(() -> {
                    departments.status().job(job, owner); // a job of somebody else is none
                    departments.control().cancel(job, client);
                    return departments.status().job(job, owner);
                });
            case RERUN ->
                answer(() -> {
                    departments.status().job(job, owner);
                    departments.control().rerun(job, client);
                    return departments.status().job(job, owner);
                });
        }
        return null;
    }

    @Override
    public Void jobLog(Request.GetJobLog request) throws IOException {
        departments.logs().send(channel, request.job(), request.follow());
        return null;
    }

    @Override
    public Void unknown(Request.UnknownCommand request) throws IOException {
        log.warn("unknown command");
        refuse("Unknown command: " + request.command());
        return null;
    }

    /** Finds out what is to be answered. */
    private interface Inquiry {
        Report find() throws StoreException, NotPossibleException, InterruptedException;
    }

    private Void answer(Inquiry inquiry) throws IOException {
        try {
            channel.announce(inquiry.find());
        } catch (NotPossibleException e) {
            refuse(e.getMessage());
        } catch (StoreException e) {
            log.error("cannot answer: {}", e.getMessage());
            channel.send(new Event.EventError("the server's records cannot be used now; its log says why", true));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /** Nobody has to acknowledge that: it is the last word. */
    private void refuse(String reason) throws IOException {
        channel.send(new Event.EventError(reason));
    }
}
