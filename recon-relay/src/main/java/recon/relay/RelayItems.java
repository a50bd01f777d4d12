package recon.relay;

import java.util.ArrayList;
import java.util.List;
import recon.common.options.AdminItems;
import recon.common.options.Catalogue;
import recon.common.options.Item;
import recon.common.options.ItemType;
import recon.common.options.ItemType.Choice;
import recon.common.options.ItemType.FilePath;
import recon.common.options.ItemType.Flag;
import recon.common.options.ItemType.Secret;
import recon.common.options.ItemType.Text;
import recon.common.options.ItemType.TextList;
import recon.common.options.ItemType.WholeNumber;
import recon.common.options.Items;

/** Every item that {@code relay.opts} may hold, in the order of {@code relay.opts.example}. */
final class RelayItems {
    private static final List<Item> ALL = new ArrayList<>();
    private static final int DAY_SECONDS = 24 * 3600;

    static final Item RELAY_HOSTNAME = add(
            "RELAY_HOSTNAME",
            new Text(false),
            "localhost",
            "Name or address that the relay listens on. localhost accepts connections of this machine only; 0.0.0.0 or ::"
                    + " accepts them on every interface.");
    static final Item RELAY_PORT = add(AdminItems.RELAY.clientsPort());
    static final Item BACKEND_SERVERS = add(
            "BACKEND_SERVERS",
            new TextList(),
            "",
            "localhost:60000",
            "The recon servers behind the relay: host:port, with commas between them; [::1]:60000 for an IPv6 address.");

    static final Item SHARED_KEY_RELAY_TO_CLIENTS = add(
            "SHARED_KEY_RELAY_TO_CLIENTS",
            new Secret(),
            "",
            Items.KEY_PLACEHOLDER,
            "The key between clients and the relay: SHARED_KEY in the clients' recon.opts.");
    static final Item SHARED_KEY_FOR_BACKENDS = add(
            "SHARED_KEY_FOR_BACKENDS",
            new Secret(),
            "",
            "SET_THE_KEY_OF_THE_BACKENDS_HERE",
            "The key between the relay and the servers: their SHARED_KEY, or one that each of them has made with"
                    + " \"recon-server.jar client-key add NAME --relay\" (the same line in each one's CLIENT_KEYS_FILE), which"
                    + " client keys at the relay need.");
    static final Item CLIENT_KEYS_FILE = add(
            "CLIENT_KEYS_FILE",
            new FilePath(true),
            "",
            "File of keys of single clients, one NAME = KEY line each, as the server's; a running relay takes changes"
                    + " within 5 s. Blank: client_keys in STATE_DIR.");
    static final Item REQUIRE_CLIENT_KEYS = add(
            "REQUIRE_CLIENT_KEYS",
            new Flag(),
            "false",
            "true: only keys of CLIENT_KEYS_FILE are accepted, not SHARED_KEY_RELAY_TO_CLIENTS.");
    static final Item TRUSTED_CLIENT_IPS = add(
            "TRUSTED_CLIENT_IPS",
            new TextList(),
            "",
            "127.0.0.1,::1",
            "Client addresses that the relay accepts, with commas between them: IPv4 or IPv6, single or as blocks"
                    + " (192.168.1.0/24). Blank or absent: any address.");
    static final Item MESSAGE_MAX_AGE_SECONDS = add(
            "MESSAGE_MAX_AGE_SECONDS",
            new WholeNumber(0, 7 * DAY_SECONDS),
            "300",
            "A message sealed longer ago than this, or further in the future, is refused, and so is one seen before: the"
                    + " clocks of clients, relay and servers must agree that well. 0 turns the check off.");
    static final Item TRANSPORTS = add(
            "TRANSPORTS",
            new TextList(),
            "tls,fernet",
            "What the relay accepts of clients: tls, fernet, or both with a comma between them. Files go to a server as"
                    + " they come from the client, so the servers must accept the same.");
    static final Item FAILED_HANDSHAKES_PER_MINUTE = add(
            "FAILED_HANDSHAKES_PER_MINUTE",
            new WholeNumber(0, 1_000_000),
            "30",
            "How many connections from one address may fail to show a key, per minute; further ones are closed at once"
                    + " until the minute has passed. 0: any number.");

