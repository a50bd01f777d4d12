package recon.server.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.crypto.KeyOwner;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.options.OptionsException;
import recon.common.wire.AdminReport;
import recon.common.wire.AdminRequest;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.server.queue.JobControl.NotPossibleException;
import recon.server.queue.JobRecord;
import recon.server.queue.StoreException;
import recon.server.queue.Workers;
import recon.server.status.StatusReport;

/** Answers the one command of a session. What it changes is on record before it is changed. */
public final class AdminAnswers implements AdminRequest.Handler<Void> {
    private static final Logger log = LoggerFactory.getLogger(AdminAnswers.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final SecureChannel channel;
    private final Controls controls;
    private final String by;

    public AdminAnswers(SecureChannel channel, Controls controls) {
        this.channel = channel;
        this.controls = controls;
        this.by = channel.owner().at(channel.peer().getAddress().getHostAddress());
    }

    @Override
    public Void show(AdminRequest.Show request) throws IOException {
        return answer(() -> switch (request.what()) {
            case STATUS -> controls.status().server();
            case QUEUE -> controls.status().queue(false, Request.GetQueueDetails.DEFAULT_LIMIT, KeyOwner.ADMIN);
            case WORKERS -> workers();
            case BACKENDS, CLIENTS ->
                throw new NotPossibleException(
                        "this is a server, not a relay, and has no " + request.command() + " to show; ask a relay");
        });
    }

    private AdminReport.Workers workers() throws StoreException {
        List<AdminReport.Workers.Busy> busy = new ArrayList<>();
        Instant now = controls.clock().instant();
        for (Workers.Busy worker : controls.workers().busy()) {
            Optional<JobRecord> job = controls.store().find(worker.job());
            if (job.isPresent()) {
                busy.add(new AdminReport.Workers.Busy(
                        worker.name(),
                        Math.max(0, Duration.between(worker.since(), now).toSeconds()),
                        StatusReport.row(job.get().summary())));
            }
        }
        return new AdminReport.Workers(
                controls.workers().limit(),
                controls.queue().isDraining(),
                controls.closedBecause().get().orElse(""),
                busy);
    }

    @Override
    public Void jobs(AdminRequest.Jobs request) throws IOException {
        return answer(() -> {
            Instant since = request.since().isZero()
                    ? Instant.EPOCH
                    : controls.clock().instant().minus(request.since());
            return controls.status().changedSince(request.state(), since, request.limit());
        });
    }

    @Override
    public Void logs(AdminRequest.Logs request) throws IOException {
        try {
            LogTail tail = new LogTail(channel, request.lines());
            if (request.job().isEmpty()) {
                Path file = controls.log()
                        .orElseThrow(
                                () -> new NotPossibleException(
                                        "the server writes no log file (LOG_FILEPATH is blank); see where its standard error goes"));
                tail.send(file, request::follow);
            } else {
                JobId job = request.job().get();
                MDC.put("job", job.toString());
                Path file = controls.workspace().directories(job).log();
                tail.send(file, () -> {
                    JobState state = find(job).state(); // before the log is read: so nothing is missed
                    return request.follow() && state.compareTo(JobState.DELIVERING) < 0;
                });
            }
        } catch (NotPossibleException e) {
            refuse(e.getMessage());
        } catch (StoreException e) {
            refuseForNow(e);
        }
        return null;
    }

    private JobRecord find(JobId job) throws StoreException, NotPossibleException {
        return controls.store().find(job).orElseThrow(() -> new NotPossibleException("there is no job " + job));
    }

    @Override
    public Void cancel(AdminRequest.Cancel request) throws IOException {
        MDC.put("job", request.job().toString());
        return answer(() -> {
            controls.jobs().cancel(request.job(), by);
            return controls.status().job(request.job(), KeyOwner.ADMIN);
        });
    }

    @Override
    public Void priority(AdminRequest.SetPriority request) throws IOException {
        MDC.put("job", request.job().toString());
        return answer(() -> {
            controls.jobs().prioritize(request.job(), request.priority(), by);
            return controls.status().job(request.job(), KeyOwner.ADMIN);
        });
    }

    @Override
    public Void maxJobs(AdminRequest.SetMaxJobs request) throws IOException {
        return answer(() -> {
            int jobs = request.count();
            int before = controls.orders().maxJobs(jobs, by);
            int configured = controls.orders().configured();
            return new AdminReport.Done(
                    "up to " + jobs + " jobs run at once now, before " + before
                            + (jobs == configured
                                    ? "; as MAX_CONCURRENT_JOBS says"
                                    : "; also after a restart, until MAX_CONCURRENT_JOBS is another than "
                                            + configured),
                    Map.of("max_jobs", (long) jobs));
        });
    }

    @Override
    public Void drain(AdminRequest.Drain request) throws IOException {
        return answer(() -> {
            requireNoBackend(request.backend());
            controls.orders().drain(true, by);
            if (request.untilEmpty()) {
                return awaitEmpty();
            }
            return new AdminReport.Done(
                    "no new jobs are taken until \"resume\", also after a restart; those that wait still run",
                    Map.of("drained", isEmpty() ? 1L : 0L));
        });
    }

    private Report awaitEmpty() throws NotPossibleException, InterruptedException {
        while (!isEmpty()) {
            if (!controls.queue().isDraining()) {
                throw new NotPossibleException("somebody has resumed the server before it was empty");
            }
            if (channel.peerHasLeft()) {
                throw new InterruptedException("nobody waits any more");
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
        return new AdminReport.Done("drained: no job waits or runs, and no new ones are taken", Map.of("drained", 1L));
    }

    /** The queue first: who takes a job out of it is busy before. */
    private boolean isEmpty() {
        return controls.queue().isEmpty() && controls.workers().areIdle();
    }

    @Override
    public Void resume(AdminRequest.Resume request) throws IOException {
        return answer(() -> {
            requireNoBackend(request.backend());
            controls.orders().drain(false, by);
            return new AdminReport.Done("new jobs are taken", Map.of());
        });
    }

    private static void requireNoBackend(String backend) throws NotPossibleException {
        if (!backend.isEmpty()) {
            throw new NotPossibleException(
                    "this is a server, not a relay: give the command without a backend, or to the relay's admin port");
        }
    }

    @Override
    public Void reload(AdminRequest.Reload request) throws IOException {
        return answer(() -> {
            try {
                return controls.reloading().reload(by);
            } catch (OptionsException e) {
                throw new NotPossibleException(
                        "the options are wrong, and nothing was changed:\n" + String.join("\n", e.problems()));
            }
        });
    }

    @Override
    public Void purge(AdminRequest.Purge request) throws IOException {
        return answer(() -> new Purge(controls).run(request.olderThan(), by));
    }

    @Override
    public Void unknown(AdminRequest.Unknown request) throws IOException {
        log.warn("unknown admin command");
        refuse("this server does not know the admin command \"" + request.command() + "\"");
        return null;
    }

    /** Does what was asked, and finds the answer. */
    private interface Action {
        Report run() throws StoreException, NotPossibleException, InterruptedException;
    }

    private Void answer(Action action) throws IOException {
        try {
            channel.announce(action.run());
        } catch (NotPossibleException e) {
            refuse(e.getMessage());
        } catch (StoreException e) {
            refuseForNow(e);
        } catch (InterruptedException e) {
            log.debug("{}", e.getMessage());
        }
        return null;
    }

    private void refuseForNow(StoreException e) throws IOException {
        log.error("cannot answer: {}", e.getMessage());
        channel.send(new Event.EventError("the server's records cannot be used now; its log says why", true));
    }

    private void refuse(String reason) throws IOException {
        channel.send(new Event.EventError(reason));
    }
}
