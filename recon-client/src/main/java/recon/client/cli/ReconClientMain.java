package recon.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import recon.client.ClientException;
import recon.client.ClientSettings;
import recon.client.ReconClient;
import recon.client.submit.InputFiles;
import recon.client.submit.JobOutcome;
import recon.common.job.Failures;
import recon.common.job.JobId;
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
        customSynopsis = {
            "recon-client [--files FILE... | --directory DIR [--pattern GLOB]]",
            "                    [--recon-options JSON] [--output DIR] [OPTION...]",
            "       recon-client (--server-status | --view-queue) [OPTION...]",
            "       recon-client COMMAND [OPTION...]"
        },
        description = {
            "Sends raw MRI data to a recon host, waits for the reconstruction and saves the images.",
            "Without --files or --directory it sends CLIENT_DEFAULT_PFILE_PATH of the options file."
        },
        subcommands = {KeygenCommand.class, MrdCommand.class, PreviewCommand.class, GenerateCompletion.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the job failed, or a file could not be read or saved; the reason is printed",
            "2:the command line or the options file cannot be used",
            "3:cannot connect, or the connection broke before the job was accepted",
            "4:the server refused (key, address, or the request itself)",
            "5:the connection was lost after the job was accepted; the message gives the job's id",
            "130:interrupted"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar recon-client.jar --files a.7 b.dat \\",
            "      --recon-options '{\"num_slices\": 128}'",
            "  java -jar recon-client.jar --directory /scans/today --pattern \"*.dat\"",
            "  java -jar recon-client.jar --server-status --server recon1:60000",
            "  java -jar recon-client.jar keygen"
        })
public final class ReconClientMain implements Callable<Integer> {
    private static final String USAGE_ERROR = "usage";

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

    @Option(
            names = "--pattern",
            paramLabel = "GLOB",
            description = "Which files of --directory, as \"*.dat\" (default: all).")
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
            description = "Set an item of the options file for this run; may be given several times.")
    private Map<String, String> items = new LinkedHashMap<>();

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print JSON, one object on each line; its \"event\" says what it is about.")
    private boolean json;

    @Option(names = "--quiet", description = "For jobs: print nothing but errors.")
    private boolean quiet;

    @Option(names = "--verbose", description = "Print what happens on the connection, and where errors come from.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        ReconClientMain main = new ReconClientMain();
        CommandLine commandLine = new CommandLine(main);
        commandLine.setExpandAtFiles(false); // @scan.7 is the name of a file like any other
        commandLine.setExecutionExceptionHandler((e, command, result) -> main.fail(ExitCode.JOB_FAILED, e));
        commandLine.setParameterExceptionHandler((e, arguments) -> {
            if (Arrays.asList(arguments).contains("--json")) {
                JsonReport.error(e.getCommandLine().getOut(), USAGE_ERROR, e.getMessage());
            }
            PrintWriter err = e.getCommandLine().getErr();
            err.println("recon-client: " + e.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
            err.println("Try: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return ExitCode.USAGE;
        });
        return commandLine;
    }

    boolean json() {
        return json;
    }

    @Override
    public Integer call() throws IOException {
        if (verbose) {
            ClientLogging.verbose();
        }
        Options options = Options.load(optionsFile, commandLineItems(), System.getenv());
        options.notices().forEach(this::tell);
        try {
            ClientSettings settings = ClientSettings.from(options);
            ReconClient client = new ReconClient(settings, verbose ? line -> tell(Printable.cell(line)) : line -> {});
            if (action.serverStatus) {
                new StatusPrinter(spec.commandLine().getOut(), json).print(client.serverStatus());
                return ExitCode.DONE;
            }
            if (action.viewQueue) {
                new StatusPrinter(spec.commandLine().getOut(), json).print(client.queueDetails());
                return ExitCode.DONE;
            }
            return submit(client, settings);
        } catch (OptionsException e) {
            e.problems().forEach(problem -> error(USAGE_ERROR, problem));
            return ExitCode.USAGE;
        } catch (IllegalArgumentException e) {
            return fail(ExitCode.USAGE, e);
        } catch (ClientException e) {
            return fail(ExitCode.of(e.kind()), e);
        }
    }

    private int fail(int exitCode, Exception e) {
        if (verbose) {
            e.printStackTrace(spec.commandLine().getErr());
        }
        String kind = e instanceof ClientException failure
                ? failure.kind().name().toLowerCase(Locale.ROOT)
                : exitCode == ExitCode.USAGE ? USAGE_ERROR : "failed";
        error(kind, Failures.words(e));
        return exitCode;
    }

    private void error(String kind, String message) {
        if (json) {
            JsonReport.error(spec.commandLine().getOut(), kind, message);
        }
        tell(Printable.text(message));
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
        if (request.files().size() > settings.limits().maxJobFiles()) {
            throw new IllegalArgumentException(
                    request.files().size() + " files are more than one job may have (MAX_JOB_FILES = "
                            + settings.limits().maxJobFiles() + ")");
        }
        Path downloads = output == null ? settings.downloadDirectory() : output.toAbsolutePath();
        try (Interruption interruption = new Interruption(client::close)) {
            return run(client, request, downloads, interruption);
        }
    }

    private int run(ReconClient client, JobRequest request, Path downloads, Interruption interruption)
            throws ClientException {
        try {
            JobOutcome outcome;
            try (JobReport report = report(client)) {
                outcome = client.run(request, downloads, report);
                report.ended(outcome);
            }
            return outcome instanceof JobOutcome.Completed ? ExitCode.DONE : ExitCode.JOB_FAILED;
        } catch (ClientException e) {
            if (!interruption.hasHappened()) {
                throw e;
            }
            error(
                    "interrupted",
                    e.job()
                            .map(job -> "interrupted; job " + job + " was accepted and may go on at the server")
                            .orElse("interrupted; the server drops the job"));
            return ExitCode.INTERRUPTED;
        }
    }

    private JobReport report(ReconClient client) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (json) {
            return new JsonReport(out);
        }
        if (quiet) {
            return new QuietReport(err);
        }
        if (verbose || !TerminalReport.isPossible()) {
            return new PlainReport(out, err);
        }
        return new TerminalReport(out, err, job -> place(client, job));
    }

    /** Returns null if the server does not say; should it be gone, the job's own connection will tell. */
    private static String place(ReconClient client, JobId job) {
        try {
            return StatusLine.place(client.queueDetails().jobs(), job.toString());
        } catch (ClientException e) {
            return null;
        }
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
