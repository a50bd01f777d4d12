package recon.server;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import recon.common.lifecycle.ServiceManager;
import recon.common.lifecycle.StopSignals;
import recon.common.logging.ProgramLogging;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.options.Items;
import recon.common.options.LogSettings;
import recon.server.mrd.MrdServer;
import recon.server.mrd.MrdSettings;

/** The MRD service on its own: no jobs, no options file, no keys. */
@Command(
        name = MrdCommand.NAME,
        mixinStandardHelpOptions = true,
        versionProvider = ReconServerMain.Version.class,
        sortOptions = false,
        description = {
            "Serve MRD (ISMRMRD) clients and nothing else, without recon.opts; SIGTERM or Ctrl-C stops it, a second one at"
                    + " once.",
            "MRD has neither keys nor encryption: on an address that other machines reach, --trusted-ips must say who may"
                    + " connect."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped on request",
            "1:not everything could be stopped",
            "2:the command line, a directory or the port cannot be used"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar recon-server.jar mrd",
            "  java -jar recon-server.jar mrd -s -H 0.0.0.0 --trusted-ips 192.168.2.0/24",
            "  java -jar recon-server.jar mrd --modules-dir /opt/site/modules"
        })
final class MrdCommand implements Callable<Integer> {
    static final String NAME = "mrd";

