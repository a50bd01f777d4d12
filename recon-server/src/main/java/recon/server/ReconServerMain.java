package recon.server;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import recon.common.crypto.SharedKey;
import recon.common.job.Failures;
import recon.common.lifecycle.ServiceManager;
import recon.common.lifecycle.SignalHandler;
import recon.common.lifecycle.StopSignals;
import recon.common.logging.ProgramLogging;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.options.OptionsFile;

/** The server's command line: parses, prints, and runs the server until it is told to stop. */
@Command(
        name = "recon-server",
        mixinStandardHelpOptions = true,
        versionProvider = ReconServerMain.Version.class,
        description = {
            "Takes reconstruction jobs from clients, runs the site's script on them and sends the results back.",
            "Reads recon.opts in the working directory, and again at SIGHUP; SIGTERM or Ctrl-C stops it, a second one at"
                    + " once."
        },
        subcommands = {ReconstructCommand.class, ClientKeyCommand.class, MrdCommand.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped on request, or done",
            "1:a failure that is no fault of the options",
            "2:the command line, the options, a directory or the port cannot be used"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar recon-server.jar --init          make recon.opts with a fresh key",
            "  java -jar recon-server.jar                 serve",
            "  java -jar recon-server.jar client-key add scanner1   make a key for one client",
            "  java -jar recon-server.jar mrd             serve MRD clients and nothing else",
            "  java -jar recon-server.jar --set SERVER_PORT=60010 --set MAX_CONCURRENT_JOBS=4"
        })
public final class ReconServerMain implements Callable<Integer> {
    @Option(
            names = "--opts",
            paramLabel = "FILE",
            defaultValue = "recon.opts",
            description = "Options file (default: ${DEFAULT-VALUE}); made from the defaults if it does not exist.")
    private Path optionsFile;

    @Option(
            names = "--set",
            paramLabel = "ITEM=VALUE",
            description = "Sets an item of the options file for this run; may be given several times.")
    private Map<String, String> items = new LinkedHashMap<>();

    @ArgGroup(exclusive = true)
    private Instead instead = new Instead();

    @Spec
    private CommandSpec spec;

    /** What to do instead of serving. */
    private static final class Instead {
        @Option(names = "--init", description = "Write the options file with a fresh key, and exit.")
        private boolean init;

        @Option(names = "--generate-key", description = "Print a new shared key, and exit.")
        private boolean generateKey;

        @Option(names = "--check", description = "Check the options file, and exit.")
        private boolean check;
    }

    /** Prints the version that the jar's manifest states. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = ReconServerMain.class.getPackage().getImplementationVersion();
            return new String[] {"recon-server " + (version == null ? "(not packaged)" : version)};
        }
    }

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new ReconServerMain());
        // What a client sends must neither name a file of this host nor be taken for an option of this program.
        commandLine.setExpandAtFiles(false);
        commandLine.getSubcommands().get(ReconstructCommand.NAME).setStopAtPositional(true);
        commandLine.setExecutionExceptionHandler((e, command, result) -> {
            command.getErr().println("recon-server: " + Failures.words(e));
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (instead.generateKey) {
            try (SharedKey key = SharedKey.generate(new SecureRandom())) {
                spec.commandLine().getOut().println(key.text());
            }
            return CommandLine.ExitCode.OK;
        }
        if (instead.init) {
            return init();
        }
        Options options = options(optionsFile, items);
        options.notices().forEach(this::tell);
        try {
            ServerSettings settings = ServerSettings.from(options);
            if (instead.check) {
                ReconServer.clientKeys(settings);
                settings.notice().ifPresent(this::tell);
                spec.commandLine().getOut().println(optionsFile + " is in order");
                return CommandLine.ExitCode.OK;
            }
            return serve(options, settings);
        } catch (OptionsException e) {
            e.problems().forEach(this::tell);
            return CommandLine.ExitCode.USAGE;
        }
    }

    /** The options of this run; for a subcommand, with what was given before its name. */
    Options options(Path file, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(items);
        all.putAll(more);
        return Options.load(file == null ? optionsFile : file, all, System.getenv());
    }

    private int init() throws IOException {
        try (SharedKey key = SharedKey.generate(new SecureRandom())) {
            OptionsFile.writeDefault(optionsFile, Optional.of(key));
        } catch (FileAlreadyExistsException e) {
            tell(optionsFile + " exists already and was left as it is");
            return CommandLine.ExitCode.USAGE;
        }
        spec.commandLine()
                .getOut()
                .println("wrote " + optionsFile + " with a fresh key; clients need the same SHARED_KEY in theirs");
        return CommandLine.ExitCode.OK;
    }

    private int serve(Options options, ServerSettings settings)
            throws OptionsException, IOException, InterruptedException {
        StopSignals stop = StopSignals.install();
        ReconServer server;
        try {
            ProgramLogging.configure(settings.log());
            server = ReconServer.start(options, () -> options(optionsFile, items), ownJar(), reconstructCommand());
        } catch (ReconServer.NotNowException e) {
            tell(e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        } catch (IOException e) {
            tell(e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        ServiceManager manager = ServiceManager.of(System.getenv());
        try (server;
                SignalHandler hangUps = SignalHandler.install(List.of("HUP"), name -> server.reload("SIG" + name))) {
            manager.ready("serving on port " + server.port());
            stop.await();
            manager.stopping(
                    "giving running jobs up to " + settings.shutdownGrace().toSeconds() + " s to end");
        } catch (IOException e) {
            LoggerFactory.getLogger(ReconServerMain.class).error("not everything could be stopped", e);
            return CommandLine.ExitCode.SOFTWARE;
        }
        return CommandLine.ExitCode.OK;
    }

    private static Path ownJar() {
        try {
            return Path.of(ReconServerMain.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException("this program's own jar has no path", e);
        }
    }

    private static List<String> reconstructCommand() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path jar = ownJar();
        return Files.isRegularFile(jar)
                ? List.of(java, "-jar", jar.toString(), ReconstructCommand.NAME)
                : List.of(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReconServerMain.class.getName(),
                        ReconstructCommand.NAME);
    }

    void tell(String line) {
        spec.commandLine().getErr().println("recon-server: " + line);
    }
}
