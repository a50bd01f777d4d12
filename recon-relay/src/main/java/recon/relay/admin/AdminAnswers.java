package recon.relay.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.options.OptionsException;
import recon.common.wire.AdminReport;
import recon.common.wire.AdminRequest;
import recon.common.wire.Event;
import recon.common.wire.RefusedException;
import recon.common.wire.RelayReport;
import recon.common.wire.Report;
import recon.common.wire.SecureChannel;
import recon.relay.backend.Backend;
import recon.relay.backend.BackendAddress;

/** Answers the one command of a session. What it changes is on record before it is changed. */
public final class AdminAnswers implements AdminRequest.Handler<Void> {
    private static final Logger log = LoggerFactory.getLogger(AdminAnswers.class);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

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
        return switch (request.what()) {
            case STATUS -> answer(this::status);
            case BACKENDS -> answer(this::backends);
            case CLIENTS ->
                answer(() -> new RelayReport.Clients(controls.clients().get()));
            case QUEUE, WORKERS -> notOurs(request);
        };
    }

    private Report status() {
        List<Backend> all = controls.backends().all();
        return new RelayReport.Status(
                controls.uptime().get(),
                controls.version(),
                controls.clients().get().size(),
                (int) all.stream().filter(Backend::isHealthy).count(),
                (int) all.stream()
                        .filter(one -> one.isHealthy() && !one.takesJobs())
                        .count(),
                all.size());
    }

    /** Asks those that are healthy first; the others are asked every few seconds anyway. */
    private Report backends() {
        controls.backends().forEach(controls.backends().healthy(), Backend::check);
        return new RelayReport.Backends(
                controls.backends().all().stream().map(Backend::details).toList());
    }

    @Override
    public Void jobs(AdminRequest.Jobs request) throws IOException {
        return notOurs(request);
    }

    @Override
    public Void logs(AdminRequest.Logs request) throws IOException {
        return notOurs(request);
    }

    @Override
    public Void cancel(AdminRequest.Cancel request) throws IOException {
        return notOurs(request);
    }

    @Override
    public Void priority(AdminRequest.SetPriority request) throws IOException {
        return notOurs(request);
    }

    @Override
    public Void maxJobs(AdminRequest.SetMaxJobs request) throws IOException {
        return notOurs(request);
    }

    @Override
    public Void purge(AdminRequest.Purge request) throws IOException {
        return notOurs(request);
    }

    private Void notOurs(AdminRequest request) throws IOException {
        return refuse("this is a relay, which does not know the admin command \"" + request.command()
                + "\"; give it to one of its servers, at the server's SERVER_ADMIN_PORT");
    }

    @Override
    public Void drain(AdminRequest.Drain request) throws IOException {
        return answer(() -> {
            Backend backend = backend(request.backend(), request.command());
            record("drain " + backend.name());
            backend.drain(true);
            if (request.untilEmpty()) {
                return awaitEmpty(backend);
            }
            return new AdminReport.Done(
                    "server " + backend.name()
                            + " gets no new jobs until \"resume\" or the relay's next start; those that it has go on",
                    Map.of("drained", backend.isEmpty().orElse(false) ? 1L : 0L));
        });
    }

    private Report awaitEmpty(Backend backend) throws RefusedException, InterruptedException {
        Optional<Boolean> empty = backend.isEmpty();
        while (empty.isPresent() && !empty.get()) {
            Thread.sleep(LOOK_EVERY.toMillis());
            if (!backend.isDrainedHere()) {
                throw new RefusedException(
                        "somebody has resumed server " + backend.name() + " before it was empty", false);
            }
            if (channel.peerHasLeft()) {
                throw new InterruptedException("nobody waits any more");
            }
            empty = backend.isEmpty();
        }
        if (empty.isEmpty()) {
            throw new RefusedException(
                    "server " + backend.name() + " gets no new jobs, but cannot be asked whether it has any ("
                            + backend.problem() + ")",
                    true);
        }
        return new AdminReport.Done(
                "drained: no job waits or runs on server " + backend.name() + ", and it gets no new ones",
                Map.of("drained", 1L));
    }

    @Override
    public Void resume(AdminRequest.Resume request) throws IOException {
        return answer(() -> {
            Backend backend = backend(request.backend(), request.command());
            record("resume " + backend.name());
            backend.drain(false);
            return new AdminReport.Done(
                    "server " + backend.name() + " gets new jobs"
                            + (backend.isDraining() ? " once its own administrator resumes it, too" : ""),
                    Map.of());
        });
    }

    private Backend backend(String text, String command) throws RefusedException {
        String all = controls.backends().all().stream().map(Backend::name).collect(Collectors.joining(", "));
        if (text.isEmpty()) {
            throw new RefusedException(
                    "this is a relay: say which server, as in \"" + command + " HOST:PORT\"; there are " + all, false);
        }
        try {
            return controls.backends()
                    .current(BackendAddress.parse(text).toString())
                    .orElseThrow(() -> new RefusedException(
                            "there is no server \"" + text + "\" behind this relay; there are " + all, false));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(e.getMessage() + "; there are " + all, false);
        }
    }

    @Override
    public Void reload(AdminRequest.Reload request) throws IOException {
        return answer(() -> {
            try {
                return controls.reloading().reload(by);
            } catch (OptionsException e) {
                throw new RefusedException(
                        "the options are wrong, and nothing was changed:\n" + String.join("\n", e.problems()), false);
            }
        });
    }

    @Override
    public Void unknown(AdminRequest.Unknown request) throws IOException {
        log.warn("unknown admin command");
        return refuse("this relay does not know the admin command \"" + request.command() + "\"");
    }

    private void record(String action) throws RefusedException {
        try {
            controls.record().recordAction(action, by);
        } catch (IOException e) {
            log.error("cannot answer: {}", e.getMessage());
            throw new RefusedException("nothing was changed, since the relay's record cannot be used now", true);
        }
        log.info("{}", action);
    }

    /** Does what was asked, and finds the answer. */
    private interface Action {
        Report run() throws IOException, InterruptedException;
    }

    private Void answer(Action action) throws IOException {
        Report report;
        try {
            report = action.run();
        } catch (RefusedException e) {
            channel.send(new Event.EventError(e.getMessage(), e.isForNow()));
            return null;
        } catch (InterruptedException e) {
            log.debug("{}", e.getMessage());
            return null;
        }
        channel.announce(report);
        return null;
    }

    private Void refuse(String reason) throws IOException {
        channel.send(new Event.EventError(reason));
        return null;
    }
}
