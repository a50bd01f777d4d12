package recon.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import recon.common.crypto.KeyOwner;
import recon.common.keys.ClientKey;
import recon.common.keys.ClientKeysEditor;
import recon.common.keys.ClientKeysFile;
import recon.common.options.Options;
import recon.common.options.OptionsException;

/** Edits the file of client keys. A running server takes the change by itself. */
@Command(
        name = ClientKeyCommand.NAME,
        mixinStandardHelpOptions = true,
        versionProvider = ReconServerMain.Version.class,
        description = {
            "Give clients keys of their own, in CLIENT_KEYS_FILE. A client with such a key sees, fetches and cancels only its"
                    + " own jobs, and its name stands in history and log.",
            "Run it as the user that the server runs as; a running server takes a change within 5 s."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a failure that is no fault of the options",
            "2:the command line, the options or the file of client keys cannot be used; nothing was changed"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar recon-server.jar client-key add scanner1",
            "  java -jar recon-server.jar client-key add control-room --operator",
            "  java -jar recon-server.jar client-key add relay1 --relay",
            "  java -jar recon-server.jar client-key list --opts /etc/recon/recon.opts",
            "  java -jar recon-server.jar client-key remove scanner1"
        })
final class ClientKeyCommand implements Runnable {
    static final String NAME = "client-key";

    @ParentCommand
    private ReconServerMain main;

    @Option(
            names = "--opts",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Options file of the server (default: recon.opts).")
    private Path optionsFile;

    @Option(
            names = "--set",
            paramLabel = "ITEM=VALUE",
            scope = ScopeType.INHERIT,
            description = "Sets an item of the options file for this run; may be given several times.")
    private Map<String, String> items = new LinkedHashMap<>();

    @Spec
    private CommandSpec spec;

    /** What a client may do beside what all may. */
    private static final class Role {
        @Option(names = "--operator", description = "The client may see, fetch and cancel the jobs of all.")
        private boolean operator;

        @Option(
                names = "--relay",
                description = "The key of a relay: it says for whom it asks, and this server believes it.")
        private boolean relay;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing what to do: add, list or remove");
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            versionProvider = ReconServerMain.Version.class,
            description = "Make a key for a client, and print the line for the client's recon.opts.")
    int add(
            @Parameters(
                            paramLabel = "NAME",
                            description = "Letters, digits, '.', '_' and '-', at most 64; not shared, not server.")
                    String name,
            @ArgGroup(exclusive = true) Role role)
            throws IOException {
        boolean operator = role != null && role.operator;
        boolean relay = role != null && role.relay;
        return withFile(file -> {
            requireName(name);
            Optional<ClientKey> key =
                    new ClientKeysEditor(file, new SecureRandom()).add(new KeyOwner(name, operator, relay));
            if (key.isEmpty()) {
                main.tell("there is a client " + name + " already; to give it a new key, remove it first");
                return CommandLine.ExitCode.USAGE;
            }
            out().println((relay ? "SHARED_KEY_FOR_BACKENDS = " : "SHARED_KEY = ")
                    + key.get().key().text());
            main.tell("added " + name + (operator ? " as operator" : relay ? " as relay" : "") + " to " + file.path()
                    + "; set the line above in "
                    + (relay ? "the relay's relay.opts" : "the client's recon.opts") + ": it is not shown again");
            return CommandLine.ExitCode.OK;
        });
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            versionProvider = ReconServerMain.Version.class,
            description = "Print the clients that have keys, and who is an operator; not the keys.")
    int list() throws IOException {
        return withFile(file -> {
            List<ClientKey> keys = file.read();
            if (keys.isEmpty()) {
                out().println("No client has a key in " + file.path());
                return CommandLine.ExitCode.OK;
            }
            int widest =
                    keys.stream().mapToInt(key -> key.name().length()).max().orElse(0);
            String row = "%-" + Math.max(widest, "CLIENT".length()) + "s  %s%n";
            out().printf(row, "CLIENT", "ROLE");
            for (ClientKey key : keys) {
                out().printf(row, key.name(), role(key.owner()));
            }
            return CommandLine.ExitCode.OK;
        });
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            versionProvider = ReconServerMain.Version.class,
            description = "Take a client's key out of the file: it opens nothing any more. The client's jobs stay.")
    int remove(@Parameters(paramLabel = "NAME", description = "The client.") String name) throws IOException {
        return withFile(file -> {
            requireName(name);
            if (!new ClientKeysEditor(file, new SecureRandom()).remove(name)) {
                main.tell("there is no client " + name + " in " + file.path());
                return CommandLine.ExitCode.USAGE;
            }
            out().println("removed " + name + " from " + file.path());
            return CommandLine.ExitCode.OK;
        });
    }

    private static String role(KeyOwner owner) {
        if (owner.relay()) {
            return "relay";
        }
        return owner.operator() ? "operator" : "-";
    }

    /** What to do with the file that the options name. */
    private interface Task {
        int run(ClientKeysFile file) throws OptionsException, IOException;
    }

    private int withFile(Task task) throws IOException {
        Options options = main.options(optionsFile, items);
        options.notices().forEach(main::tell);
        try {
            ServerSettings settings = ServerSettings.from(options);
            return task.run(new ClientKeysFile(
                    settings.access().clientKeysFile(),
                    settings.keys(),
                    settings.administration().key()));
        } catch (OptionsException e) {
            e.problems().forEach(main::tell);
            return CommandLine.ExitCode.USAGE;
        }
    }

    /** The name is not repeated: it may be a key. */
    private void requireName(String name) throws OptionsException {
        Optional<String> problem = ClientKey.problemOfName(name);
        if (problem.isPresent()) {
            throw new OptionsException(List.of(problem.get()));
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
