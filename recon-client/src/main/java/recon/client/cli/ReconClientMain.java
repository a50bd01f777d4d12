package recon.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import recon.client.ClientException;
import recon.client.ClientSettings;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.Priority;
import recon.common.options.Options;
import recon.common.options.OptionsException;

/** The client's command line: submits a job, or asks the server about jobs. */
@Command(
        name = "recon-client",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = {
            "recon-client [--files FILE... | --directory DIR [--pattern GLOB]]",
            "                    [--recon-options JSON] [--priority PRIORITY]",
            "                    [--no-wait | --output DIR] [OPTION...]",
            "       recon-client --fetch ID [--output DIR] [OPTION...]",
            "       recon-client (--job | --cancel | --rerun) ID [OPTION...]",
            "       recon-client --log ID [--follow] [OPTION...]",
            "       recon-client --view-queue [--all] [--limit N] [OPTION...]",
            "       recon-client --server-status [OPTION...]",
            "       recon-client COMMAND [OPTION...]"
        },
        description = {
            "Sends raw MRI data to a recon host, waits for the reconstruction and saves the images.",
            "Without --files or --directory it sends CLIENT_DEFAULT_PFILE_PATH of the options file.",
            "A connection that drops is made again, and transfers go on where they were.",
            "Ctrl-C while files are sent: the same command, run again, goes on. Later it leaves the job running, and a"
                    + " second one cancels it."
        },
        subcommands = {
            WatchCommand.class,
            AdminCommand.class,
            KeygenCommand.class,
            MrdCommand.class,
            PreviewCommand.class,
            GenerateCompletion.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the job failed, was cancelled or has expired, or a file could not be read or saved; the reason is printed",
            "2:the command line or the options file cannot be used",
            "3:cannot connect, or the connection broke before the job was accepted",
            "4:the server refused (key, address, or the request itself)",
            "5:the connection was lost for good after the job was accepted, or --timeout was reached;"
                    + " the message gives the job's id, if it has one",
            "129:the terminal was closed",
            "130:interrupted with Ctrl-C",
            "143:ended by SIGTERM"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar recon-client.jar --files a.7 b.dat \\",
            "      --recon-options '{\"num_slices\": 128}'",
            "  java -jar recon-client.jar --directory /scans/today --pattern \"*.dat\"",
            "  java -jar recon-client.jar --files a.7 --no-wait --priority urgent",
            "  java -jar recon-client.jar --server-status --server recon1:60000",
            "  java -jar recon-client.jar watch --help",
            "  java -jar recon-client.jar keygen"
        })
public final class ReconClientMain implements Callable<Integer> {
    @ArgGroup(exclusive = true)
    private ActionOptions action = new ActionOptions();

    @Mixin
    private JobOptions jobOptions;

    @Mixin
    private ViewOptions viewOptions;

    @Mixin
    private ServerOptions serverOptions;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print JSON, one object on each line; its \"event\" says what it is about.")
    private boolean json;

    @Option(names = "--quiet", description = "For jobs: print nothing but errors.")
    private boolean quiet;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Print what happens on the connection, and where errors come from.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    private final Surroundings surroundings;

    private ReconClientMain(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    public static void main(String[] args) {
        System.exit(commandLine(Surroundings.real()).execute(args));
    }

    static CommandLine commandLine(Surroundings surroundings) {
        ReconClientMain main = new ReconClientMain(surroundings);
        CommandLine commandLine = new CommandLine(main);
        commandLine.registerConverter(JobId.class, inItsOwnWords(JobId::parse));
        commandLine.registerConverter(
                Priority.class, inItsOwnWords(word -> Priority.parse(word.toLowerCase(Locale.ROOT))));
        commandLine.registerConverter(
                JobState.class, inItsOwnWords(word -> JobState.parse(word.toLowerCase(Locale.ROOT))));
        commandLine.registerConverter(Duration.class, inItsOwnWords(Age::parse));
        commandLine.setExpandAtFiles(false); // @scan.7 is the name of a file like any other
        commandLine.setExecutionStrategy(given -> {
            Combinations.checkBeforeSubcommand(given);
            return new CommandLine.RunLast().execute(given);
        });
        commandLine.setExecutionExceptionHandler(
                (e, command, result) -> main.console().fail(ExitCode.JOB_FAILED, e));
        commandLine.setParameterExceptionHandler((e, arguments) -> {
            if (Arrays.asList(arguments).contains("--json")) {
                JsonReport.error(e.getCommandLine().getOut(), ClientConsole.USAGE_ERROR, e.getMessage());
            }
            PrintWriter err = e.getCommandLine().getErr();
            err.println("recon-client: " + e.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
            err.println("Try: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return ExitCode.USAGE;
        });
        return commandLine;
    }

    private static <T> ITypeConverter<T> inItsOwnWords(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    boolean json() {
        return json;
    }

    /** As given before a subcommand's name. */
    ServerOptions serverOptions() {
        return serverOptions;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    ClientConsole console() {
        return new ClientConsole(
                spec.commandLine().getOut(),
                spec.commandLine().getErr(),
                new ClientConsole.Style(json, quiet, verbose));
    }

    @Override
    public Integer call() throws IOException {
        Combinations.check(spec.commandLine());
        if (verbose) {
            ClientLogging.verbose();
        }
        ClientConsole console = console();
        Options options = serverOptions.load();
        options.notices().forEach(console::tell);
        try {
            Session session = new Session(ClientSettings.from(options), console, surroundings);
            return action.chosen(jobOptions, viewOptions).run(session);
        } catch (OptionsException e) {
            e.problems().forEach(problem -> console.error(ClientConsole.USAGE_ERROR, problem));
            return ExitCode.USAGE;
        } catch (IllegalArgumentException e) {
            return console.fail(ExitCode.USAGE, e);
        } catch (ClientException e) {
            return console.fail(ExitCode.of(e.kind()), e);
        }
    }
}
