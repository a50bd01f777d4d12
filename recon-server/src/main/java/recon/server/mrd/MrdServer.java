package recon.server.mrd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.lifecycle.Service;
import recon.common.net.Connection;
import recon.common.net.Listener;
import recon.mrd.recon.ReconModules;
import recon.mrd.session.LeftOverRecordings;
import recon.mrd.session.MrdSession;
import recon.mrd.session.SessionModules;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;
import recon.server.script.LeftOverProcesses;

/**
 * Serves MRD clients, each with a session of its own, side by side.
 *
 * <p>Threads: those of a {@link Listener}, one for each session; and what a module adds.
 */
public final class MrdServer implements Service {
    private static final Logger log = LoggerFactory.getLogger(MrdServer.class);

    /** Clients that are told that there is no place. */
    private static final int MORE_CONNECTIONS = 16;

    /** How long a module that is to end may take. */
    private static final Duration GRACE = Duration.ofSeconds(6);

    /**
     * How long a stop may take while a disk takes what is being saved: with the {@code SHUTDOWN_GRACE_SECONDS} of the jobs
     * it must be less than what the service manager allows, {@code TimeoutStopSec}.
     */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

    private final MrdSettings settings;
    private final Set<Thread> sessions = ConcurrentHashMap.newKeySet();
    private final Semaphore places;
    private final Listener listener;
    private boolean bound;
    private volatile SessionModules modules = SessionModules.of(new ReconModules());

    /** @param addresses to listen on */
    public MrdServer(MrdSettings settings, List<InetSocketAddress> addresses) {
        this.settings = settings;
        this.places = new Semaphore(settings.maxSessions());
        int connections = settings.maxSessions() + MORE_CONNECTIONS;
        this.listener = new Listener(
                "mrd",
                addresses,
                new Listener.Limits(connections, connections, settings.idle(), Duration.ZERO, 0),
                this::serve);
    }

    /**
     * Ends what modules of the server's former run have left, if that was killed and could not do it.
     *
     * @throws IOException if the directory of their logs cannot be read
     */
    public void endLeftOvers(LeftOverProcesses processes) throws IOException, InterruptedException {
        if (settings.modules().directory().isPresent()) {
            processes.end(
                    ProgramModule.SESSION,
                    ProgramModule.sessionsOf(settings.modules().logs()));
        }
    }

    /**
     * Takes the port, so that nobody else can; connections wait until {@link #start}.
     *
     * @throws IOException if the port is taken, or the directory of the site's modules cannot be used
     */
    public void bind() throws IOException {
        modules = SiteModules.of(settings, modules);
        if (modules.named(settings.defaultConfig()).isEmpty()) {
            throw new IOException("MRD_DEFAULT_CONFIG = " + settings.defaultConfig() + " is no module; there are "
                    + String.join(", ", new ReconModules().names()) + " and the executables of MRD_MODULES_DIR");
        }
        listener.bind();
        bound = true;
    }

    @Override
    public void start() throws IOException {
        if (!bound) {
            bind();
        }
        LeftOverRecordings.rescue(settings.saveDirectory());
        listener.start();
    }

    /**
     * Cuts all sessions off, and waits until their modules have ended, and what they sent is saved. A module that does not end
     * is left by its session; only a disk can make this last longer than a module may take to end.
     */
    @Override
    public void stop() throws IOException {
        listener.stop();
        sessions.forEach(Thread::interrupt); // those whose module has not noticed
        Duration modules = GRACE.plusSeconds(1);
        try {
            if (!haveEnded(modules)) {
                log.info("waiting for {} sessions whose data are being saved", sessions.size());
                if (!haveEnded(LONGEST_STOP.minus(modules))) {
                    log.warn(
                            "{} sessions have not ended; what they were saving is completed at the next start",
                            sessions.size());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean haveEnded(Duration limit) throws InterruptedException {
        if (!places.tryAcquire(settings.maxSessions(), limit.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        places.release(settings.maxSessions());
        return true;
    }

    /** The port in use, also when 0 was asked for. */
    public int port() {
        return listener.port();
    }

    private void serve(Connection connection) throws IOException {
        String client = connection.peer().getAddress().getHostAddress();
        try (connection;
                MDC.MDCCloseable peer = MDC.putCloseable("client", client)) {
            if (!settings.trusted().contains(connection.peer().getAddress())) {
                log.warn("refused {}: not in MRD_TRUSTED_IPS", client);
                return;
            }
            connection.peerIsKnown();
            if (!places.tryAcquire()) {
                refuse(connection);
                return;
            }
            sessions.add(Thread.currentThread());
            try {
                hold(connection);
            } finally {
                sessions.remove(Thread.currentThread());
                places.release();
            }
        }
    }

    private void hold(Connection connection) throws IOException {
        if (hasLeft(connection)) {
            log.debug("a client connected and left without a word");
            return;
        }
        log.info("a session begins");
        MrdSession session = new MrdSession(
                connection.input(),
                connection.output(),
                new MrdSession.Limits(
                        settings.maxMessageBytes(), settings.modules().limit(), GRACE),
                new MrdSession.Saving(
                        settings.saveDirectory(),
                        settings.savesAll(),
                        Clock.system(ZoneId.systemDefault()),
                        settings.minFreeDiskBytes()));
        try {
            session.serve(modules, settings.defaultConfig());
            connection.finish();
            log.info("the session has ended: {}", session.summary());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.info("the session was cut off, for the server stops: {}", session.summary());
        } catch (IOException e) {
            log.info("the session has broken off: {}", session.summary()); // the listener says why
            throw e;
        }
    }

    /** Waits for the first byte, which a monitor that looks whether the port is open does not send. */
    private static boolean hasLeft(Connection connection) throws IOException {
        try {
            return connection.peek() < 0;
        } catch (SocketTimeoutException e) {
            end(connection, e.getMessage());
            throw e;
        } catch (IOException e) {
            return true; // reset
        }
    }

    private void refuse(Connection connection) throws IOException {
        log.warn("no place for a session; MRD_MAX_SESSIONS is {}", settings.maxSessions());
        end(
                connection,
                "the server has " + settings.maxSessions()
                        + " sessions, which is its limit (MRD_MAX_SESSIONS); try again later");
    }

    private static void end(Connection connection, String why) throws IOException {
        MrdOutput out = new MrdOutput(connection.output());
        out.write(new MrdMessage.Text(MrdSession.ERROR + why));
        out.write(new MrdMessage.Close());
        out.flush();
        connection.finish();
    }
}
