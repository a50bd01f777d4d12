package recon.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import recon.common.crypto.SharedKey;
import recon.common.options.AdminItems;
import recon.common.options.Item;
import recon.common.options.Items;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.options.Problems;
import recon.common.wire.TransportChoice;

/**
 * What the client needs from its options. Paths are absolute.
 *
 * @param serverHost name or address to connect to
 * @param serverPort 1..65535
 * @param keys at least one: the first seals, all open
 * @param connectTimeout for reaching the server
 * @param defaultPfileName the file within {@code defaultPfilePath} where that is a directory
 * @param defaultPfilePath what is sent where nothing else is asked for; empty for nothing
 * @param downloadDirectory for the results
 * @param transport how to talk to the server
 * @param stateDirectory for notes on submissions that are not complete; empty for no notes
 */
public record ClientSettings(
        String serverHost,
        int serverPort,
        List<SharedKey> keys,
        Duration connectTimeout,
        String defaultPfileName,
        Optional<Path> defaultPfilePath,
        Path downloadDirectory,
        TransportChoice transport,
        Optional<Path> stateDirectory,
        Limits limits) {

    /**
     * What the client accepts from the server.
     *
     * @param messageMaxAge older messages and repeated ones are refused; empty accepts any
     * @param maxMessageBytes of a frame's token, 65536..16777216
     * @param idleTimeout for one read while an answer is due
     */
    public record Limits(
            Optional<Duration> messageMaxAge, int maxMessageBytes, Duration idleTimeout, int maxJobFiles) {}

    public ClientSettings {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a client needs a key");
        }
    }

    /**
     * The settings that a program's options make.
     *
     * @throws OptionsException with every problem of the options, those of other programs' items included
     */
    public static ClientSettings from(Options options) throws OptionsException {
        Problems problems = options.problems();
        return from(options, Items.SERVER_HOSTNAME, Items.SERVER_PORT, options.keys(problems), problems);
    }

    /**
     * As {@link #from}, for the port for administration, with the administrator's key alone.
     *
     * @param items of the program that is to be looked after
     * @throws OptionsException as well if there is no such key
     */
    public static ClientSettings ofAdministrator(Options options, AdminItems items) throws OptionsException {
        Problems problems = options.problems();
        boolean server = items.equals(AdminItems.SERVER);
        Optional<SharedKey> key = options.adminKey(
                items.sharedKey(),
                server ? List.of(Items.SHARED_KEY, Items.PREVIOUS_SHARED_KEYS) : List.of(),
                problems);
        if (key.isEmpty() && problems.isEmpty()) {
            options.problemAt(
                    items.sharedKey(),
                    items.sharedKey().name() + " is not set; it must be the same here as in the "
                            + (server ? "server's recon.opts" : "relay's relay.opts"),
                    problems);
        }
        return from(options, items.hostname(), items.port(), key.stream().toList(), problems);
    }

    private static ClientSettings from(
            Options options, Item host, Item portItem, List<SharedKey> keys, Problems problems)
            throws OptionsException {
        int port = options.integer(portItem);
        if (port == 0) {
            options.problemAt(
                    portItem, portItem.name() + " = 0 names no port to connect to; give the server's port", problems);
        }
        problems.throwIfAny();
        return new ClientSettings(
                options.text(host),
                port,
                keys,
                options.seconds(Items.CONNECT_TIMEOUT_SECONDS),
                options.text(Items.CLIENT_DEFAULT_PFILE_NAME),
                options.optionalPath(Items.CLIENT_DEFAULT_PFILE_PATH),
                options.path(Items.CLIENT_DOWNLOAD_DIR),
                options.choice(Items.TRANSPORT, TransportChoice.class),
                options.optionalPath(Items.CLIENT_STATE_DIR),
                new Limits(
                        options.limit(Items.MESSAGE_MAX_AGE_SECONDS),
                        options.integer(Items.MAX_MESSAGE_BYTES),
                        options.seconds(Items.IDLE_TIMEOUT_SECONDS),
                        options.integer(Items.MAX_JOB_FILES)));
    }

    /** The file to send where the command line names none. */
    public Optional<Path> defaultPfile() {
        return defaultPfilePath.map(path -> Files.isDirectory(path) ? path.resolve(defaultPfileName) : path);
    }
}
