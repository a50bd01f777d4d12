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
import recon.common.keys.ClientKeysFile;
import recon.common.keys.ClientKeysWatch;
import recon.common.lifecycle.Service;
import recon.common.lifecycle.Services;
import recon.common.net.Listener;
import recon.common.options.OptionsException;
import recon.common.wire.SecureChannel;
import recon.server.delivery.Delivery;
import recon.server.delivery.LogSender;
import recon.server.intake.ClientSession;
import recon.server.intake.Departments;
import recon.server.intake.JobIntake;
import recon.server.intake.SubmissionLimits;
import recon.server.queue.Housekeeping;
import recon.server.queue.JobControl;
import recon.server.queue.JobQueue;
import recon.server.queue.JobStore;
import recon.server.queue.JobWatches;
import recon.server.queue.Retention;
import recon.server.queue.SqliteJobStore;
import recon.server.queue.StateLock;
import recon.server.queue.StoreException;
import recon.server.queue.StoreRetry;
import recon.server.queue.Workspace;
import recon.server.script.LeftOverProcesses;
import recon.server.script.OutputMode;
import recon.server.script.ProcessScript;
import recon.server.script.ScriptCommand;
import recon.server.script.ScriptLocator;
import recon.server.status.StatusReport;
import recon.server.work.Recovery;
import recon.server.work.ResourceGate;
import recon.server.work.WorkerPool;

