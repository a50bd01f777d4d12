package recon.relay.backend;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.crypto.KeyOwner;
import recon.common.job.Failures;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.RefusedException;
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

    /** So many a server that was out has to give. */
    private static final int GOOD_ANSWERS = 2;

    private static final String NOT_BELIEVED =
            "it does not believe this relay for whom it asks, which client keys need:"
                    + " SHARED_KEY_FOR_BACKENDS must be the key that \"recon-server.jar client-key add NAME --relay\" made there";

    private final BackendAddress address;
    private final Dialer dialer;
    private final BooleanSupplier speaksForOthers;
    private final Runnable onChange;
    private final JobCount jobs = new JobCount();

    @GuardedBy("this")
    private boolean healthy;

    @GuardedBy("this")
    private boolean failedBefore;

    @GuardedBy("this")
    private int goodAnswers;

    @GuardedBy("this")
    private String problem = "it was not asked yet";

    @GuardedBy("this")
    private Optional<Report.ServerStatus> status = Optional.empty();

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

    public synchronized boolean isHealthy() {
        return healthy;
    }

    /** Whether an administrator there has said that it takes no new jobs. */
    public synchronized boolean isDraining() {
        return status.map(Report.ServerStatus::draining).orElse(false);
    }

    /** Whether it is healthy, and new jobs may be sent there. */
    public synchronized boolean takesJobs() {
        return healthy && !isDraining();
    }

    /** Why it is out, or empty. */
    public synchronized String problem() {
        return problem;
    }

    /** Waiting, running and coming jobs, per worker. */
    synchronized double load() {
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
     * Asks on a connection of its own.
     *
     * @param client whose request it is
     * @throws RefusedException if the server does not take it, which is no failure of the server's
     * @throws IOException if there is no talking to it: it is out now
     */
    public SecureChannel open(Request request, TransportChoice choice, KeyOwner client) throws IOException {
        Optional<KeyOwner> told = told(client);
        SecureChannel channel = null;
        boolean asked = false;
        try {
            channel = dialer.connect(address);
            channel.ask(request, choice, told);
            asked = true;
            return channel;
        } catch (RefusedException e) {
            throw e;
        } catch (IOException e) {
            failed(e);
            throw e;
        } finally {
            if (channel != null && !asked) {
                channel.close();
            }
        }
    }

    /** Asks for the one report that is the answer. */
    public <R extends Report> R ask(Request request, KeyOwner client, Class<R> kind) throws IOException {
        Optional<KeyOwner> told = told(client);
        try (SecureChannel channel = dialer.connectShortly(address)) {
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
        channel.ask(request, TransportChoice.AUTO, client);
        R report = channel.expect(kind, "the answer to " + request.command());
        channel.send(new EventAck(((Event) report).name(), EventAck.RECEIVED));
        return report;
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
        synchronized (this) {
            asPlain = plain && !speaksForOthers.getAsBoolean();
            lastAskedNanos = System.nanoTime();
        }
        try {
            Report.ServerStatus now = asPlain ? status(Optional.empty()) : statusForOthers();
            answered(now);
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
        try (SecureChannel channel = dialer.connectShortly(address)) {
            return answer(channel, new Request.GetServerStatus(), client, Report.ServerStatus.class);
        }
    }

    private void answered(Report.ServerStatus now) throws RefusedException {
        if (speaksForOthers.getAsBoolean() && !now.trustsRelay()) {
            throw new RefusedException(NOT_BELIEVED, true);
        }
        boolean back;
        boolean drainingBefore;
        synchronized (this) {
            drainingBefore = isDraining();
            status = Optional.of(now);
            jobs.told();
            believesUs = now.trustsRelay();
            goodAnswers++;
            back = !healthy && (!failedBefore || goodAnswers >= GOOD_ANSWERS);
            if (back) {
                healthy = true;
                problem = "";
            }
        }
        if (back) {
            log.info("server {} is in: {} workers", name(), now.maxWorkers());
        }
        if (drainingBefore != now.draining()) {
            log.info("server {} {}", name(), now.draining() ? "is draining" : "takes jobs again");
        }
        if (back || drainingBefore != now.draining()) {
            onChange.run();
        }
    }

    /** Takes it out. */
    void failed(Exception e) {
        boolean out;
        synchronized (this) {
            out = healthy || !failedBefore;
            healthy = false;
            failedBefore = true;
            goodAnswers = 0;
            plain = false;
            problem = Failures.words(e);
        }
        if (out) {
            log.warn("server {} is out: {}", name(), Failures.words(e));
            onChange.run();
        }
    }

    /** As the relay's own status shows it. */
    public synchronized Report.ServerStatus.Backend report() {
        return new Report.ServerStatus.Backend(
                name(),
                healthy,
                isDraining(),
                status.map(Report.ServerStatus::maxWorkers).orElse(0),
                healthy ? status.map(Report.ServerStatus::busyWorkers).orElse(0) : 0,
                healthy ? status.map(Report.ServerStatus::queuedJobs).orElse(0) : 0,
                healthy ? "" : problem);
    }

    /** As it told last. */
    public synchronized Optional<Report.ServerStatus> status() {
        return status;
    }
}
