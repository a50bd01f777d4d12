package recon.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import recon.client.AdminClient;
import recon.client.ClientException;
import recon.common.options.AdminItems;
import recon.common.options.Options;
import recon.common.options.OptionsException;

/** Commands for those who run a server: connects to its port for administration, with the administrator's key. */
@Command(
        name = "admin",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Look after a running server, or a relay.",
            "Connects to SERVER_ADMIN_HOSTNAME and SERVER_ADMIN_PORT with SERVER_ADMIN_SHARED_KEY of the options file,"
                    + " which must be the same there. Every change is on record in the server's recon.db.",
            "With a relay's options file (--opts relay.opts), to the relay: RELAY_ADMIN_HOSTNAME and so on. It knows status,"
                    + " backends, clients, drain and resume of one of its servers, and reload; its record is relay.db."
        },
        subcommands = {
            AdminViews.Status.class,
            AdminViews.Queue.class,
            AdminViews.Workers.class,
            AdminViews.Jobs.class,
            AdminViews.Logs.class,
            AdminRelayViews.Backends.class,
            AdminRelayViews.Clients.class,
            AdminActions.Cancel.class,
            AdminActions.SetPriority.class,
            AdminActions.SetMaxJobs.class,
            AdminActions.Drain.class,
            AdminActions.Resume.class,
            AdminActions.Reload.class,
            AdminActions.Purge.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the log could not be written",
            "2:the command line or the options file cannot be used",
            "3:cannot connect, or the connection broke",
            "4:the server refused: its key is another one, or what was asked cannot be done; the reason is printed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar recon-client.jar admin queue",
            "  java -jar recon-client.jar admin logs --lines 20 --follow",
            "  java -jar recon-client.jar admin jobs --state failed --since 24h",
            "  java -jar recon-client.jar admin --server recon1:60003 drain --wait",
            "  java -jar recon-client.jar admin --opts relay.opts backends"
        })
final class AdminCommand implements Runnable {
    @Option(
            names = "--opts",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Options file (default: " + ServerOptions.USUAL_FILE
                    + "); made from the defaults if it does not exist.")
    private Path optionsFile;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            scope = ScopeType.INHERIT,
            description = "Server to use instead of the options file's, by its port for administration; the port may be"
                    + " left out.")
    private String server;

    @Option(
            names = "--set",
            paramLabel = "ITEM=VALUE",
            scope = ScopeType.INHERIT,
            description = "Set an item of the options file for this run; may be given several times.")
    private Map<String, String> items = new LinkedHashMap<>();

    /** Anything else than the name of a command. */
    @Parameters(hidden = true, arity = "0..*")
    private List<String> unknown = new ArrayList<>();

    @ParentCommand
    private ReconClientMain main;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                (unknown.isEmpty()
                                ? "give a command of admin: "
                                : "admin has no command \"" + Printable.cell(unknown.get(0)) + "\"; there are ")
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** What is said to the server, and printed. */
    @FunctionalInterface
    interface Conversation {
        void hold(AdminClient client, ClientConsole console) throws IOException;
    }

    Surroundings surroundings() {
        return main.surroundings();
    }

    /** Returns the exit code. */
    int run(Conversation conversation) throws IOException {
        ClientConsole console = main.console();
        if (console.style().verbose()) {
            ClientLogging.verbose();
        }
        ServerOptions given = main.serverOptions().with(optionsFile, server, items, spec);
        AdminItems program = AdminItems.of(given.file());
        Options options = given.load(program);
        options.notices().forEach(console::tell);
        try (AdminClient client = new AdminClient(
                options,
                program,
                console.style().verbose() ? line -> console.tell(Printable.cell(line)) : line -> {})) {
            conversation.hold(client, console);
            return ExitCode.DONE;
        } catch (OptionsException e) {
            e.problems().forEach(problem -> console.error(ClientConsole.USAGE_ERROR, problem));
            return ExitCode.USAGE;
        } catch (IllegalArgumentException e) {
            return console.fail(ExitCode.USAGE, e);
        } catch (ClientException e) {
            if (e.getCause() instanceof LogOutput.OutputException nobodyReads) {
                throw nobodyReads;
            }
            return console.fail(ExitCode.of(e.kind()), e);
        }
    }
}
