package recon.server.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import recon.common.crypto.SharedKey;

/** The packaged server as a process of its own, with its options in a directory of the test. */
public final class ServerProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("ready: (?:MRD: )?\\S+ port (\\d+)");
    private static final long PATIENCE_MILLIS = 30_000;

    public final SharedKey key;
    public final Path directory;
    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();
    private int port;

    private ServerProcess(Path directory, SharedKey key, Process process) {
        this.directory = directory;
        this.key = key;
        this.process = process;
        this.reader = new Thread(this::read, "server-output");
        reader.start();
    }

    /**
     * Starts a server and waits until it is ready.
     *
     * @param javaOptions for its JVM
     * @param options lines of its options file, beside those for key, port and directories
     */
    public static ServerProcess start(Path directory, List<String> javaOptions, String options)
            throws IOException, InterruptedException {
        SharedKey key = SharedKey.generate(new SecureRandom());
        ServerProcess server = new ServerProcess(
                directory,
                key,
                launch(
                        directory,
                        javaOptions,
                        "--opts",
                        writeOptions(directory, key, options).toString()));
        return server.whenReady();
    }

    /** Starts the MRD service on its own, with these arguments, and waits until it is ready. */
    public static ServerProcess startMrd(Path directory, List<String> javaOptions, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("mrd", "-p", "0"));
        words.addAll(List.of(arguments));
        return new ServerProcess(
                        directory,
                        SharedKey.generate(new SecureRandom()),
                        launch(directory, javaOptions, words.toArray(String[]::new)))
                .whenReady();
    }

    private ServerProcess whenReady() throws InterruptedException {
        try {
            Matcher ready = READY.matcher(awaitLine("ready: "));
            if (!ready.find()) {
                throw new AssertionError(output());
            }
            port = Integer.parseInt(ready.group(1));
            return this;
        } catch (InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    public static Path writeOptions(Path directory, SharedKey key, String options) throws IOException {
        Path file = directory.resolve("recon.opts");
        Files.writeString(file, """
                SHARED_KEY = %s
                SERVER_PORT = 0
                RECON_SERVER_BASE_PFILE_DIR = in
                RECON_SERVER_DICOM_OUTPUT_DIR = out
                STATE_DIR = state
                LOG_FILEPATH = server.log
                RECON_SCRIPT_PATH = recon.sh
                %s
                """.formatted(key.text(), options));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** What jobs have left in a base directory; there is a lock file beside it. */
    public static List<Path> jobDirectories(Path base) throws IOException {
        try (var entries = Files.list(base)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("job_"))
                    .toList();
        }
    }

    /** Puts a shell script where the options say. */
    public static Path writeScript(Path directory, String text) throws IOException {
        Path script = Files.writeString(directory.resolve("recon.sh"), "#!/bin/sh\n" + text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    /** Starts the jar with these arguments in that directory; its two outputs are one. */
    public static Process launch(Path directory, List<String> javaOptions, String... arguments) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(tool("java"));
        words.add("-XX:+UseSerialGC");
        words.add("-XX:TieredStopAtLevel=1");
        words.addAll(javaOptions);
        words.add("-jar");
        words.add(Path.of("target", "recon-server.jar").toAbsolutePath().toString());
        words.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("RECON_"));
        return builder.start();
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(reading the output failed: " + e + ")");
        }
        add("(end of output)");
    }

    private void add(String line) {
        synchronized (lines) {
            lines.add(line);
            lines.notifyAll();
        }
    }

    /** Waits for a line that holds the text. */
    public String awaitLine(String text) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        synchronized (lines) {
            while (true) {
                for (String line : lines) {
                    if (line.contains(text)) {
                        return line;
                    }
                }
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0 || lines.contains("(end of output)")) {
                    throw new AssertionError("no line with \"" + text + "\" in:\n" + output());
                }
                lines.wait(left);
            }
        }
    }

    public String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    public long pid() {
        return process.pid();
    }

    public int port() {
        return port;
    }

    public TestClient connect() throws IOException {
        return TestClient.connect(port, key);
    }

    /** Whether that process runs; one that has ended but that nobody has waited for does not. */
    public static boolean isRunning(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
        } catch (java.nio.file.NoSuchFileException gone) {
            return false;
        }
    }

    /** SIGTERM. */
    public void terminate() {
        process.toHandle().destroy(); // Process.destroy() closes the streams too
    }

    /** Waits for the end; returns the exit code. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the server does not end:\n" + output());
        }
        reader.join();
        return process.exitValue();
    }

    /** Bytes of heap in use after a collection. */
    public long liveHeapBytes() throws IOException, InterruptedException {
        jcmd("GC.run");
        long bytes = 0;
        Matcher used = Pattern.compile("generation .* used (\\d+)K").matcher(jcmd("GC.heap_info"));
        while (used.find()) {
            bytes += Long.parseLong(used.group(1)) * 1024;
        }
        if (bytes == 0) {
            throw new AssertionError("jcmd shows no heap");
        }
        return bytes;
    }

    /** Threads of the process, by their names. */
    public List<String> threads() throws IOException, InterruptedException {
        return jcmd("Thread.print")
                .lines()
                .filter(line -> line.startsWith("\""))
                .map(line -> line.substring(1, line.indexOf('"', 1)))
                .toList();
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(tool("jcmd"), Long.toString(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new AssertionError(text);
        }
        return text;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        reader.join();
    }
}