    static {
        ALL.add(AdminItems.RELAY.hostname());
        ALL.add(AdminItems.RELAY.port());
        ALL.add(AdminItems.RELAY.sharedKey());
    }

    static final Item HEALTH_CHECK_INTERVAL = add(
            "HEALTH_CHECK_INTERVAL",
            new WholeNumber(1, DAY_SECONDS),
            "30",
            "How often each server is asked for its status, in seconds. One that does not answer gets no jobs until it has"
                    + " answered twice; it is asked again every 2 s.");
    static final Item LOAD_BALANCING_STRATEGY = add(
            "LOAD_BALANCING_STRATEGY",
            new Choice(List.of("least_loaded", "round_robin")),
            "least_loaded",
            "Which server gets the next job: least_loaded, the one with the fewest waiting and running jobs per worker; or"
                    + " round_robin, each in turn.");
    static final Item QUEUE_WHEN_NO_BACKEND = add(
            "QUEUE_WHEN_NO_BACKEND",
            new Flag(),
            "false",
            "true: a client that submits while no server answers waits until one does. false: it is told so at once.");

    static final Item STATE_DIR = add(
            "STATE_DIR",
            new FilePath(false),
            "recon_relay_state",
            "Directory, on a local disk, of the record of which server has which job (relay.db).");
    static final Item LOG_FILEPATH = add(
            "LOG_FILEPATH",
            new FilePath(true),
            "/tmp/recon_relay.log",
            "Log file, rotated by size. Blank: the console only.");
    static final Item LOG_FORMAT = add(
            "LOG_FORMAT",
            new Choice(List.of("text", "json")),
            "text",
            "text for people, or json for programs: one object a line.");
    static final Item LOG_LEVEL = add(
            "LOG_LEVEL",
            new Choice(List.of("error", "warn", "info", "debug", "trace")),
            "info",
            "How much is logged: error, warn, info, debug or trace.");

    static final Item MAX_CONNECTIONS = add(
            "MAX_CONNECTIONS",
            new WholeNumber(1, 65_535),
            "256",
            "How many connections of clients are served at the same time. A client that waits for its job holds one, and"
                    + " one of its server's.");
    static final Item MAX_CONNECTIONS_PER_ADDRESS = add(
            "MAX_CONNECTIONS_PER_ADDRESS",
            new WholeNumber(1, 65_535),
            "64",
            "How many of them may come from one address. Each server must allow as many from the relay's address as there"
                    + " are here in all, unless the relay has a key of its own there.");
    static final Item IDLE_TIMEOUT_SECONDS = add(
            "IDLE_TIMEOUT_SECONDS",
            new WholeNumber(1, DAY_SECONDS),
            "60",
            "A connection is given up when the other side says nothing for this long while it should.");
    static final Item CONNECT_TIMEOUT_SECONDS = add(
            "CONNECT_TIMEOUT_SECONDS", new WholeNumber(1, 3600), "5", "How long the relay tries to reach a server.");
    static final Item MAX_MESSAGE_BYTES = add(
            "MAX_MESSAGE_BYTES",
            new WholeNumber(65_536, 16_777_216),
            "16777216",
            "The largest message accepted, as it is on the wire. Files are sent in many messages; this does not limit them.");
    static final Item IGNORE_UNKNOWN_ITEMS = add(
            "IGNORE_UNKNOWN_ITEMS",
            new TextList(),
            "",
            "Items that this version may not know and shall pass over, with commas between them. Any other unknown item is"
                    + " an error.");

    static final Catalogue CATALOGUE = new Catalogue(
            ALL,
            RelayItems.class,
            "relay.opts.example",
            Items.KEY_PLACEHOLDER,
            "BACKEND_SERVERS and the two keys: the clients' and the servers'");

    private RelayItems() {}

    private static Item add(String name, ItemType type, String defaultText, String description) {
        return add(name, type, defaultText, defaultText, description);
    }

    private static Item add(String name, ItemType type, String defaultText, String newFileText, String description) {
        return add(new Item(name, type, defaultText, newFileText, Item.User.RELAY, description));
    }

    private static Item add(Item item) {
        ALL.add(item);
        return item;
    }
}
