package recon.relay;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
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

/** The relay's command line: parses, prints, and runs the relay until it is told to stop. */
@Command(
        name = "recon-relay",
        mixinStandardHelpOptions = true,
        versionProvider = ReconRelayMain.Version.class,
        description = {
            "One address for several recon servers: passes jobs and queries of clients on to them, and knows which one has"
                    + " which job.",
            "Reads relay.opts in the working directory, and again at SIGHUP; SIGTERM or Ctrl-C stops it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped on request, or done",
            "1:a failure that is no fault of the options",
            "2:the command line, the options, a directory or the port cannot be used"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar recon-relay.jar --init          make relay.opts with a fresh key for clients",
            "  java -jar recon-relay.jar                 serve",
            "  java -jar recon-relay.jar --set BACKEND_SERVERS=recon1:60000,recon2:60000"
        })
public final class ReconRelayMain implements Callable<Integer> {
    @Option(
            names = "--opts",
            paramLabel = "FILE",
            defaultValue = "relay.opts",
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
        @Option(names = "--init", description = "Write the options file with a fresh key for clients, and exit.")
        private boolean init;

        @Option(names = "--check", description = "Check the options file, and exit.")
        private boolean check;
    }

    /** Prints the version that the jar's manifest states. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"recon-relay " + ReconRelay.version()};
        }
    }

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new ReconRelayMain());
        commandLine.setExpandAtFiles(false);
        commandLine.setExecutionExceptionHandler((e, command, result) -> {
            command.getErr().println("recon-relay: " + Failures.words(e));
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (instead.init) {
            return init();
        }
        Options options = load();
        options.notices().forEach(this::tell);
        try {
            RelaySettings settings = RelaySettings.from(options);
            if (instead.check) {
                ReconRelay.clientKeys(settings);
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

    private Options load() {
        return Options.load(RelayItems.CATALOGUE, optionsFile, items, System.getenv());
    }

    private int init() throws IOException {
        try (SharedKey key = SharedKey.generate(new SecureRandom())) {
            OptionsFile.writeDefault(RelayItems.CATALOGUE, optionsFile, Optional.of(key));
        } catch (FileAlreadyExistsException e) {
            tell(optionsFile + " exists already and was left as it is");
            return CommandLine.ExitCode.USAGE;
        }
        spec.commandLine()
                .getOut()
                .println("wrote " + optionsFile + " with a fresh SHARED_KEY_RELAY_TO_CLIENTS; clients need it as their"
                        + " SHARED_KEY. Set BACKEND_SERVERS and SHARED_KEY_FOR_BACKENDS in it now");
        return CommandLine.ExitCode.OK;
    }

    private int serve(Options options, RelaySettings settings) throws OptionsException, InterruptedException {
        StopSignals stop = StopSignals.install();
        ReconRelay relay;
        try {
            ProgramLogging.configure(settings.log());
            relay = ReconRelay.start(options, this::load);
        } catch (IOException e) {
            tell(Failures.words(e));
            return CommandLine.ExitCode.USAGE;
        }
        ServiceManager manager = ServiceManager.of(System.getenv());
        try (relay;
                SignalHandler hangUps = SignalHandler.install(List.of("HUP"), name -> relay.reload("SIG" + name))) {
            manager.ready("serving on port " + relay.port());
            stop.await();
            manager.stopping("closing the connections");
        } catch (IOException e) {
            LoggerFactory.getLogger(ReconRelayMain.class).error("not everything could be stopped", e);
            return CommandLine.ExitCode.SOFTWARE;
        }
        return CommandLine.ExitCode.OK;
    }

    private void tell(String line) {
        spec.commandLine().getErr().println("recon-relay: " + line);
    }
}
