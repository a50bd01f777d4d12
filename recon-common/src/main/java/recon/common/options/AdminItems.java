package recon.common.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import recon.common.options.ItemType.Secret;
import recon.common.options.ItemType.Text;
import recon.common.options.ItemType.WholeNumber;

/**
 * The items of a program's port for administration.
 *
 * @param clientsPort the port that is for clients
 */
public record AdminItems(Item hostname, Item port, Item sharedKey, Item clientsPort) {
    /** Of a server, in {@code recon.opts}. */
    public static final AdminItems SERVER = new AdminItems(
            Items.SERVER_ADMIN_HOSTNAME, Items.SERVER_ADMIN_PORT, Items.SERVER_ADMIN_SHARED_KEY, Items.SERVER_PORT);

    /** Of a relay, in {@code relay.opts}. */
    public static final AdminItems RELAY = new AdminItems(
            ofRelay(
                    "RELAY_ADMIN_HOSTNAME",
                    new Text(false),
                    "localhost",
                    "Name or address that the relay listens on for administration, and that recon-client.jar admin --opts"
                            + " relay.opts connects to. localhost accepts connections of this machine only."),
            ofRelay(
                    "RELAY_ADMIN_PORT",
                    new WholeNumber(0, 65_535),
                    "60002",
                    "TCP port of the administration; 0 lets the relay choose one."),
            ofRelay(
                    "RELAY_ADMIN_SHARED_KEY",
                    new Secret(),
                    Items.ADMIN_KEY_PLACEHOLDER,
                    "The administrator's key, made with \"recon-client.jar keygen\" and another one than the two above. While"
                            + " it is this placeholder, or blank, there is no administration."),
            ofRelay("RELAY_PORT", new WholeNumber(0, 65_535), "60001", "TCP port; 0 lets the relay choose one."));

    /** What whoever looks after a relay needs of its options file beside these; both kinds of file have them. */
    private static final List<Item> OF_BOTH = List.of(
            Items.CONNECT_TIMEOUT_SECONDS,
            Items.IDLE_TIMEOUT_SECONDS,
            Items.MAX_MESSAGE_BYTES,
            Items.MESSAGE_MAX_AGE_SECONDS);

    private static Item ofRelay(String name, ItemType type, String defaultText, String description) {
        return new Item(name, type, defaultText, defaultText, Item.User.RELAY, description);
    }

    private List<Item> own() {
        return List.of(hostname, port, sharedKey, clientsPort);
    }

    /** Those that a file has: a relay's if it sets one of them, else a server's. */
    public static AdminItems of(Path file) {
        OptionsFile read = OptionsFile.read(file, new Problems());
        return RELAY.own().stream().anyMatch(item -> read.entries().containsKey(item.name())) ? RELAY : SERVER;
    }

    /**
     * The options of whoever administers the program with these items, from that program's own file. Of a relay's file
     * only what matters here is read; the relay itself checks the rest.
     */
    public Options load(Path file, Map<String, String> commandLine, Map<String, String> environment) {
        if (equals(SERVER)) {
            return Options.load(file, commandLine, environment);
        }
        List<Item> read = new ArrayList<>(own());
        read.addAll(OF_BOTH);
        List<Item> known = new ArrayList<>(Items.all());
        known.addAll(own());
        Problems problems = new Problems();
        OptionsFile all = OptionsFile.read(file, problems);
        return Options.resolve(
                known,
                commandLine,
                environment,
                all.only(read),
                problems,
                OptionsFile.keyExposure(file).stream().toList());
    }
}
