package recon.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.admin.AdminPort;
import recon.common.admin.AdminSession;
import recon.common.admin.LiveOptions;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyRing;
import recon.common.crypto.ReplayGuard;
import recon.common.keys.ClientKeysFile;
import recon.common.keys.ClientKeysWatch;
import recon.common.lifecycle.Service;
import recon.common.lifecycle.Services;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.options.AdminItems;
import recon.common.options.Item;
import recon.common.options.Items;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.wire.SecureChannel;
import recon.server.admin.AdminAnswers;
import recon.server.admin.AdminOrders;
import recon.server.admin.Controls;
import recon.server.admin.Reloading;
import recon.server.delivery.Delivery;
import recon.server.delivery.LogSender;
import recon.server.intake.ClientSession;
import recon.server.intake.Departments;
import recon.server.intake.JobIntake;
import recon.server.intake.SubmissionLimits;
import recon.server.metrics.Metrics;
import recon.server.metrics.Sources;
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
import recon.server.script.ReconScript;
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

    /** As many as MAX_CONCURRENT_JOBS may be. */
    private static final int MOST_JOBS = 256;

    /** So often the server looks whether the client keys have changed. */
    private static final Duration KEYS_INTERVAL = Duration.ofSeconds(2);

    private final Listener listener;
    private final Optional<AdminPort> adminPort;
    private final Services services;
    private final Reloading reloading;

    /** The server cannot start now, for want of disk space perhaps; nothing is wrong with its options. */
    public static final class NotNowException extends IOException {
        private static final long serialVersionUID = 1L;

        NotNowException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private ReconServer(Listener listener, Optional<AdminPort> adminPort, Services services, Reloading reloading) {
        this.listener = listener;
        this.adminPort = adminPort;
        this.services = services;
        this.reloading = reloading;
    }

    /**
     * Starts a server.
     *
     * @param again reads the options anew, while the server runs
     * @param installation the program's own jar, or its directory of classes: scripts are looked for beside it
     * @param reconstruct command that runs the built-in reconstruction
     * @throws OptionsException if the options are wrong, or the client keys cannot be used
     * @throws NotNowException if the record of the jobs cannot be brought up to date
     * @throws IOException if a directory or the port cannot be used; the message tells the operator what to do
     */
    public static ReconServer start(
            Options options, Supplier<Options> again, Path installation, List<String> reconstruct)
            throws OptionsException, IOException {
        ServerSettings settings = ServerSettings.from(options);
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
            return start(options, again, settings, workspace, lock, command, script, keys);
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
            Options options,
            Supplier<Options> again,
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

        AtomicReference<ReconScript> timed = new AtomicReference<>(script);
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
                run -> timed.get().run(run),
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
                submissionLimits(limits),
                settings.retention().partialUploads(),
                clock);
        Delivery delivery = new Delivery(store, watches, workspace, retention, LAST_DELIVERIES, clock);
        Housekeeping housekeeping = new Housekeeping(
                store, watches, workspace, retention.logs(), intake::tidyUp, HOUSEKEEPING_INTERVAL, clock);

        FernetCipher cipher = new FernetCipher(keys.ring());
        ReplayGuard guard = new ReplayGuard(limits.messageMaxAge().orElse(Duration.ZERO), clock);
        AtomicReference<TrustedAddresses> trusted = new AtomicReference<>(settings.trustedAddresses());
        JobControl control = new JobControl(store, queue, watches, workers, workspace, retention, clock);
        StatusReport status =
                new StatusReport(store, workers::limit, queue::isDraining, gate::closedBecause, retry::trouble, clock);
        ClientSession session = new ClientSession(
                trusted::get,
                settings.access().transports(),
                connection -> new SecureChannel(connection, cipher, guard, limits.maxMessageBytes()),
                new Departments(intake, delivery, control, new LogSender(store, watches, workspace), status));
        Listener listener = new Listener(
                "server",
                addresses("SERVER_HOSTNAME", settings.host(), settings.port()),
                listenerLimits(settings),
                session);
        AdminOrders orders = new AdminOrders(
                store,
                queue,
                workers,
                settings.maxConcurrentJobs(),
                settings.script().outputMode() == OutputMode.SHARED ? 1 : MOST_JOBS);
        KeyRing adminRing = new KeyRing(settings.administration().keys());
        Map<Item, Consumer<ServerSettings>> live = new LinkedHashMap<>();
        live.put(Items.SHARED_KEY, now -> {}); // with the keys of clients, below
        live.put(Items.PREVIOUS_SHARED_KEYS, now -> {});
        live.put(Items.TRUSTED_IPS, now -> trusted.set(now.trustedAddresses()));
        live.put(Items.MAX_CONCURRENT_JOBS, now -> orders.configure(now.maxConcurrentJobs()));
        live.put(Items.MAX_QUEUED_JOBS, now -> queue.limit(now.limits().maxQueuedJobs()));
        for (Item item : List.of(Items.MAX_JOB_FILES, Items.MAX_JOB_BYTES, Items.MAX_CLIENT_PRIORITY)) {
            live.put(item, now -> intake.limit(submissionLimits(now.limits())));
        }
        for (Item item : List.of(Items.MAX_CONNECTIONS, Items.MAX_CONNECTIONS_PER_ADDRESS)) {
            live.put(
                    item,
                    now -> listener.limit(
                            now.limits().maxConnections(), now.limits().maxConnectionsPerAddress()));
        }
        if (settings.administration().key().isPresent()) {
            live.put(
                    Items.SERVER_ADMIN_SHARED_KEY,
                    now -> adminRing.replace(now.administration().keys()));
        }
        LiveOptions<ServerSettings> liveOptions = new LiveOptions<>(
                Items.all().stream()
                        .filter(item -> item.user() == Item.User.SERVER || item.user() == Item.User.BOTH)
                        .toList(),
                options,
                again,
                ServerSettings::from,
                now -> {
                    ClientKeysWatch.Update update = keys.prepare(now.keys());
                    return new LiveOptions.Prepared(update.changes(), update::takeOver);
                },
                live);
        Reloading reloading = by -> liveOptions.reload(action -> store.recordAction(action, by));
        Optional<AdminPort> adminPort = administration(
                settings,
                adminRing,
                trusted::get,
                new Controls(
                        store,
                        queue,
                        workers,
                        orders,
                        gate::closedBecause,
                        control,
                        status,
                        workspace,
                        settings.log().file(),
                        reloading,
                        clock));
        Optional<Metrics> metrics = metrics(
                settings.metrics(),
                new Sources(
                        store,
                        queue,
                        workers,
                        retry::trouble,
                        listener::bytesIn,
                        listener::bytesOut,
                        listener::failedHandshakes,
                        workspace.lockable(),
                        clock));
        metrics.ifPresent(figures -> timed.set(figures.timed(script)));
        Services services;
        try {
            listener.bind();
            if (adminPort.isPresent()) {
                adminPort.get().bind();
            }
            recovery.takeStock(new LeftOverProcesses(ProcessScript.DEFAULT_GRACE)::end);
            orders.restore();
            List<Service> inOrder = new ArrayList<>(List.of(Service.closing(lock), Service.closing(store)));
            metrics.ifPresent(inOrder::add);
            inOrder.addAll(List.of(keys, delivery, gate, workers, housekeeping, listener));
            adminPort.ifPresent(inOrder::add);
            metrics.ifPresent(figures -> inOrder.add(figures.readiness()));
            services = Services.startAll(inOrder);
        } catch (InterruptedException e) {
            abandon(listener, adminPort, store);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        } catch (StoreException e) {
            abandon(listener, adminPort, store);
            throw new NotNowException(e);
        } catch (IOException | RuntimeException e) {
            abandon(listener, adminPort, store);
            throw e;
        }
        warnOfPassingState(workspace.state());

        log.info(
                "ready: {} port {}, {} workers{}, script {}",
                settings.host(),
                listener.port(),
                workers.limit(),
                queue.isDraining() ? ", draining" : "",
                settings.script().path());
        adminPort.ifPresent(admin -> log.info("administration: {}", admin));
        command.problem().ifPresent(problem -> log.warn("jobs will fail: {}", problem));
        if (settings.trustedAddresses().isAny()) {
            log.warn("TRUSTED_IPS is empty: any address may connect, only the key protects this server");
        }
        return new ReconServer(listener, adminPort, services, reloading);
    }

    private static void abandon(Listener listener, Optional<AdminPort> adminPort, JobStore store) throws IOException {
        listener.stop();
        if (adminPort.isPresent()) {
            adminPort.get().stop();
        }
        store.close();
    }

    private static Optional<Metrics> metrics(ServerSettings.Metrics settings, Sources sources) throws IOException {
        return settings.port() == 0
                ? Optional.empty()
                : Optional.of(new Metrics(
                        addresses("METRICS_HOSTNAME", settings.host(), settings.port())
                                .get(0),
                        sources));
    }

    private static SubmissionLimits submissionLimits(ServerSettings.Limits limits) {
        return new SubmissionLimits(
                limits.maxJobFiles(), limits.maxJobBytes().orElse(Long.MAX_VALUE), limits.maxClientPriority());
    }

    private static Listener.Limits listenerLimits(ServerSettings settings) {
        ServerSettings.Limits limits = settings.limits();
        return new Listener.Limits(
                limits.maxConnections(),
                limits.maxConnectionsPerAddress(),
                limits.idleTimeout(),
                FIRST_MESSAGE,
                settings.access().failedHandshakesPerMinute());
    }

    private static Optional<AdminPort> administration(
            ServerSettings settings, KeyRing ring, Supplier<TrustedAddresses> trusted, Controls controls)
            throws IOException {
        if (settings.administration().key().isEmpty()) {
            return Optional.empty();
        }
        ServerSettings.Limits limits = settings.limits();
        FernetCipher cipher = new FernetCipher(ring);
        ReplayGuard guard = new ReplayGuard(limits.messageMaxAge().orElse(Duration.ZERO), controls.clock());
        return Optional.of(new AdminPort(
                settings.administration(),
                AdminItems.SERVER,
                listenerLimits(settings),
                new AdminSession(
                        AdminItems.SERVER,
                        trusted,
                        Items.TRUSTED_IPS,
                        settings.access().transports(),
                        connection -> new SecureChannel(connection, cipher, guard, limits.maxMessageBytes()),
                        channel -> new AdminAnswers(channel, controls))));
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

    private static List<InetSocketAddress> addresses(String item, String host, int port) throws IOException {
        try {
            return Listener.addressesOf(host, port);
        } catch (UnknownHostException e) {
            throw new IOException(item + " = " + host + " is no address and no known name", e);
        }
    }

    /** The port in use, also when 0 was asked for. */
    public int port() {
        return listener.port();
    }

    /** The port for administration; empty if there is none. */
    public OptionalInt adminPort() {
        return adminPort.map(admin -> OptionalInt.of(admin.port())).orElseGet(OptionalInt::empty);
    }

    /** Takes over what has changed in the options, and logs what came of it. */
    public void reload(String by) {
        try {
            reloading.reload(by);
        } catch (OptionsException e) {
            log.error("nothing was reloaded: {}", String.join("; ", e.problems()));
        } catch (IOException e) {
            log.error("nothing was reloaded, since it cannot be put on record: {}", e.getMessage());
        }
    }

    /** Stops accepting, lets running jobs end and their results go out within the grace; the rest waits for the next start. */
    @Override
    public void close() throws IOException {
        log.info("stopping");
        services.close();
        log.info("stopped");
    }
}