    private static final Logger log = LoggerFactory.getLogger(MrdCommand.class);
    private static final String ANY = "any";
    private static final String ANY_BLOCKS = "0.0.0.0/0,::/0";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            defaultValue = "9002",
            description = "Port to listen on (default: ${DEFAULT-VALUE}); 0 lets the system choose.")
    private int port;

    @Option(
            names = {"-H", "--host"},
            paramLabel = "HOST",
            defaultValue = "localhost",
            description = "Name or address to listen on (default: ${DEFAULT-VALUE}); 0.0.0.0 for all.")
    private String host;

    @Option(
            names = "--trusted-ips",
            paramLabel = "LIST",
            defaultValue = "",
            description = "Addresses and blocks (192.168.2.0/24) that may connect, with commas between them, or \""
                    + ANY + "\". Without it, only this machine may.")
    private String trusted;

    @Option(
            names = {"-d", "--defaultConfig"},
            paramLabel = "NAME",
            defaultValue = "invertcontrast",
            description = "The module for clients that ask for one that is not there (default: ${DEFAULT-VALUE}).")
    private String defaultConfig;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log more.")
    private boolean verbose;

    @Option(
            names = {"-l", "--logfile"},
            paramLabel = "FILE",
            description = "Log to this file too; ten files of at most 10 MB are kept.")
    private Path logFile;

    @Option(
            names = {"-s", "--savedata"},
            description =
                    "Keep what clients send, in .h5 files. Without it, only that of the configs savedata and savedataonly.")
    private boolean saves;

    @Option(
            names = {"-S", "--savedataFolder"},
            paramLabel = "DIR",
            defaultValue = "/tmp/share/saved_data",
            description = "Directory of those files (default: ${DEFAULT-VALUE}); made when it is needed.")
    private Path saveDirectory;

    @Option(
            names = "--min-free-disk-mb",
            paramLabel = "MB",
            defaultValue = "1024",
            description = "How much must stay free on the disk of that directory, in MB of 1,048,576 bytes"
                    + " (default: ${DEFAULT-VALUE}); with less, nothing more is kept. 0: not checked.")
    private int minFreeDiskMb;

    @Option(
            names = "--modules-dir",
            paramLabel = "DIR",
            description = "Directory of the site's own modules, an executable for each config.")
    private Path modulesDirectory;

    @Option(
            names = "--module-logs",
            paramLabel = "DIR",
            description =
                    "Directory of what these print on standard error, a file for each session (default: recon_mrd_logs"
                            + " in the system's directory for temporary files).")
    private Path moduleLogs = Path.of(System.getProperty("java.io.tmpdir"), "recon_mrd_logs");

    @Option(
            names = "--module-timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long a module may neither take data nor send anything, while no client keeps it waiting"
                    + " (default: ${DEFAULT-VALUE}).")
    private int moduleTimeout;

    @Option(
            names = "--idle-timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long a client may send nothing, or take nothing (default: ${DEFAULT-VALUE}).")
    private int idleTimeout;

    @Option(
            names = "--max-sessions",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many clients are served at once (default: ${DEFAULT-VALUE}).")
    private int maxSessions;

    @Option(
            names = "--max-message-bytes",
            paramLabel = "BYTES",
            defaultValue = "268435456",
            description =
                    "Longest message of a client: a readout of all channels, an image (default: ${DEFAULT-VALUE}).")
    private long maxMessageBytes;

    @ParentCommand
    private ReconServerMain main;

    @Override
    public Integer call() throws InterruptedException {
        Optional<String> problem = problem();
        if (problem.isPresent()) {
            return refuse(problem.get());
        }
        MrdSettings settings;
        try {
            settings = settings();
        } catch (IllegalArgumentException e) {
            return refuse("--trusted-ips: " + e.getMessage());
        }
        if (settings.isOpenToAnybody()) {
            return refuse("-H " + host + " lets other machines connect, and MRD has no encryption of its own: say which"
                    + " may, as in --trusted-ips 192.168.2.0/24, or --trusted-ips " + ANY
                    + " for all; or leave -H out");
        }
        return serve(settings);
    }

    private Optional<String> problem() {
        return outside("-p", port, 0, 65_535)
                .or(() -> outside("--max-sessions", maxSessions, 1, 1000))
                .or(() -> outside("--module-timeout", moduleTimeout, 1, 86_400))
                .or(() -> outside("--idle-timeout", idleTimeout, 1, 86_400))
                .or(() -> outside("--max-message-bytes", maxMessageBytes, 4096, 2_000_000_000))
                .or(() -> outside("--min-free-disk-mb", minFreeDiskMb, 0, 1_000_000_000));
    }

    private static Optional<String> outside(String option, long value, long min, long max) {
        return value >= min && value <= max
                ? Optional.empty()
                : Optional.of(option + " " + value + " is outside " + min + ".." + max);
    }

    private MrdSettings settings() {
        return new MrdSettings(
                host,
                port,
                TrustedAddresses.parse(trusted.equalsIgnoreCase(ANY) ? ANY_BLOCKS : trusted),
                defaultConfig,
                maxSessions,
                Duration.ofSeconds(idleTimeout),
                maxMessageBytes,
                saveDirectory.toAbsolutePath(),
                saves,
                minFreeDiskMb * MrdSettings.BYTES_PER_MB,
                new MrdSettings.Modules(
                        Optional.ofNullable(modulesDirectory)
                                .map(directory -> directory.toAbsolutePath().normalize()),
                        moduleLogs.toAbsolutePath(),
                        Integer.parseInt(Items.SCRIPT_LOG_MAX_BYTES.defaultText()),
                        Duration.ofSeconds(moduleTimeout)));
    }

    private int serve(MrdSettings settings) throws InterruptedException {
        StopSignals stop = StopSignals.install();
        MrdServer server;
        try {
            ProgramLogging.configure(new LogSettings(
                    Optional.ofNullable(logFile),
                    LogSettings.Format.TEXT,
                    verbose ? LogSettings.Level.DEBUG : LogSettings.Level.INFO));
            server = new MrdServer(settings, Listener.addressesOf(host, port));
            server.bind();
            server.start();
        } catch (UnknownHostException e) {
            return refuse("-H " + host + " is no address and no known name");
        } catch (IOException e) {
            return refuse(e.getMessage());
        }
        log.info("ready: MRD: {} port {}, for {}", host, server.port(), clients());
        ServiceManager manager = ServiceManager.of(System.getenv());
        manager.ready("serving MRD on port " + server.port());
        stop.await();
        manager.stopping("ending sessions");
        log.info("stopping");
        try {
            server.stop();
        } catch (IOException e) {
            log.error("not everything could be stopped", e);
            return CommandLine.ExitCode.SOFTWARE;
        }
        log.info("stopped");
        return CommandLine.ExitCode.OK;
    }

    private String clients() {
        return trusted.isBlank() ? "this machine" : trusted;
    }

    private int refuse(String problem) {
        main.tell(problem);
        return CommandLine.ExitCode.USAGE;
    }
}
