package recon.client.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import recon.common.options.AdminItems;
import recon.common.options.Item;
import recon.common.options.Items;
import recon.common.options.Options;

/** Which server, and all other items of the options file. */
final class ServerOptions {
    /** An address in brackets, or a name or address without a colon, then perhaps a port. */
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([^]]+)]|([^:\\[\\]]+))(?::(\\d+))?");

    static final String USUAL_FILE = "recon.opts";

    @Option(
            names = "--opts",
            paramLabel = "FILE",
            description = "Options file (default: " + USUAL_FILE + "); made from the defaults if it does not exist.")
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

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** These, given before a subcommand's name, with those given after it, which win. */
    ServerOptions with(ServerOptions later) {
        return with(later.optionsFile, later.server, later.items, later.spec);
    }

    /**
     * As {@link #with(ServerOptions)}, for a subcommand that has them as its own.
     *
     * @param laterFile null if none was given
     * @param laterServer null if none was given
     */
    ServerOptions with(Path laterFile, String laterServer, Map<String, String> laterItems, CommandSpec subcommand) {
        ServerOptions both = new ServerOptions();
        both.optionsFile = laterFile == null ? optionsFile : laterFile;
        both.server = laterServer == null ? server : laterServer;
        both.items.putAll(items);
        both.items.putAll(laterItems);
        both.spec = subcommand;
        return both;
    }

    Path file() {
        return optionsFile == null ? Path.of(USUAL_FILE) : optionsFile;
    }

    /**
     * The options of this run.
     *
     * @throws ParameterException if {@code --server} is no address
     */
    Options load() {
        return Options.load(file(), given(Items.SERVER_HOSTNAME, Items.SERVER_PORT), System.getenv());
    }

    /**
     * The options of this run for whoever administers a program, which {@code --server} then names.
     *
     * @throws ParameterException if {@code --server} is no address
     */
    Options load(AdminItems program) {
        return program.load(file(), given(program.hostname(), program.port()), System.getenv());
    }

    private Map<String, String> given(Item host, Item port) {
        Map<String, String> all = new LinkedHashMap<>(items);
        if (server != null) {
            putAddress(all, host, port);
        }
        return all;
    }

    private void putAddress(Map<String, String> all, Item host, Item port) {
        Matcher address = ADDRESS.matcher(server);
        if (!address.matches()) {
            throw new ParameterException(
                    spec.commandLine(), "--server " + server + " is not HOST, HOST:PORT or [IPV6]:PORT");
        }
        all.put(host.name(), Optional.ofNullable(address.group(1)).orElse(address.group(2)));
        Optional.ofNullable(address.group(3)).ifPresent(number -> all.put(port.name(), number));
    }
}
