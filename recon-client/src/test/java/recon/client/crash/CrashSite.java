package recon.client.crash;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import recon.client.ClientSettings;
import recon.client.FreePort;
import recon.common.crypto.SharedKey;
import recon.common.options.Options;
import recon.common.options.OptionsException;

/** A directory in which a server and its clients run, with the options, the script and all that they leave. */
final class CrashSite implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final SiteScript script;
    private final AtomicInteger runs = new AtomicInteger();
    private final List<Process> started = Collections.synchronizedList(new ArrayList<>());

    /** @param options lines of the options file, beside those that every site has */
    CrashSite(Path directory, String options) throws IOException {
        this.directory = Files.createDirectories(directory).toRealPath();
        this.port = FreePort.find();
        this.script = SiteScript.write(path("recon.sh"), path("journal"));
        Files.writeString(path("recon.opts"), """
                SERVER_HOSTNAME = 127.0.0.1
                SERVER_PORT = %d
                SHARED_KEY = %s
                RECON_SERVER_BASE_PFILE_DIR = inputs
                RECON_SERVER_DICOM_OUTPUT_DIR = outputs
                STATE_DIR = state
                LOG_FILEPATH =
                RECON_SCRIPT_PATH = recon.sh
                CLIENT_DOWNLOAD_DIR = downloads
                CLIENT_STATE_DIR = client-state
                MAX_ATTEMPTS = 1000
                MIN_FREE_DISK_MB = 0
                MAX_CONNECTIONS = 1000
                MAX_CONNECTIONS_PER_ADDRESS = 1000
                %s
                """.formatted(
                        port, SharedKey.generate(new SecureRandom()).text(), withMemory(options)));
        Files.setPosixFilePermissions(path("recon.opts"), PosixFilePermissions.fromString("rw-------"));
    }

    /** Jobs start on a small machine too, unless the options say otherwise. */
    private static String withMemory(String options) {
        String item = "MIN_AVAILABLE_MEMORY_MB = ";
        return options.contains(item) ? options : item + "0\n" + options;
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    Path directory() {
        return directory;
    }

    int port() {
        return port;
    }

    SiteScript script() {
        return script;
    }

    JobRows rows() {
        return new JobRows(path("state").resolve("recon.db"));
    }

    /** For clients within this process. */
    ClientSettings clientSettings(int serverPort) throws OptionsException {
        return ClientSettings.from(
                Options.load(path("recon.opts"), Map.of("SERVER_PORT", Integer.toString(serverPort)), Map.of()));
    }

    /** Starts a server, and does not wait. */
    ServerRun start(String... javaOptions) throws IOException {
        Path output = path("server-%03d.out".formatted(runs.incrementAndGet()));
        return new ServerRun(launch(Jars.server(List.of(javaOptions)), output), output);
    }

    /** As {@link #start}, with the JVM's own choices, as in production. */
    ServerRun startAtFullSpeed() throws IOException {
        Path output = path("server-%03d.out".formatted(runs.incrementAndGet()));
        return new ServerRun(launch(Jars.serverAtFullSpeed(), output), output);
    }

    /** How many lines of servers hold these words, so far. */
    long said(String words) throws IOException {
        long lines = 0;
        try (DirectoryStream<Path> outputs = Files.newDirectoryStream(directory, "server-*.out")) {
            for (Path output : outputs) {
                lines += Files.readString(output)
                        .lines()
                        .filter(line -> line.contains(words))
                        .count();
            }
        }
        return lines;
    }

    /** Starts a client that talks to that port, and does not wait. */
    ClientRun client(int serverPort, String... arguments) throws IOException {
        Path output = path("client-%03d.out".formatted(runs.incrementAndGet()));
        ProcessBuilder builder = Jars.client(arguments);
        builder.command().addAll(List.of("--json", "--set", "SERVER_PORT=" + serverPort));
        return new ClientRun(launch(builder, output), output);
    }

    ClientRun client(String... arguments) throws IOException {
        return client(port, arguments);
    }

    private Process launch(ProcessBuilder builder, Path output) throws IOException {
        Process process = builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        started.removeIf(one -> !one.isAlive());
        started.add(process);
        return process;
    }

    /** Ends every process. The directory stays, as evidence. */
    @Override
    public void close() throws IOException {
        for (Process process : List.copyOf(started)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
        LeftOvers.of(this).endProcesses();
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
