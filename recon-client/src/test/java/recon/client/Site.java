package recon.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A directory with a recon.opts, in which both programs run from their jars as a user would run them. */
final class Site implements AutoCloseable {
    static final Path CLIENT_JAR = jar("recon-client");
    static final Path SERVER_JAR = jar("recon-server");

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final int LIMIT_SECONDS = 400;

    private final Path directory;
    private final List<Process> started = new ArrayList<>();
    private final List<Path> heldScripts = new ArrayList<>();

    Site(Path directory) {
        this.directory = directory;
    }

    private static Path jar(String module) {
        Path jar = Path.of("..", module, "target", module + ".jar")
                .toAbsolutePath()
                .normalize();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is missing; run mvn package first");
        }
        return jar;
    }

    /** What a program that has ended said. */
    record Run(int exitCode, String out, String err) {
        List<String> outLines() {
            return out.lines().toList();
        }
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    Path downloads() {
        return path("downloads");
    }

    void options(String key, String more) throws IOException {
        Files.writeString(path("recon.opts"), """
                SERVER_PORT = 0
                SHARED_KEY = %s
                RECON_SERVER_BASE_PFILE_DIR = inputs
                RECON_SERVER_DICOM_OUTPUT_DIR = outputs
                LOG_FILEPATH =
                CLIENT_DEFAULT_PFILE_PATH = default.7
                CLIENT_DOWNLOAD_DIR = downloads
                CLIENT_STATE_DIR = client-state
                SHUTDOWN_GRACE_SECONDS = 4
                %s
                """.formatted(key, more));
        Files.setPosixFilePermissions(path("recon.opts"), PosixFilePermissions.fromString("rw-------"));
    }

    String script(String name, String text) throws IOException {
        Files.writeString(path(name), "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(path(name), PosixFilePermissions.fromString("rwx------"));
        return "RECON_SCRIPT_PATH = " + name;
    }

    /** A script that goes on until this site is closed, also if its server is killed. */
    String heldScript() throws IOException {
        Path held = Files.createFile(path("held"));
        heldScripts.add(held);
        return script("hold.sh", "while [ -e '" + held + "' ]; do sleep 0.1; done\n");
    }

    void letScriptsEnd() throws IOException {
        for (Path held : heldScripts) {
            Files.deleteIfExists(held);
        }
    }

    /** For processes that live for seconds: no time for optimising. */
    static List<String> java(Path jar, String... arguments) {
        return java(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), jar, arguments);
    }

    /** At full speed, with little memory. */
    static List<String> smallJava(Path jar, String... arguments) {
        return java(List.of("-Xmx96m"), jar, arguments);
    }

    private static List<String> java(List<String> options, Path jar, String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    Program start(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command).directory(directory.toFile()).start();
        started.add(process);
        return new Program(process);
    }

    Server server() throws Exception {
        return server(java(SERVER_JAR));
    }

    Server server(List<String> command) throws Exception {
        Program program = start(command);
        String ready = program.awaitErr("ready: ");
        return new Server(program, Integer.parseInt(ready.replaceAll(".* port (\\d+),.*", "$1")));
    }

    Run run(List<String> command) throws Exception {
        return start(command).end();
    }

    /** The client, told of the port that the server chose by an item on its command line. */
    Run client(Server server, String... arguments) throws Exception {
        return startClient(server, arguments).end();
    }

    Program startClient(Server server, String... arguments) throws IOException {
        List<String> command = java(CLIENT_JAR, arguments);
        command.add("--set");
        command.add("SERVER_PORT=" + server.port());
        return start(command);
    }

    @Override
    public void close() throws IOException {
        letScriptsEnd();
        for (Process process : started) {
            Stream.concat(process.descendants(), Stream.of(process.toHandle())).forEach(ProcessHandle::destroyForcibly);
            process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
        }
    }

    /** A server that is ready. */
    record Server(Program program, int port) {}

    /** A program that runs, and the lines it says. */
    static final class Program {
        final Process process;
        private final Lines out;
        private final Lines err;

        private Program(Process process) {
            this.process = process;
            this.out = new Lines(process.inputReader());
            this.err = new Lines(process.errorReader());
        }

        String awaitOut(String words) throws InterruptedException {
            return out.await(words);
        }

        String awaitErr(String words) throws InterruptedException {
            return err.await(words);
        }

        void signal(String name) throws Exception {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (!kill.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("kill -" + name + " failed");
            }
        }

        Run end() throws InterruptedException {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("still running; it said " + out.all() + err.all());
            }
            return new Run(process.exitValue(), out.all(), err.all());
        }
    }

    /** What a program says on one stream. */
    private static final class Lines {
        private final BlockingQueue<String> fresh = new LinkedBlockingQueue<>();
        private final List<String> all = Collections.synchronizedList(new ArrayList<>());
        private final Thread reader;

        Lines(BufferedReader from) {
            reader = new Thread(
                    () -> from.lines().forEach(line -> {
                        all.add(line);
                        fresh.add(line);
                    }),
                    "lines");
            reader.setDaemon(true);
            reader.start();
        }

        String await(String words) throws InterruptedException {
            while (true) {
                String line = fresh.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
                if (line == null) {
                    throw new IllegalStateException("no line with \"" + words + "\" in: " + all);
                }
                if (line.contains(words)) {
                    return line;
                }
            }
        }

        String all() throws InterruptedException {
            reader.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
            return all.stream().map(line -> line + "\n").collect(Collectors.joining());
        }
    }
}