/** The whole server: the only class that knows every part. Not thread-safe: one thread starts it, one stops it. */
public final class ReconServer implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(ReconServer.class);

    /** How long a peer may take over its first message. */
    private static final Duration FIRST_MESSAGE = Duration.ofSeconds(10);

    /** How long clients that are taking results may go on once everything else has stopped. */
    private static final Duration LAST_DELIVERIES = Duration.ofSeconds(3);

    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofMinutes(1);

    /** So often the server looks whether the client keys have changed. */
    private static final Duration KEYS_INTERVAL = Duration.ofSeconds(2);

    private final Listener listener;
    private final Services services;

    /** The server cannot start now, for want of disk space perhaps; nothing is wrong with its options. */
    public static final class NotNowException extends IOException {
        private static final long serialVersionUID = 1L;

        NotNowException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private ReconServer(Listener listener, Services services) {
        this.listener = listener;
        this.services = services;
    }

    /**
     * Starts a server.
     *
     * @param installation the program's own jar, or its directory of classes: scripts are looked for beside it
     * @param reconstruct command that runs the built-in reconstruction
     * @throws OptionsException if the client keys cannot be used
     * @throws NotNowException if the record of the jobs cannot be brought up to date
     * @throws IOException if a directory or the port cannot be used; the message tells the operator what to do
     */
    public static ReconServer start(ServerSettings settings, Path installation, List<String> reconstruct)
            throws OptionsException, IOException {
        ClientKeysWatch keys = clientKeys(settings);
        ServerSettings.Script scriptSettings = settings.script();
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

        StateLock lock = StateLock.take(workspace.lockable());
        try {
            return start(settings, workspace, lock, command, script, keys);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * The keys that a server with these settings would accept now.
     *
     * @throws OptionsException if the file of client keys is wrong, or there is none where it is needed
     */
    static ClientKeysWatch clientKeys(ServerSettings settings) throws OptionsException {
        ServerSettings.Access access = settings.access();
        return new ClientKeysWatch(
                new ClientKeysFile(access.clientKeysFile(), settings.keys()),
                access.requireClientKeys(),
                KEYS_INTERVAL);
    }

    private static ReconServer start(
            ServerSettings settings,
            Workspace workspace,
            StateLock lock,
            ScriptCommand command,
            ProcessScript script,
            ClientKeysWatch keys)
            throws IOException {
        ServerSettings.Limits limits = settings.limits();
        Clock clock = Clock.systemUTC();
        Retention retention = new Retention(
                settings.retention().results(),
                settings.retention().undelivered(),
                settings.retention().failedInputs());
        JobStore store = SqliteJobStore.open(workspace.state(), clock);
        StoreRetry retry = new StoreRetry(FIRST_RETRY);
        JobQueue queue = new JobQueue(limits.maxQueuedJobs());
        JobWatches watches = new JobWatches();
        ResourceGate gate = new ResourceGate(
                settings.resources().maxCpuLoadPercent(),
                settings.resources().minAvailableMemoryMb(),
                settings.resources().checkInterval());

        WorkerPool workers = new WorkerPool(
                new WorkerPool.Settings(
                        settings.maxConcurrentJobs(),
                        settings.shutdownGrace(),
                        settings.attempts().rerunInterrupted(),
                        retention),
                queue,
                store,
                retry,
                watches,
                workspace,
                gate,
                script,
                clock);
        Recovery recovery = new Recovery(
                store,
                queue,
                workspace,
                new Recovery.Rules(
                        settings.attempts().max(), settings.attempts().rerunInterrupted(), retention),
                clock);
        JobIntake intake = new JobIntake(
                workspace,
                store,
                queue,
                workspace.diskSpace(limits.minFreeDiskBytes()),
                new SubmissionLimits(
                        limits.maxJobFiles(), limits.maxJobBytes().orElse(Long.MAX_VALUE), limits.maxClientPriority()),
                settings.retention().partialUploads(),
                clock);
        Delivery delivery = new Delivery(store, watches, workspace, retention, LAST_DELIVERIES, clock);
        Housekeeping housekeeping = new Housekeeping(
                store, watches, workspace, retention.logs(), intake::tidyUp, HOUSEKEEPING_INTERVAL, clock);

        FernetCipher cipher = new FernetCipher(keys.ring());
        ReplayGuard guard = new ReplayGuard(limits.messageMaxAge().orElse(Duration.ZERO), clock);
        ClientSession session = new ClientSession(
                settings::trustedAddresses,
                settings.access().transports(),
                connection -> new SecureChannel(connection, cipher, guard, limits.maxMessageBytes()),
                new Departments(
                        intake,
                        delivery,
                        new JobControl(store, queue, watches, workers, workspace, retention, clock),
                        new LogSender(store, watches, workspace),
                        new StatusReport(
                                store, workers::limit, queue::isDraining, gate::closedBecause, retry::trouble, clock)));
        Listener listener = new Listener(
                "server",
                addresses(settings),
                new Listener.Limits(
                        limits.maxConnections(),
                        limits.maxConnectionsPerAddress(),
                        limits.idleTimeout(),
                        FIRST_MESSAGE,
                        settings.access().failedHandshakesPerMinute()),
                session);
        Services services;
        try {
            listener.bind();
            recovery.takeStock(new LeftOverProcesses(ProcessScript.DEFAULT_GRACE)::end);
            services = Services.startAll(List.of(
                    Service.closing(lock),
                    Service.closing(store),
                    keys,
                    delivery,
                    gate,
                    workers,
                    housekeeping,
                    listener));
        } catch (InterruptedException e) {
            abandon(listener, store);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        } catch (StoreException e) {
            abandon(listener, store);
            throw new NotNowException(e);
        } catch (IOException | RuntimeException e) {
            abandon(listener, store);
            throw e;
        }
        warnOfPassingState(workspace.state());

        log.info(
                "ready: {} port {}, {} workers, script {}",
                settings.host(),
                listener.port(),
                settings.maxConcurrentJobs(),
                settings.script().path());
        command.problem().ifPresent(problem -> log.warn("jobs will fail: {}", problem));
        if (settings.trustedAddresses().isAny()) {
            log.warn("TRUSTED_IPS is empty: any address may connect, only the key protects this server");
        }
        return new ReconServer(listener, services);
    }

    private static void abandon(Listener listener, JobStore store) throws IOException {
        listener.stop();
        store.close();
    }

    private static void warnOfPassingState(Path state) {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        if (state.startsWith(temporary)) {
            log.warn(
                    "STATE_DIR {} is below {}, which many systems empty when they start: accepted jobs would be lost;"
                            + " set STATE_DIR and the directories of the jobs to places that stay",
                    state,
                    temporary);
        }
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

    /** Stops accepting, lets running jobs end and their results go out within the grace; the rest waits for the next start. */
    @Override
    public void close() throws IOException {
        log.info("stopping");
        services.close();
        log.info("stopped");
    }
}
