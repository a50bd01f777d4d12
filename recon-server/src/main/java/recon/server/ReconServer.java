package recon.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.lifecycle.Services;
import recon.common.net.Listener;
import recon.common.wire.SecureChannel;
import recon.server.intake.ClientSession;
import recon.server.intake.JobIntake;
import recon.server.queue.JobQueue;
import recon.server.queue.JobStore;
import recon.server.queue.MemoryJobStore;
import recon.server.queue.Workspace;
import recon.server.script.OutputMode;
import recon.server.script.ProcessScript;
import recon.server.script.ScriptCommand;
import recon.server.script.ScriptLocator;
import recon.server.status.StatusReport;
import recon.server.work.WorkerPool;

/** The whole server: the only class that knows every part. Not thread-safe: one thread starts it, one stops it. */
public final class ReconServer implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(ReconServer.class);

    /** How long a peer may take over its first message. */
    private static final Duration FIRST_MESSAGE = Duration.ofSeconds(10);

    private final Listener listener;
    private final Services services;

    private ReconServer(Listener listener, Services services) {
        this.listener = listener;
        this.services = services;
    }

    /**
     * Starts a server.
     *
     * @param installation the program's own jar, or its directory of classes: scripts are looked for beside it
     * @param reconstruct command that runs the built-in reconstruction
     * @throws IOException if a directory or the port cannot be used; the message tells the operator what to do
     */
    public static ReconServer start(ServerSettings settings, Path installation, List<String> reconstruct)
            throws IOException {
        ServerSettings.Limits limits = settings.limits();
        ServerSettings.Script scriptSettings = settings.script();
        Clock clock = Clock.systemUTC();

        Workspace workspace = new Workspace(
                settings.basePfileDirectory(),
                settings.dicomOutputDirectory(),
                scriptSettings.outputMode() == OutputMode.SHARED,
                settings.stateDirectory());
        ScriptCommand command = new ScriptCommand(
                new ScriptLocator(
                        scriptSettings.path(),
                        settings.optionsDirectory(),
                        ScriptLocator.besideInstallation(installation),
                        reconstruct),
                scriptSettings.pythonCommand(),
                scriptSettings.matlabCommand(),
                scriptSettings.outputMode());
        ProcessScript script = new ProcessScript(
                command,
                scriptSettings.timeout().orElse(ProcessScript.NO_LIMIT),
                ProcessScript.DEFAULT_GRACE,
                scriptSettings.logMaxBytes());

        FernetCipher cipher = new FernetCipher(settings.keys());
        ReplayGuard guard = new ReplayGuard(limits.messageMaxAge().orElse(Duration.ZERO), clock);
        JobStore store = new MemoryJobStore();
        JobQueue queue = new JobQueue(limits.maxQueuedJobs());
        ClientSession session = new ClientSession(
                settings.trustedAddresses(),
                connection -> new SecureChannel(connection, cipher, guard, limits.maxMessageBytes()),
                new JobIntake(workspace, store, queue, limits.maxJobFiles(), clock),
                new StatusReport(store, settings.maxConcurrentJobs(), clock));

        WorkerPool workers =
                new WorkerPool(settings.maxConcurrentJobs(), settings.shutdownGrace(), queue, store, script);
        Listener listener = new Listener(
                "server",
                addresses(settings),
                new Listener.Limits(
                        limits.maxConnections(),
                        limits.maxConnectionsPerAddress(),
                        limits.idleTimeout(),
                        FIRST_MESSAGE),
                session);
        Services services = Services.startAll(List.of(workers, listener));

        log.info(
                "ready: {} port {}, {} workers, script {}",
                settings.host(),
                listener.port(),
                settings.maxConcurrentJobs(),
                scriptSettings.path());
        command.problem().ifPresent(problem -> log.warn("jobs will fail: {}", problem));
        if (settings.trustedAddresses().isAny()) {
            log.warn("TRUSTED_IPS is empty: any address may connect, only the key protects this server");
        }
        return new ReconServer(listener, services);
    }

    private static List<InetSocketAddress> addresses(ServerSettings settings) throws IOException {
        try {
            return Listener.addressesOf(settings.host(), settings.port());
        } catch (UnknownHostException e) {
            throw new IOException("SERVER_HOSTNAME = " + settings.host() + " is no address and no known name", e);
        }
    }

    /** The port in use, also when 0 was asked for. */
    public int port() {
        return listener.port();
    }

    /** Stops accepting, tells the clients that wait, lets running jobs end within the grace, then ends them. */
    @Override
    public void close() throws IOException {
        log.info("stopping");
        services.close();
        log.info("stopped");
    }
}
