package recon.relay.backend;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.crypto.KeyOwner;
import recon.common.job.Failures;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.RefusedException;
import recon.common.wire.RelayReport;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;

/**
 * One server behind the relay: whether it is healthy, and how much it has to do. One that fails is out at once, and back
 * after two good answers. Thread-safe.
 */
public final class Backend {
    private static final Logger log = LoggerFactory.getLogger(Backend.class);

    private static final String NOT_BELIEVED =
            "it does not believe this relay for whom it asks, which client keys need:"
                    + " SHARED_KEY_FOR_BACKENDS must be the key that \"recon-server.jar client-key add NAME --relay\" made there";

    private final BackendAddress address;
    private final Dialer dialer;
    private final BooleanSupplier speaksForOthers;
    private final Runnable onChange;
    private final Health health = new Health();
    private final JobCount jobs = new JobCount();
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();

    @GuardedBy("this")
    private boolean drained;

    @GuardedBy("this")
    private boolean believesUs;

    /** What it does not believe it is not told again, until it has been out. */
    @GuardedBy("this")
    private boolean plain;

    @GuardedBy("this")
    private long lastTurn;

    @GuardedBy("this")
    private long lastAskedNanos;

    /**
     * @param speaksForOthers whether some clients have keys of their own, so that the server has to believe the relay
     * @param onChange called when it comes or goes
     */
    public Backend(BackendAddress address, Dialer dialer, BooleanSupplier speaksForOthers, Runnable onChange) {
        this.address = address;
        this.dialer = dialer;
        this.speaksForOthers = speaksForOthers;
        this.onChange = onChange;
    }

    /** {@code host:port}. */
    public String name() {
        return address.toString();
    }

    public boolean isHealthy() {
        return health.isHealthy();
    }

    /** Whether an administrator, there or at this relay, has said that it takes no new jobs. */
    public synchronized boolean isDraining() {
        return drained || health.drains();
    }

    /** Sends no new jobs there from now on, or does so again. */
    public void drain(boolean nowDrained) {
        synchronized (this) {
            drained = nowDrained;
        }
        onChange.run();
    }

    public synchronized boolean isDrainedHere() {
        return drained;
    }

    /** Asks it whether no job waits or runs there, and none is on its way; empty if it does not answer. */
    public Optional<Boolean> isEmpty() {
        boolean noneComes = jobs.noneComes();
        check();
        return health.status()
                .filter(known -> health.isHealthy())
                .map(now -> noneComes && now.queuedJobs() == 0 && now.busyWorkers() == 0);
    }

    /** Whether it is healthy, and new jobs may be sent there. */
    public boolean takesJobs() {
        return health.isHealthy() && !isDraining();
    }

    /** Why it is out, or empty. */
    public String problem() {
        return health.problem();
    }

    /** Waiting, running and coming jobs, per worker. */
    double load() {
        Optional<Report.ServerStatus> status = health.status();
        int known = status.map(now -> now.queuedJobs() + now.busyWorkers()).orElse(0);
        int workers = status.map(Report.ServerStatus::maxWorkers).orElse(1);
        return (double) Math.max(0, known + jobs.sinceTold()) / Math.max(1, workers);
    }

    /** Those that come in and end. */
    public JobCount jobs() {
        return jobs;
    }

    synchronized long lastTurn() {
        return lastTurn;
    }

    /** It was chosen for a job. */
    synchronized void takeTurn(long turn) {
        lastTurn = turn;
        jobs.comes();
    }

    synchronized Duration sinceLastAsked() {
        return Duration.ofNanos(System.nanoTime() - lastAskedNanos);
    }

    /**
     * Asks on a connection of its own. The server's first answer is still to come then.
     *
     * @param client whose request it is
     * @throws RefusedException if the server does not take it, which is no failure of the server's
     * @throws IOException if there is no talking to it: it is out now
     */
    public Call open(Request request, TransportChoice choice, KeyOwner client) throws IOException {
        Optional<KeyOwner> told = told(client);
        Call call = null;
        boolean asked = false;
        try {
            call = new Call(dialer.connect(address), dialer.patience(), calls::remove);
            calls.add(call);
            ask(call.channel(), request, choice, told);
            asked = true;
            return call;
        } catch (RefusedException e) {
            throw e;
        } catch (IOException e) {
            if (call != null && call.isGivenUp()) {
                throw new IOException("it is out: " + problem(), e);
            }
            failed(e);
            throw e;
        } finally {
            if (call != null && !asked) {
                call.close();
            }
        }
    }

