package recon.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import recon.client.AdminClient;
import recon.client.ClientSettings;
import recon.client.ReconClient;
import recon.client.retry.Timing;
import recon.common.crypto.SharedKey;
import recon.common.options.AdminItems;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.wire.AdminReport;
import recon.common.wire.AdminRequest;

/** Servers, a relay before them, and clients, in a directory of the test. */
final class RelaySite implements AutoCloseable {
    /** Below the ports that systems give to outgoing connections. */
    private static final int FIRST_PORT = 20_000;

    private static final int PORTS = 10_000;
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(300);

    final SharedKey clientKey = newKey();
    final SharedKey serverKey = newKey();
    final SharedKey adminKey = newKey();
    private final Path directory;
    private final AtomicInteger clients = new AtomicInteger();
    private final List<Program> started = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();
    private final int relayAdminPort = freePort();
    private int relayPort;

    RelaySite(Path directory) throws IOException {
        this.directory = directory.toRealPath();
    }

    static SharedKey newKey() {
        return SharedKey.generate(new SecureRandom());
    }

    /** A server that can be killed, and started again where it was. */
    final class Server {
        final Path home;
        final int port = freePort();
        private final int adminPort = freePort();
        private final String options;
        private Program program;

        private Server(String name, String options) throws IOException {
            this.home = Files.createDirectories(directory.resolve(name));
            this.options = options;
        }

        String name() {
            return "127.0.0.1:" + port;
        }

        void start() throws IOException, InterruptedException {
            Files.writeString(home.resolve("recon.sh"), """
                    #!/bin/sh
                    echo "$RECON_JOB_ID" >> '%s/journal'
                    while [ -e '%s/held' ]; do sleep 0.05; done
                    cat "$1"/* > "$3/out.bin"
                    echo reconstructed
                    """.formatted(directory, directory));
            Files.setPosixFilePermissions(home.resolve("recon.sh"), PosixFilePermissions.fromString("rwx------"));
            writeOptions(home.resolve("recon.opts"), """
                    SHARED_KEY = %s
                    SERVER_HOSTNAME = 127.0.0.1
                    SERVER_PORT = %d
                    SERVER_ADMIN_PORT = %d
                    SERVER_ADMIN_SHARED_KEY = %s
                    RECON_SERVER_BASE_PFILE_DIR = in
                    RECON_SERVER_DICOM_OUTPUT_DIR = out
                    STATE_DIR = state
                    LOG_FILEPATH =
                    RECON_SCRIPT_PATH = recon.sh
                    MIN_AVAILABLE_MEMORY_MB = 0
                    MIN_FREE_DISK_MB = 0
                    MAX_ATTEMPTS = 1000
                    MAX_CONNECTIONS = 1000
                    MAX_CONNECTIONS_PER_ADDRESS = 1000
                    SHUTDOWN_GRACE_SECONDS = 3
                    %s
                    """.formatted(
                            serverKey.text(), port, adminPort, adminKey.text(), options));
            program = keep(Program.start(home, "recon-server", List.of("-Xmx192m")));
            program.awaitLine("ready: ");
        }

        void kill() {
            program.kill();
        }

        /** SIGSTOP: it takes connections from now on, and says nothing. */
        void hang() throws IOException, InterruptedException {
            int code = new ProcessBuilder("kill", "-STOP", Long.toString(program.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IOException("kill -STOP ended with exit code " + code);
            }
        }

        /** By its own administrator, of whom the relay knows nothing. */
        void drain() throws IOException, OptionsException {
            Options options =
                    Options.load(home.resolve("recon.opts"), Map.of("SERVER_ADMIN_HOSTNAME", "127.0.0.1"), Map.of());
            try (AdminClient admin = new AdminClient(options, AdminItems.SERVER, line -> {})) {
                admin.ask(new AdminRequest.Drain(false, ""), AdminReport.Done.class);
            }
        }

        Program program() {
            return program;
        }
    }

    private synchronized Program keep(Program program) {
        started.add(program);
        return program;
    }

    Server server(String options) throws IOException, InterruptedException {
        Server server = serverToBe(options);
        server.start();
        return server;
    }

    /** The one of the two that gets an upload: it has said so, but its words take a moment. */
    Server awaitReceiver(Server one, Server two) throws InterruptedException {
        while (true) {
            for (Server server : List.of(one, two)) {
                if (server.program().output().contains("receiving 1 files")) {
                    return server;
                }
            }
            new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
        }
    }

    /** One that the relay knows of and that does not run yet. */
    Server serverToBe(String options) throws IOException {
        Server server = new Server("server" + (servers.size() + 1), options);
        servers.add(server);
        return server;
    }

    Program relay(String options) throws IOException, InterruptedException {
        return relay(List.of(), options);
    }

    Program relay(List<String> javaOptions, String options) throws IOException, InterruptedException {
        Path home = Files.createDirectories(directory.resolve("relay"));
        if (relayPort == 0) {
            relayPort = freePort();
        }
        relayOptions(servers, options);
        Program relay = keep(Program.start(home, "recon-relay", javaOptions));
        relay.awaitLine("ready: ");
        return relay;
    }

    /** What the relay reads when it starts, or is told to. */
    void relayOptions(List<Server> behind, String options) throws IOException {
        writeOptions(path("relay").resolve("relay.opts"), """
                RELAY_HOSTNAME = 127.0.0.1
                RELAY_PORT = %d
                BACKEND_SERVERS = %s
                SHARED_KEY_RELAY_TO_CLIENTS = %s
                HEALTH_CHECK_INTERVAL = 1
                STATE_DIR = state
                LOG_FILEPATH =
                MAX_CONNECTIONS_PER_ADDRESS = 256
                RELAY_ADMIN_PORT = %d
                RELAY_ADMIN_SHARED_KEY = %s
                %s
                %s
                """.formatted(
                relayPort,
                String.join(", ", behind.stream().map(Server::name).toList()),
                clientKey.text(),
                relayAdminPort,
                adminKey.text(),
                options.contains("SHARED_KEY_FOR_BACKENDS") ? "" : "SHARED_KEY_FOR_BACKENDS = " + serverKey.text(),
                options));
    }

