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
import recon.common.options.Item;
import recon.common.options.Items;
import recon.common.options.Options;

/** Which server, and all other items of the options file. */
final class ServerOptions {
    /** An address in brackets, or a name or address without a colon, then perhaps a port. */
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([^]]+)]|([^:\\[\\]]+))(?::(\\d+))?");

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

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    Options load() {
        return Options.load(optionsFile, commandLineItems(), System.getenv());
    }

    private Map<String, String> commandLineItems() {
        Map<String, String> all = new LinkedHashMap<>(items);
        if (server != null) {
            putAddress(all, server, Items.SERVER_HOSTNAME, Items.SERVER_PORT, spec);
        }
        return all;
    }

    /**
     * Sets a server's address.
     *
     * @throws ParameterException if it is none
     */
    static void putAddress(Map<String, String> items, String text, Item host, Item port, CommandSpec spec) {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches()) {
            throw new ParameterException(
                    spec.commandLine(), "--server " + text + " is not HOST, HOST:PORT or [IPV6]:PORT");
        }
        items.put(host.name(), Optional.ofNullable(address.group(1)).orElse(address.group(2)));
        Optional.ofNullable(address.group(3)).ifPresent(number -> items.put(port.name(), number));
    }
}
