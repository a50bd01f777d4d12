package recon.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import recon.client.ClientException;
import recon.client.ClientSettings;
import recon.client.ReconClient;
import recon.client.submit.InputFiles;
import recon.client.submit.JobOutcome;
import recon.common.job.JobRequest;
import recon.common.job.ReconOptions;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.wire.ReconOptionsJson;

/** The client's command line: submits a job, or shows the server's status or queue. */
@Command(
        name = "recon-client",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Sends raw MRI data to a recon host, waits for the reconstruction and saves the images.",
            "Without --files or --directory it sends CLIENT_DEFAULT_PFILE_PATH of the options file."
        },
        subcommands = {KeygenCommand.class, MrdCommand.class, PreviewCommand.class, GenerateCompletion.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the job failed; the reason is printed",
            "2:the command line or the options file cannot be used",
            "3:cannot connect, or the connection broke before the job was accepted",
            "4:the server refused (key, address, or the request itself)",
            "5:the connection was lost after the job was accepted; the message gives the job's id",
            "130:interrupted"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar recon-client.jar --files a.7 b.dat --recon-options '{\"num_slices\": 128}'",
            "  java -jar recon-client.jar --directory /scans/today --pattern \"*.dat\"",
            "  java -jar recon-client.jar --server-status"
        })
public final class ReconClientMain implements Callable<Integer> {
    /** An address in brackets, or a name or address without a colon, then perhaps a port. */
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([^]]+)]|([^:\\[\\]]+))(?::(\\d+))?");

    @ArgGroup(exclusive = true)
    private Action action = new Action();

    /** What to do; at most one of these. */
    private static final class Action {
        @Option(
                names = "--files",
                paramLabel = "FILE",
                arity = "1..*",
                description = "Input files of the job, the primary one first.")
        private List<Path> files = List.of();

        @Option(
                names = "--directory",
                paramLabel = "DIR",
                description = "Send the files of this directory that match --pattern, by name.")
        private Path directory;

        @Option(names = "--server-status", description = "Show uptime, workers and queue length.")
        private boolean serverStatus;

        @Option(names = "--view-queue", description = "Show the jobs that run and that wait.")
        private boolean viewQueue;
    }

    @Option(names = "--pattern", paramLabel = "GLOB", description = "With --directory: which files (default: all).")
    private String pattern;

    @Option(
            names = "--recon-options",
            paramLabel = "JSON",
            defaultValue = "{}",
            description = "Options for the reconstruction script, as a JSON object.")
    private String reconOptions;

    @Option(names = "--output", paramLabel = "DIR", description = "Where results go (default: CLIENT_DOWNLOAD_DIR).")
    private Path output;

    @Option(
            names = "--opts",
            paramLabel = "FILE",
            defaultValue = "recon.opts",
            description = "Options file (default: ${DEFAULT-VALUE}); made from the defaults if it does not exist.")
    private Path optionsFile;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "Server to use instead of the options file's; the port may be left out.")
    private String server;

    @Option(
            names = "--set",
            paramLabel = "ITEM=VALUE",
            description = "Sets an item of the options file for this run; may be given several times.")
    private Map<String, String> items = new LinkedHashMap<>();

    @Option(names = "--json", description = "Print JSON, one object on each line.")
    private boolean json;

    @Option(names = "--quiet", description = "Print nothing but errors.")
    private boolean quiet;

    @Option(names = "--verbose", description = "Print what happens on the connection, and the cause of errors.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new ReconClientMain());
        commandLine.setExecutionExceptionHandler((e, command, result) -> {
            command.getErr().println("recon-client: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return ExitCode.JOB_FAILED;
        });
        return commandLine;
    }

    @Override
    public Integer call() throws IOException {
        if (verbose) {
            ClientLogging.verbose();
        }
        Options options = Options.load(optionsFile, commandLineItems(), System.getenv());
        options.notices().forEach(this::tell);
        ClientSettings settings;
        try {
            settings = ClientSettings.from(options);
        } catch (OptionsException e) {
            e.problems().forEach(this::tell);
            return ExitCode.USAGE;
        }
        try {
            ReconClient client = new ReconClient(settings);
            if (action.serverStatus) {
                new StatusPrinter(spec.commandLine().getOut(), json).print(client.serverStatus());
                return ExitCode.DONE;
            }
            if (action.viewQueue) {
                new StatusPrinter(spec.commandLine().getOut(), json).print(client.queueDetails());
                return ExitCode.DONE;
            }
            return submit(client, settings);
        } catch (IllegalArgumentException e) {
            tell(e.getMessage());
            return ExitCode.USAGE;
        } catch (ClientException e) {
            if (verbose) {
                e.printStackTrace(spec.commandLine().getErr());
            }
            if (json) {
                new JsonReport(spec.commandLine().getOut()).failed(e);
            }
            tell(e.getMessage());
            return ExitCode.of(e.kind());
        }
    }

    private Map<String, String> commandLineItems() {
        Map<String, String> all = new LinkedHashMap<>(items);
        if (server != null) {
            Matcher address = ADDRESS.matcher(server);
            if (!address.matches()) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "--server " + server + " is not HOST, HOST:PORT or [IPV6]:PORT");
            }
            all.put("SERVER_HOSTNAME", Optional.ofNullable(address.group(1)).orElse(address.group(2)));
            Optional.ofNullable(address.group(3)).ifPresent(port -> all.put("SERVER_PORT", port));
        }
        return all;
    }

    private int submit(ReconClient client, ClientSettings settings) throws IOException {
        ReconOptions options = ReconOptionsJson.parse(reconOptions);
        JobRequest request = InputFiles.request(inputs(settings), options);
        Path downloads = output == null ? settings.downloadDirectory() : output.toAbsolutePath();
        PrintWriter out = spec.commandLine().getOut();
        JobOutcome outcome;
        try (JobReport report = report(client, out)) {
            outcome = client.run(request, downloads, report);
            report.ended(outcome);
        }
        return outcome instanceof JobOutcome.Completed ? ExitCode.DONE : ExitCode.JOB_FAILED;
    }

    private JobReport report(ReconClient client, PrintWriter out) {
        if (json) {
            return new JsonReport(out);
        }
        PrintWriter err = spec.commandLine().getErr();
        if (quiet) {
            return new QuietReport(err);
        }
        return TerminalReport.isPossible() ? new TerminalReport(out, err, client) : new PlainReport(out, err);
    }

    private List<Path> inputs(ClientSettings settings) throws IOException {
        if (action.directory != null) {
            return InputFiles.matching(
                    action.directory, Optional.ofNullable(pattern).orElse("*"));
        }
        if (pattern != null) {
            throw new IllegalArgumentException("--pattern goes with --directory");
        }
        if (!action.files.isEmpty()) {
            return new ArrayList<>(action.files);
        }
        Path file = settings.defaultPfile()
                .filter(Files::exists)
                .orElseThrow(() -> new IllegalArgumentException("nothing to send: give --files or --directory; "
                        + settings.defaultPfile()
                                .map(path -> "CLIENT_DEFAULT_PFILE_PATH " + path + " does not exist")
                                .orElse("CLIENT_DEFAULT_PFILE_PATH is not set")));
        return List.of(file);
    }

    private void tell(String line) {
        spec.commandLine().getErr().println("recon-client: " + line);
    }
}