    /** A relay in this process. */
    ReconRelay relayHere(String options, Server... behind) throws Exception {
        Path home = relayHereOptions(options, behind);
        Supplier<Options> read =
                () -> Options.load(RelayItems.CATALOGUE, home.resolve("relay.opts"), Map.of(), Map.of());
        return ReconRelay.start(read.get(), read);
    }

    /** What that relay reads; returns where. */
    Path relayHereOptions(String options, Server... behind) throws IOException {
        Path home = Files.createDirectories(path("relay-here"));
        writeOptions(home.resolve("relay.opts"), """
                RELAY_HOSTNAME = 127.0.0.1
                RELAY_PORT = 0
                RELAY_ADMIN_PORT = 0
                RELAY_ADMIN_SHARED_KEY = %s
                BACKEND_SERVERS = %s
                SHARED_KEY_RELAY_TO_CLIENTS = %s
                SHARED_KEY_FOR_BACKENDS = %s
                LOG_FILEPATH =
                %s
                %s
                """.formatted(
                        adminKey.text(),
                        Stream.of(behind).map(Server::name).collect(Collectors.joining(", ")),
                        clientKey.text(),
                        serverKey.text(),
                        options.contains("HEALTH_CHECK_INTERVAL") ? "" : "HEALTH_CHECK_INTERVAL = 1",
                        options));
        return home;
    }

    /** Somebody who looks after that relay. */
    AdminClient adminOf(ReconRelay relay) throws OptionsException {
        Options options = AdminItems.RELAY.load(
                path("relay-here").resolve("relay.opts"),
                Map.of("RELAY_ADMIN_PORT", Integer.toString(relay.adminPort().orElseThrow())),
                Map.of());
        return new AdminClient(options, AdminItems.RELAY, line -> {});
    }

    /** What a command of an administrator came to. */
    record Run(int exitCode, String output) {}

    /** A command for the relay, with its own options file. */
    Run admin(String... words) throws IOException, InterruptedException {
        return startAdmin(words).get();
    }

    /** One that takes its time. */
    Supplier<Run> startAdmin(String... words) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("admin"));
        arguments.addAll(List.of(words));
        arguments.addAll(List.of("--opts", path("relay").resolve("relay.opts").toString()));
        Program program = keep(Program.start(directory, "recon-client", List.of(), arguments.toArray(String[]::new)));
        return () -> {
            try {
                int exitCode = program.awaitExit();
                return new Run(exitCode, program.output().replace("(end of output)", ""));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** What administrators did to the relay, in their order. */
    List<String> actions() throws SQLException {
        List<String> actions = new ArrayList<>();
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + path("relay/state/relay.db"));
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT action || ' by ' || done_by FROM admin_action ORDER BY number")) {
            while (rows.next()) {
                actions.add(rows.getString(1));
            }
        }
        return actions;
    }

    int relayPort() {
        return relayPort;
    }

    /** It cannot start; its clients would have a port of their own. */
    Program anotherRelayOnTheSameAdminPort() throws IOException {
        Path home = Files.createDirectories(directory.resolve("another-relay"));
        String options = Files.readString(path("relay").resolve("relay.opts"));
        writeOptions(home.resolve("relay.opts"), options.replaceFirst("RELAY_PORT = \\d+", "RELAY_PORT = 0"));
        return keep(Program.start(home, "recon-relay", List.of()));
    }

    static void writeOptions(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    /** Scripts do not end until {@link #letScriptsEnd}. */
    void holdScripts() throws IOException {
        Files.createFile(path("held"));
    }

    void letScriptsEnd() throws IOException {
        Files.deleteIfExists(path("held"));
    }

    /** The ids of the jobs whose scripts were started, once for each start. */
    List<String> journal() throws IOException {
        return Files.exists(path("journal")) ? Files.readAllLines(path("journal")) : List.of();
    }

    Path input(String name, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new SplittableRandom(name.hashCode()).nextBytes(content);
        return Files.write(path(name), content);
    }

    /** A client of the relay with the key that all share. */
    ReconClient client(String transport) throws IOException, OptionsException {
        return client(transport, clientKey, relayPort);
    }

    ReconClient client(String transport, SharedKey key, int port) throws IOException, OptionsException {
        Path home = Files.createDirectories(directory.resolve("client" + clients.incrementAndGet()));
        writeOptions(home.resolve("recon.opts"), """
                SHARED_KEY = %s
                SERVER_HOSTNAME = 127.0.0.1
                SERVER_PORT = %d
                TRANSPORT = %s
                CLIENT_STATE_DIR = notes
                """.formatted(key.text(), port, transport));
        Timing timing = new Timing(
                new SplittableRandom(),
                (over, time) -> over.await(Math.min(time.toNanos(), LONGEST_PAUSE.toNanos()), TimeUnit.NANOSECONDS));
        return new ReconClient(
                ClientSettings.from(Options.load(home.resolve("recon.opts"), Map.of(), Map.of())), timing, line -> {});
    }

    private static int freePort() {
        SecureRandom random = new SecureRandom();
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = FIRST_PORT + random.nextInt(PORTS);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                // another one
            }
        }
        throw new IllegalStateException("no free port from " + FIRST_PORT + " on");
    }

    @Override
    public void close() throws IOException {
        letScriptsEnd();
        started.forEach(Program::close);
    }
}
