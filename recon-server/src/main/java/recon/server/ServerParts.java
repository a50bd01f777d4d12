package recon.server;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import recon.common.admin.AdminPort;
import recon.common.admin.LiveOptions;
import recon.common.crypto.KeyRing;
import recon.common.keys.ClientKeysWatch;
import recon.common.lifecycle.Service;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.options.Item;
import recon.common.options.Items;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.server.admin.AdminOrders;
import recon.server.admin.Controls;
import recon.server.admin.Reloading;
import recon.server.delivery.Delivery;
import recon.server.delivery.LogSender;
import recon.server.intake.Departments;
import recon.server.intake.JobIntake;
import recon.server.intake.SubmissionLimits;
import recon.server.metrics.Metrics;
import recon.server.metrics.Sources;
import recon.server.mrd.MrdServer;
import recon.server.queue.Housekeeping;
import recon.server.queue.JobControl;
import recon.server.queue.JobQueue;
import recon.server.queue.JobStore;
import recon.server.queue.JobWatches;
import recon.server.queue.Retention;
import recon.server.queue.StoreRetry;
import recon.server.queue.Workspace;
import recon.server.script.OutputMode;
import recon.server.script.ProcessScript;
import recon.server.script.ReconScript;
import recon.server.script.ScriptCommand;
import recon.server.status.StatusReport;
import recon.server.work.Recovery;
import recon.server.work.ResourceGate;
import recon.server.work.WorkerPool;

/**
 * The parts of a server, made for its settings and for each other; nothing runs yet. The only class that knows every
 * package.
 */
final class ServerParts {
    /** How long clients that are taking results may go on once everything else has stopped. */
    private static final Duration LAST_DELIVERIES = Duration.ofSeconds(3);

    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofMinutes(1);

    /** As many as MAX_CONCURRENT_JOBS may be. */
    private static final int MOST_JOBS = 256;

    final ScriptCommand command;
    final JobQueue queue;
    final WorkerPool workers;
    final Recovery recovery;
    final AdminOrders orders;
    final Reloading reloading;
    final Listener listener;
    final Optional<AdminPort> adminPort;
    final Optional<Metrics> metrics;
    final Optional<MrdServer> mrd;

    private final ClientKeysWatch keys;
    private final ResourceGate gate;
    private final JobIntake intake;
    private final Delivery delivery;
    private final Housekeeping housekeeping;
    private final AtomicReference<TrustedAddresses> trusted;
    private final KeyRing adminRing;

    /**
     * @param again reads the options anew, while the server runs
     * @param store the parts use it; whoever has opened it closes it
     * @throws IOException if one of the names to listen on has no address
     */
    ServerParts(
            Options options,
            Supplier<Options> again,
            ServerSettings settings,
            ClientKeysWatch keys,
            Workspace workspace,
            ScriptCommand command,
            JobStore store,
            Clock clock)
            throws IOException {
        this.command = command;
        this.keys = keys;
        ServerSettings.Limits limits = settings.limits();
        Retention retention = new Retention(
                settings.retention().results(),
                settings.retention().undelivered(),
                settings.retention().failedInputs());
        StoreRetry retry = new StoreRetry(FIRST_RETRY);
        JobWatches watches = new JobWatches();
        queue = new JobQueue(limits.maxQueuedJobs());
        gate = new ResourceGate(
                settings.resources().maxCpuLoadPercent(),
                settings.resources().minAvailableMemoryMb(),
                settings.resources().checkInterval());
        ReconScript script = new ProcessScript(
                command,
                settings.script().timeout().orElse(ProcessScript.NO_LIMIT),
                ProcessScript.DEFAULT_GRACE,
                settings.script().logMaxBytes());
        AtomicReference<ReconScript> timed = new AtomicReference<>(script);
        workers = new WorkerPool(
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
        recovery = new Recovery(
                store,
                queue,
                workspace,
                new Recovery.Rules(
                        settings.attempts().max(), settings.attempts().rerunInterrupted(), retention),
                clock);
        intake = new JobIntake(
                workspace,
                store,
                queue,
                workspace.diskSpace(limits.minFreeDiskBytes()),
                submissionLimits(limits),
                settings.retention().partialUploads(),
                clock);
        delivery = new Delivery(store, watches, workspace, retention, LAST_DELIVERIES, clock);
        housekeeping = new Housekeeping(
                store, watches, workspace, retention.logs(), intake::tidyUp, HOUSEKEEPING_INTERVAL, clock);
        JobControl control = new JobControl(store, queue, watches, workers, workspace, retention, clock);
        StatusReport status =
                new StatusReport(store, workers::limit, queue::isDraining, gate::closedBecause, retry::trouble, clock);
        orders = new AdminOrders(
                store,
                queue,
                workers,
                settings.maxConcurrentJobs(),
                settings.script().outputMode() == OutputMode.SHARED ? 1 : MOST_JOBS);

        trusted = new AtomicReference<>(settings.trustedAddresses());
        Ports ports = new Ports(settings, trusted::get, clock);
        listener = ports.forClients(
                keys.ring(),
                new Departments(intake, delivery, control, new LogSender(store, watches, workspace), status));
        adminRing = new KeyRing(settings.administration().keys());
        LiveOptions<ServerSettings> liveOptions = new LiveOptions<>(
                Items.all().stream()
                        .filter(item -> item.user() == Item.User.SERVER || item.user() == Item.User.BOTH)
                        .toList(),
                options,
                again,
                ServerSettings::from,
                this::newKeys,
                live(settings));
        reloading = by -> liveOptions.reload(action -> store.recordAction(action, by));
        adminPort = ports.forAdministrators(
                adminRing,
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
        Map<String, LongSupplier> failedHandshakes = new LinkedHashMap<>(Map.of("clients", listener::failedHandshakes));
        adminPort.ifPresent(admin -> failedHandshakes.put("administration", admin::failedHandshakes));
        metrics = ports.forMonitors(new Sources(
                store,
                queue,
                workers,
                retry::trouble,
                listener::bytesIn,
                listener::bytesOut,
                failedHandshakes,
                workspace.lockable(),
                clock));
        metrics.ifPresent(figures -> timed.set(figures.timed(script)));
        mrd = ports.forMrd();
    }

    /** What a running server takes over when its options are read again. */
    private Map<Item, Consumer<ServerSettings>> live(ServerSettings settings) {
        Map<Item, Consumer<ServerSettings>> live = new LinkedHashMap<>();
        live.put(Items.SHARED_KEY, now -> {}); // with the keys of clients
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
        return live;
    }

    private LiveOptions.Prepared newKeys(ServerSettings now) throws OptionsException {
        ClientKeysWatch.Update update =
                keys.prepare(now.keys(), now.administration().key());
        return new LiveOptions.Prepared(update.changes(), update::takeOver);
    }

    private static SubmissionLimits submissionLimits(ServerSettings.Limits limits) {
        return new SubmissionLimits(
                limits.maxJobFiles(), limits.maxJobBytes().orElse(Long.MAX_VALUE), limits.maxClientPriority());
    }

    /** In the order in which they start, after the store. */
    List<Service> services() {
        List<Service> inOrder = new ArrayList<>();
        metrics.ifPresent(inOrder::add);
        inOrder.addAll(List.of(keys, delivery, gate, workers, housekeeping, listener));
        adminPort.ifPresent(inOrder::add);
        mrd.ifPresent(inOrder::add);
        metrics.ifPresent(figures -> inOrder.add(figures.readiness()));
        return inOrder;
    }
}
