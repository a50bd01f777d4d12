package recon.server.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.KeyRing;
import recon.common.crypto.OwnedKey;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.job.JobId;
import recon.common.job.Priority;
import recon.common.lifecycle.Service;
import recon.common.lifecycle.Services;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;
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
import recon.server.queue.StoreRetry;
import recon.server.queue.Workspace;
import recon.server.script.ReconScript;
import recon.server.status.StatusReport;
import recon.server.work.Recovery;
import recon.server.work.ResourceGate;
import recon.server.work.WorkerPool;

/** The server's parts around a script of the test's choice, on port 0, in a directory of its own. */
public final class TestServer implements AutoCloseable {
    public final SharedKey key;
    public final Path inputs;
    public final Path outputs;
    public final Path state;
    public final JobStore store;
    private final SqliteJobStore durable;
    public final JobQueue queue;
    public final Housekeeping housekeeping;
    private final Listener listener;
    private final Services services;

    /** What a test may set otherwise. */
    public static final class Setup {
        public int workers = 1;
        public int maxFiles = 5;
        public long maxJobBytes = Long.MAX_VALUE;
        public long minFreeDiskBytes;
        public Duration partialUploads = Duration.ofHours(1);
        public Priority maxPriority = Priority.URGENT;
        public int maxQueued = 100;
        public int maxAttempts = 2;
        public boolean rerunInterrupted = true;
        public Retention retention = new Retention(Duration.ofHours(1), Duration.ofHours(2), Duration.ZERO);
        public boolean sharedOutput;
        public String trusted = "";
        public Duration grace = Duration.ofSeconds(10);
        public Duration idle = Duration.ofSeconds(20);
        public Duration first = Duration.ofSeconds(10);
        public Clock clock = Clock.systemUTC();
        /** What stands between the server's parts and the store. */
        public UnaryOperator<JobStore> storeFaults = UnaryOperator.identity();
        /** In place of the key that a new server would make: that of a former run. */
        public SharedKey key = SharedKey.generate(new SecureRandom());
        /** Keys of single clients, which are accepted beside that one. */
        public List<OwnedKey> clients = List.of();
    }

    public TestServer(Path directory, ReconScript script) throws IOException {
        this(directory, script, new Setup());
    }

    public TestServer(Path directory, ReconScript script, Setup setup) throws IOException {
        key = setup.key;
        inputs = directory.resolve("inputs");
        outputs = directory.resolve("outputs");
        state = directory.resolve("state");
        Clock clock = setup.clock;
        Workspace workspace = new Workspace(inputs, outputs, setup.sharedOutput, state);
        StateLock lock = StateLock.take(workspace.lockable());
        durable = SqliteJobStore.open(state, clock);
        store = setup.storeFaults.apply(durable);
        StoreRetry retry = new StoreRetry(Duration.ofMillis(1));
        queue = new JobQueue(setup.maxQueued);
        JobWatches watches = new JobWatches();
        ResourceGate gate = new ResourceGate(0, 0, Duration.ofSeconds(1));
        WorkerPool workers = new WorkerPool(
                new WorkerPool.Settings(setup.workers, setup.grace, setup.rerunInterrupted, setup.retention),
                queue,
                store,
                retry,
                watches,
                workspace,
                gate,
                script,
                clock);
        JobIntake intake = new JobIntake(
                workspace,
                store,
                queue,
                workspace.diskSpace(setup.minFreeDiskBytes),
                new SubmissionLimits(setup.maxFiles, setup.maxJobBytes, setup.maxPriority),
                setup.partialUploads,
                clock);
        Delivery delivery = new Delivery(store, watches, workspace, setup.retention, Duration.ofSeconds(2), clock);
        housekeeping = new Housekeeping(
                store, watches, workspace, setup.retention.logs(), intake::tidyUp, Duration.ofHours(1), clock);
        List<OwnedKey> keys = new ArrayList<>(List.of(new OwnedKey(KeyOwner.SHARED, key)));
        keys.addAll(setup.clients);
        FernetCipher cipher = new FernetCipher(new KeyRing(keys));
        ReplayGuard guard = new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC());
        ClientSession session = new ClientSession(
                () -> TrustedAddresses.parse(setup.trusted),
                TransportChoice.AUTO,
                connection -> new SecureChannel(connection, cipher, guard, FernetCipher.MAX_TOKEN_BYTES),
                new Departments(
                        intake,
                        delivery,
                        new JobControl(store, queue, watches, workers, workspace, setup.retention, clock),
                        new LogSender(store, watches, workspace),
                        new StatusReport(
                                store, workers::limit, queue::isDraining, gate::closedBecause, retry::trouble, clock)));
        listener = new Listener(
                "server",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new Listener.Limits(100, 100, setup.idle, setup.first, 0),
                session);
        try {
            new Recovery(
                            store,
                            queue,
                            workspace,
                            new Recovery.Rules(setup.maxAttempts, setup.rerunInterrupted, setup.retention),
                            clock)
                    .takeStock(jobs -> {});
        } catch (IOException e) {
            durable.close();
            lock.close();
            throw e;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        services = Services.startAll(
                List.of(Service.closing(lock), Service.closing(durable), delivery, gate, workers, listener));
    }

    public TestClient connect() throws IOException {
        return connect(key);
    }

    public TestClient connect(SharedKey clientKey) throws IOException {
        return TestClient.connect(listener.port(), clientKey);
    }

    /** The answer to a question that takes a connection of its own. */
    public Event ask(Request request) throws IOException {
        return ask(request, key);
    }

    public Event ask(Request request, SharedKey clientKey) throws IOException {
        try (TestClient client = connect(clientKey)) {
            client.send(request);
            Event answer = client.event();
            if (client.receiveOrEnd().isPresent()) {
                throw new AssertionError("the server went on after " + answer);
            }
            return answer;
        }
    }

    public Report.JobDetails show(JobId job) throws IOException {
        return (Report.JobDetails) ask(new Request.OfJob(Request.OfJob.Verb.SHOW, job));
    }

    public int port() {
        return listener.port();
    }

    /** Everything below the directories of jobs. A worker may remove some of it meanwhile. */
    public List<Path> jobFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path base : List.of(inputs, outputs)) {
            Files.walkFileTree(base, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return visitFile(directory, attributes);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().contains("job_")) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }
            });
        }
        return files;
    }

    @Override
    public void close() throws IOException {
        services.close();
    }
}