    /** Asks for the one report that is the answer. */
    public <R extends Report> R ask(Request request, KeyOwner client, Class<R> kind) throws IOException {
        Optional<KeyOwner> told = told(client);
        try (SecureChannel channel = dialer.connect(address)) {
            return answer(channel, request, told, kind);
        } catch (RefusedException e) {
            throw e;
        } catch (IOException e) {
            failed(e);
            throw e;
        }
    }

    private static <R extends Report> R answer(
            SecureChannel channel, Request request, Optional<KeyOwner> client, Class<R> kind) throws IOException {
        ask(channel, request, TransportChoice.AUTO, client);
        R report = channel.expect(kind, "the answer to " + request.command());
        channel.send(new EventAck(((Event) report).name(), EventAck.RECEIVED));
        return report;
    }

    private static void ask(SecureChannel channel, Request request, TransportChoice choice, Optional<KeyOwner> client)
            throws IOException {
        try {
            channel.ask(request, choice, client);
        } catch (IOException e) {
            throw Dialer.explained(channel, e);
        }
    }

    private synchronized Optional<KeyOwner> told(KeyOwner client) throws RefusedException {
        if (believesUs) {
            return Optional.of(client);
        }
        if (!client.equals(KeyOwner.SHARED)) {
            throw new RefusedException("server " + name() + " cannot be used: " + NOT_BELIEVED, true);
        }
        return Optional.empty();
    }

    /** Asks for its status now. */
    public void check() {
        boolean asPlain;
        long begin = System.nanoTime();
        synchronized (this) {
            asPlain = plain && !speaksForOthers.getAsBoolean();
            lastAskedNanos = begin;
        }
        try {
            Report.ServerStatus now = asPlain ? status(Optional.empty()) : statusForOthers();
            answered(now, Duration.ofNanos(System.nanoTime() - begin));
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private Report.ServerStatus statusForOthers() throws IOException {
        try {
            return status(Optional.of(KeyOwner.SHARED));
        } catch (RefusedException thatKeyIsNoRelays) {
            if (speaksForOthers.getAsBoolean()) {
                throw thatKeyIsNoRelays;
            }
            Report.ServerStatus status = status(Optional.empty());
            synchronized (this) {
                plain = true;
            }
            return status;
        }
    }

    private Report.ServerStatus status(Optional<KeyOwner> client) throws IOException {
        try (SecureChannel channel = dialer.connect(address)) {
            return answer(channel, new Request.GetServerStatus(), client, Report.ServerStatus.class);
        }
    }

    private void answered(Report.ServerStatus now, Duration latency) throws RefusedException {
        if (speaksForOthers.getAsBoolean() && !now.trustsRelay()) {
            throw new RefusedException(NOT_BELIEVED, true);
        }
        synchronized (this) {
            believesUs = now.trustsRelay();
        }
        boolean drainedBefore = health.drains();
        boolean back = health.answered(now, latency);
        jobs.told();
        if (back) {
            log.info("server {} is in: {} workers", name(), now.maxWorkers());
        }
        if (drainedBefore != now.draining()) {
            log.info("server {} {}", name(), now.draining() ? "is draining" : "takes jobs again");
        }
        if (back || drainedBefore != now.draining()) {
            onChange.run();
        }
    }

    /** Takes it out, and closes the connections whose requests it has not taken. */
    void failed(Exception e) {
        boolean out = health.failed(Failures.words(e));
        synchronized (this) {
            plain = false;
        }
        if (out) {
            log.warn("server {} is out: {}", name(), Failures.words(e));
            onChange.run();
        }
        calls.forEach(call -> call.giveUpIfNotTaken(dialer.shortPatience()));
    }

    /** As the relay's own status shows it. */
    public Report.ServerStatus.Backend report() {
        Optional<Report.ServerStatus> status = health.status();
        boolean healthy = health.isHealthy();
        return new Report.ServerStatus.Backend(
                name(),
                healthy,
                isDraining(),
                status.map(Report.ServerStatus::maxWorkers).orElse(0),
                healthy ? status.map(Report.ServerStatus::busyWorkers).orElse(0) : 0,
                healthy ? status.map(Report.ServerStatus::queuedJobs).orElse(0) : 0,
                healthy ? "" : health.problem());
    }

    /** As administrators see it. */
    public RelayReport.Backends.Backend details() {
        return new RelayReport.Backends.Backend(
                report(),
                health.isHealthy() ? Math.round(100 * load()) : 0,
                health.latencyMillis(),
                health.lastError(),
                health.lastErrorAtUtc());
    }

    /** As it told last. */
    public Optional<Report.ServerStatus> status() {
        return health.status();
    }
}
