package recon.client.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs as they are delivered. */
final class Jars {
    private static final Path CLIENT = jar("recon-client");
    private static final Path SERVER = jar("recon-server");

    /** Matters more than speed later where a process lives for seconds. */
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

    private Jars() {}

    /** Runs in the project's directory or in that of one of its modules. */
    private static Path jar(String module) {
        Path inModule = Path.of(module, "target", module + ".jar");
        for (Path root : List.of(Path.of(""), Path.of(".."))) {
            Path jar = root.resolve(inModule).toAbsolutePath().normalize();
            if (Files.isRegularFile(jar)) {
                return jar;
            }
        }
        throw new IllegalStateException(inModule + " is missing; run mvn package first");
    }

    static ProcessBuilder server(List<String> javaOptions) {
        List<String> options = new ArrayList<>(QUICK_START);
        options.addAll(javaOptions);
        return java(SERVER, options);
    }

    static ProcessBuilder serverAtFullSpeed() {
        return java(SERVER, List.of());
    }

    static ProcessBuilder client(String... arguments) {
        return java(CLIENT, QUICK_START, arguments);
    }

    private static ProcessBuilder java(Path jar, List<String> javaOptions, String... arguments) {
        List<String> words = new ArrayList<>(List.of(tool("java")));
        words.addAll(javaOptions);
        words.addAll(List.of("-jar", jar.toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().removeIf(name -> name.startsWith("RECON_"));
        return builder;
    }

    /** Should this process be ended by a signal, whatever it has started goes too. */
    static void endProgramsWithThis() {
        Thread end =
                new Thread(() -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly), "end");
        Runtime.getRuntime().addShutdownHook(end);
    }

    /** Returns what a tool of the JDK prints. */
    static String ask(String tool, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(tool(tool)));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(words + " failed: " + text);
        }
        return text;
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
