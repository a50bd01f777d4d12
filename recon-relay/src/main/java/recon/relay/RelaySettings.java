package recon.relay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import recon.common.admin.Administration;
import recon.common.crypto.SharedKey;
import recon.common.net.TrustedAddresses;
import recon.common.options.AdminItems;
import recon.common.options.ListenItems;
import recon.common.options.LogSettings;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.options.Problems;
import recon.common.wire.TransportChoice;
import recon.relay.backend.BackendAddress;
import recon.relay.backend.Backends;

/**
 * What the relay needs from its options. Paths are absolute.
 *
 * @param host name or address to listen on
 * @param port 0..65535; 0 lets the system choose
 * @param clientKey shared by clients; empty if only keys of single clients are accepted
 * @param backendKey what the servers know the relay by
 * @param backends at least one, each once
 * @param healthInterval between two status queries to a server that answers
 * @param queueWhenNoBackend whether clients wait while no server answers
 */
public record RelaySettings(
        String host,
        int port,
        Optional<SharedKey> clientKey,
        SharedKey backendKey,
        List<BackendAddress> backends,
        TrustedAddresses trustedAddresses,
        Access access,
        Administration administration,
        Duration healthInterval,
        Backends.Strategy strategy,
        boolean queueWhenNoBackend,
        Path stateDirectory,
        Limits limits,
        LogSettings log) {
    private static final String KEY_HELP = "make a key with \"java -jar recon-client.jar keygen\", and set the same as"
            + " SHARED_KEY in the recon.opts of the clients";
    private static final String BACKEND_KEY_HELP = "set the SHARED_KEY of the servers, or the key that"
            + " \"java -jar recon-server.jar client-key add NAME --relay\" made";

    /** Who gets in, and how: as the server's. */
    public record Access(
            TransportChoice transports,
            Path clientKeysFile,
            boolean requireClientKeys,
            int failedHandshakesPerMinute) {}

    /**
     * What one peer, or all of them, may take.
     *
     * @param messageMaxAge older messages and repeated ones are refused; empty accepts any
     * @param maxMessageBytes of a frame's token, 65536..16777216
     */
    public record Limits(
            Optional<Duration> messageMaxAge,
            int maxMessageBytes,
            Duration idleTimeout,
            Duration connectTimeout,
            int maxConnections,
            int maxConnectionsPerAddress) {}

    public RelaySettings {
        backends = List.copyOf(backends);
    }

    /** @throws OptionsException with every problem of the options */
    public static RelaySettings from(Options options) throws OptionsException {
        Problems problems = options.problems();
        boolean requireClientKeys = options.flag(RelayItems.REQUIRE_CLIENT_KEYS);
        boolean hasClientKey = !options.text(RelayItems.SHARED_KEY_RELAY_TO_CLIENTS)
                .equals(RelayItems.SHARED_KEY_RELAY_TO_CLIENTS.newFileText());
        Optional<SharedKey> clientKey = requireClientKeys && !hasClientKey
                ? Optional.empty()
                : options.key(RelayItems.SHARED_KEY_RELAY_TO_CLIENTS, KEY_HELP, problems);
        Optional<SharedKey> backendKey = options.key(RelayItems.SHARED_KEY_FOR_BACKENDS, BACKEND_KEY_HELP, problems);
        Administration administration = Administration.from(
                options,
                AdminItems.RELAY,
                List.of(RelayItems.SHARED_KEY_RELAY_TO_CLIENTS, RelayItems.SHARED_KEY_FOR_BACKENDS),
                problems);
        List<BackendAddress> backends = backends(options, problems);
        TrustedAddresses trusted = options.parsed(RelayItems.TRUSTED_CLIENT_IPS, TrustedAddresses::parse, problems);
        TransportChoice transports = options.parsed(RelayItems.TRANSPORTS, TransportChoice::accepted, problems);
        Path state = options.path(RelayItems.STATE_DIR);
        if (administration.key().isPresent()) {
            ListenItems.check(
                    options,
                    List.of(
                            new ListenItems(RelayItems.RELAY_HOSTNAME, RelayItems.RELAY_PORT),
                            new ListenItems(AdminItems.RELAY.hostname(), AdminItems.RELAY.port())),
                    problems);
        }
        problems.throwIfAny();
        return new RelaySettings(
                options.text(RelayItems.RELAY_HOSTNAME),
                options.integer(RelayItems.RELAY_PORT),
                clientKey,
                backendKey.orElseThrow(),
                backends,
                trusted,
                new Access(
                        transports,
                        options.optionalPath(RelayItems.CLIENT_KEYS_FILE).orElseGet(() -> state.resolve("client_keys")),
                        requireClientKeys,
                        options.integer(RelayItems.FAILED_HANDSHAKES_PER_MINUTE)),
                administration,
                options.seconds(RelayItems.HEALTH_CHECK_INTERVAL),
                options.choice(RelayItems.LOAD_BALANCING_STRATEGY, Backends.Strategy.class),
                options.flag(RelayItems.QUEUE_WHEN_NO_BACKEND),
                state,
                new Limits(
                        options.limit(RelayItems.MESSAGE_MAX_AGE_SECONDS),
                        options.integer(RelayItems.MAX_MESSAGE_BYTES),
                        options.seconds(RelayItems.IDLE_TIMEOUT_SECONDS),
                        options.seconds(RelayItems.CONNECT_TIMEOUT_SECONDS),
                        options.integer(RelayItems.MAX_CONNECTIONS),
                        options.integer(RelayItems.MAX_CONNECTIONS_PER_ADDRESS)),
                LogSettings.from(options));
    }

    /** What to warn of though it is no problem. */
    Optional<String> notice() {
        return administration.notice(AdminItems.RELAY, trustedAddresses, RelayItems.TRUSTED_CLIENT_IPS);
    }

    private static List<BackendAddress> backends(Options options, Problems problems) {
        List<BackendAddress> backends = new ArrayList<>();
        for (String text : options.list(RelayItems.BACKEND_SERVERS)) {
            try {
                BackendAddress backend = BackendAddress.parse(text);
                if (backends.contains(backend)) {
                    throw new IllegalArgumentException(backend + " is there twice");
                }
                backends.add(backend);
            } catch (IllegalArgumentException e) {
                options.problemAt(RelayItems.BACKEND_SERVERS, "BACKEND_SERVERS: " + e.getMessage(), problems);
            }
        }
        if (backends.isEmpty() && problems.isEmpty()) {
            options.problemAt(
                    RelayItems.BACKEND_SERVERS,
                    "BACKEND_SERVERS names no server; write host:port, with commas between them",
                    problems);
        }
        return backends;
    }
}
