package recon.server.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.lifecycle.Services;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.wire.SecureChannel;
import recon.server.intake.ClientSession;
import recon.server.intake.JobIntake;
import recon.server.queue.JobQueue;
import recon.server.queue.MemoryJobStore;
import recon.server.queue.Workspace;
import recon.server.script.ReconScript;
import recon.server.status.StatusReport;
import recon.server.work.WorkerPool;

/** The server's parts around a script of the test's choice, on port 0, in a directory of its own. */
public final class TestServer implements AutoCloseable {
    public final SharedKey key = SharedKey.generate(new SecureRandom());
    public final Path inputs;
    public final Path outputs;
    public final Path state;
    public final MemoryJobStore store = new MemoryJobStore();
    public final JobQueue queue;
    private final Listener listener;
    private final Services services;

    /** What a test may set otherwise. */
    public static final class Setup {
        public int workers = 1;
        public int maxFiles = 5;
        public int maxQueued = 100;
        public boolean sharedOutput;
        public String trusted = "";
        public Duration grace = Duration.ofSeconds(10);
        public Duration idle = Duration.ofSeconds(20);
        public Duration first = Duration.ofSeconds(10);
    }

    public TestServer(Path directory, ReconScript script) throws IOException {
        this(directory, script, new Setup());
    }

    public TestServer(Path directory, ReconScript script, Setup setup) throws IOException {
        inputs = directory.resolve("inputs");
        outputs = directory.resolve("outputs");
        state = directory.resolve("state");
        Clock clock = Clock.systemUTC();
        Workspace workspace = new Workspace(inputs, outputs, setup.sharedOutput, state);
        FernetCipher cipher = new FernetCipher(List.of(key));
        ReplayGuard guard = new ReplayGuard(Duration.ofMinutes(5), clock);
        queue = new JobQueue(setup.maxQueued);
        ClientSession session = new ClientSession(
                TrustedAddresses.parse(setup.trusted),
                connection -> new SecureChannel(connection, cipher, guard, FernetCipher.MAX_TOKEN_BYTES),
                new JobIntake(workspace, store, queue, setup.maxFiles, clock),
                new StatusReport(store, setup.workers, clock));
        WorkerPool workers = new WorkerPool(setup.workers, setup.grace, queue, store, script);
        listener = new Listener(
                "server",
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new Listener.Limits(100, 100, setup.idle, setup.first),
                session);
        services = Services.startAll(List.of(workers, listener));
    }

    public TestClient connect() throws IOException {
        return TestClient.connect(listener.port(), key);
    }

    public int port() {
        return listener.port();
    }

    /** Everything below the directories of jobs. */
    public List<Path> jobFiles() throws IOException {
        try (Stream<Path> in = Files.walk(inputs);
                Stream<Path> out = Files.walk(outputs)) {
            return Stream.concat(in, out)
                    .filter(path -> !path.equals(inputs) && !path.equals(outputs))
                    .toList();
        }
    }

    @Override
    public void close() throws IOException {
        services.close();
    }
}
