package recon.server.script;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.server.script.ScriptOutcome.Failed;
import recon.server.script.ScriptOutcome.NotStarted;
import recon.server.script.ScriptOutcome.Succeeded;
import recon.server.script.ScriptOutcome.TimedOut;

/**
 * Runs the site's script as a process of its own session, with a time limit; whatever it starts ends with it.
 *
 * <p>Its working directory is the output directory: what it writes under a relative name is then a result, where in
 * the input directory it would change the inputs and vanish with them, and elsewhere collide with other jobs.
 *
 * <p>Thread-safe: any number of threads may run jobs at once. Each run has one more thread, which drains the output.
 */
public final class ProcessScript implements ReconScript {
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(4);
    public static final Duration NO_LIMIT = Duration.ofNanos(Long.MAX_VALUE);

    private static final Logger LOG = LoggerFactory.getLogger(ProcessScript.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    static final String JOB_ID = "RECON_JOB_ID";
    private static final Pattern SECRET = Pattern.compile("RECON_.*(KEY|PASSWORD|SECRET|TOKEN).*");

    private final ScriptCommand command;
    private final Duration limit;
    private final Duration grace;
    private final long maxLogBytes;
    /** {@code setsid} of util-linux, which makes the script a session of its own and then becomes it; or nothing. */
    private final Optional<Path> setsid;

    private final boolean procfs;

    /**
     * @param limit how long the script may run ({@code SCRIPT_TIMEOUT_SECONDS})
     * @param grace how long a script that is to end may take after SIGTERM, before SIGKILL
     * @param maxLogBytes how much of the output the log keeps ({@code SCRIPT_LOG_MAX_BYTES})
     */
    public ProcessScript(ScriptCommand command, Duration limit, Duration grace, long maxLogBytes) {
        this(command, limit, grace, maxLogBytes, SystemTool.find("setsid"), LinuxProcesses.available());
    }

    /** As on a system that may lack {@code setsid} and {@code /proc}. */
    ProcessScript(
            ScriptCommand command,
            Duration limit,
            Duration grace,
            long maxLogBytes,
            Optional<Path> setsid,
            boolean procfs) {
        this.setsid = setsid;
        this.procfs = procfs;
        this.command = command;
        this.limit = limit;
        this.grace = grace;
        this.maxLogBytes = maxLogBytes;
    }

    @Override
    public ScriptOutcome run(ScriptRun run) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the job was cancelled");
        }
        Optional<String> problem = command.problem();
        if (problem.isPresent()) {
            return new NotStarted(problem.get());
        }
        if (!Files.isDirectory(run.outputs())) {
            throw new NoSuchFileException(run.outputs().toString(), null, "no output directory for the script");
        }
        List<String> words = words(run);
        Optional<String> unencodable = unencodable(words);
        if (unencodable.isPresent()) {
            return new NotStarted(unencodable.get());
        }
        Path optionsFile = run.log().resolveSibling(run.log().getFileName() + ".options.json");
        try (ScriptOutput output = ScriptOutput.open(run.log(), maxLogBytes, "script-output-" + run.job())) {
            writeOptions(optionsFile, run.options().json());
            Process process;
            try {
                process = builder(run, words, optionsFile, output).start();
            } catch (IOException e) {
                return new NotStarted("script " + command.name() + " cannot be started: " + rootMessage(e));
            }
            return outcome(run, process, output);
        } catch (ClosedByInterruptException e) {
            Thread.interrupted(); // what a channel throws, in the words of everyone else
            throw new InterruptedException("the job was cancelled");
        } finally {
            Files.deleteIfExists(optionsFile);
        }
    }

    private ScriptOutcome outcome(ScriptRun run, Process process, ScriptOutput output)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        ProcessTree tree = new ProcessTree(process, setsid.isPresent(), JOB_ID + "=" + run.job(), procfs);
        boolean inTime = false;
        Duration took;
        try {
            output.handOver();
            inTime = await(process, tree, start);
        } finally {
            took = Duration.ofNanos(System.nanoTime() - start);
            int ended = tree.end(grace);
            if (inTime && ended > 0) {
                LOG.warn("the script left {} processes behind, which were ended", ended);
            }
        }
        output.finish();
        if (!inTime) {
            return new TimedOut(limit, output.lastOutput());
        }
        int exitCode = process.exitValue();
        return exitCode == 0 ? new Succeeded(took) : new Failed(exitCode, output.lastOutput());
    }

    /** Returns whether the script ended by itself within its limit. */
    private boolean await(Process process, ProcessTree tree, long start) throws InterruptedException {
        while (true) {
            long left = limit.toNanos() - (System.nanoTime() - start);
            if (process.waitFor(Math.min(left, LOOK_EVERY.toNanos()), TimeUnit.NANOSECONDS)) {
                return true;
            }
            if (left <= LOOK_EVERY.toNanos()) {
                return false;
            }
            tree.look();
        }
    }

    private List<String> words(ScriptRun run) throws IOException {
        List<String> words = new ArrayList<>();
        setsid.ifPresent(tool -> words.add(tool.toString()));
        words.addAll(command.words(run));
        return words;
    }

    private static ProcessBuilder builder(ScriptRun run, List<String> words, Path optionsFile, ScriptOutput output) {
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(run.outputs().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(output.destination());
        Map<String, String> environment = builder.environment();
        keepForServer(environment);
        environment.put(JOB_ID, run.job().toString());
        environment.put("RECON_INPUT_DIR", run.inputs().toString());
        environment.put("RECON_OUTPUT_DIR", run.outputs().toString());
        environment.put("RECON_OPTIONS_FILE", optionsFile.toString());
        // Else Python holds back what it prints to a pipe, and a script that is killed takes its last lines along.
        environment.putIfAbsent("PYTHONUNBUFFERED", "1");
        return builder;
    }

    /** Takes from a program's environment what is the server's own. */
    static void keepForServer(Map<String, String> environment) {
        hideSecrets(environment);
        environment.remove("NOTIFY_SOCKET"); // what the service manager hears, the server says
    }

    /** The server's items may be set as {@code RECON_} variables; what is secret among them is none of the script's. */
    static void hideSecrets(Map<String, String> environment) {
        environment
                .keySet()
                .removeIf(name -> SECRET.matcher(name.toUpperCase(Locale.ROOT)).matches());
    }

    /** Under a locale without Unicode the JDK would hand over question marks without a word. */
    private static Optional<String> unencodable(List<String> words) {
        Charset ofArguments = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        return unencodable(words, ofArguments);
    }

    static Optional<String> unencodable(List<String> words, Charset ofArguments) {
        return words.stream()
                .filter(word -> !ofArguments.newEncoder().canEncode(word))
                .findFirst()
                .map(word -> "the script's argument \"" + word + "\" cannot be written in the server's locale ("
                        + ofArguments + "); start the server with LC_ALL=C.UTF-8");
    }

    private static void writeOptions(Path file, String json) throws IOException {
        try (FileChannel channel = PrivateFiles.create(file)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(json);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static String rootMessage(Throwable failure) {
        return failure.getCause() == null ? failure.getMessage() : rootMessage(failure.getCause());
    }
}
