package recon.relay;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.admin.AdminPort;
import recon.common.admin.AdminSession;
import recon.common.admin.LiveOptions;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.KeyRing;
import recon.common.crypto.ReplayGuard;
import recon.common.keys.ClientKeysFile;
import recon.common.keys.ClientKeysWatch;
import recon.common.lifecycle.Service;
import recon.common.lifecycle.Services;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.options.AdminItems;
import recon.common.options.Item;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.state.DirectoryLock;
import recon.common.state.OwnDirectories;
import recon.common.wire.SecureChannel;
import recon.relay.admin.AdminAnswers;
import recon.relay.admin.Controls;
import recon.relay.admin.Reloading;
import recon.relay.backend.Backend;
import recon.relay.backend.Backends;
import recon.relay.backend.Dialer;
import recon.relay.backend.Routes;
import recon.relay.forward.ConnectedClients;
import recon.relay.forward.Forwarder;
import recon.relay.forward.Queries;
import recon.relay.forward.RelaySession;

/** The whole relay: the only class that knows every part. Not thread-safe: one thread starts it, one stops it. */
public final class ReconRelay implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(ReconRelay.class);

    /** How long a peer may take over its first message. */
    private static final Duration FIRST_MESSAGE = Duration.ofSeconds(10);

    /** So often the relay looks whether the client keys have changed. */
    private static final Duration KEYS_INTERVAL = Duration.ofSeconds(2);

    private final Listener listener;
    private final Optional<AdminPort> adminPort;
    private final Services services;
    private final Reloading reloading;

    private ReconRelay(Listener listener, Optional<AdminPort> adminPort, Services services, Reloading reloading) {
        this.listener = listener;
        this.adminPort = adminPort;
        this.services = services;
        this.reloading = reloading;
    }

    /** What the jar's manifest states. */
    static String version() {
        String version = ReconRelay.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    /**
     * Starts a relay. Every server has been asked once when it returns, and none of them need answer.
     *
     * @param again reads the options anew, while the relay runs
     * @throws OptionsException if the options are wrong, or the client keys cannot be used
     * @throws IOException if a directory or a port cannot be used; the message tells the operator what to do
     */
    public static ReconRelay start(Options options, Supplier<Options> again) throws OptionsException, IOException {
        RelaySettings settings = RelaySettings.from(options);
        ClientKeysWatch keys = clientKeys(settings);
        RelaySettings.Limits limits = settings.limits();
        ReplayGuard guard = new ReplayGuard(limits.messageMaxAge().orElse(Duration.ZERO), Clock.systemUTC());
        Path state = OwnDirectories.make(settings.stateDirectory(), RelayItems.STATE_DIR.name());
        DirectoryLock lock = DirectoryLock.take("relay", List.of(state), RelayItems.STATE_DIR.name());
        Routes routes;
        try {
            routes = Routes.open(state, Clock.systemUTC());
        } catch (IOException e) {
            lock.close();
            throw e;
        }
        KeyRing backendRing = backendRing(settings);
        Backends backends = backends(settings, guard, backendRing, keys.ring());
        FernetCipher cipher = new FernetCipher(keys.ring());
        AtomicReference<TrustedAddresses> trusted = new AtomicReference<>(settings.trustedAddresses());
        Queries queries = new Queries(backends);
        ConnectedClients clients = new ConnectedClients();
        RelaySession session = new RelaySession(
                trusted::get,
                RelayItems.TRUSTED_CLIENT_IPS.name(),
                settings.access().transports(),
                connection -> new SecureChannel(connection, cipher, guard, limits.maxMessageBytes()),
                new Forwarder(backends, routes, queries, settings.queueWhenNoBackend()),
                clients);
        Listener listener;
        Optional<AdminPort> adminPort;
        Services services;
        Reloading reloading;
        try {
            listener = new Listener("relay", addresses(settings), listenerLimits(settings), session);
            KeyRing adminRing = new KeyRing(settings.administration().keys());
            LiveOptions<RelaySettings> live = new LiveOptions<>(
                    RelayItems.CATALOGUE.items(),
                    options,
                    again,
                    RelaySettings::from,
                    now -> {
                        ClientKeysWatch.Update update = keys.prepare(
                                now.clientKey().stream().toList(),
                                now.administration().key());
                        return new LiveOptions.Prepared(update.changes(), () -> {
                            update.takeOver();
                            backendRing.replace(backendRing(now).keys());
                            adminRing.replace(now.administration().keys());
                        });
                    },
                    live(settings, backends, trusted, listener));
            reloading = by -> live.reload(action -> routes.recordAction(action, by));
            adminPort = administration(
                    settings,
                    adminRing,
                    trusted::get,
                    new Controls(backends, routes, queries::uptime, version(), clients::report, reloading));
            bind(listener);
            if (adminPort.isPresent()) {
                bind(adminPort.get(), listener);
            }
            List<Service> inOrder =
                    new ArrayList<>(List.of(Service.closing(lock), Service.closing(routes), keys, backends, listener));
            adminPort.ifPresent(inOrder::add);
            services = Services.startAll(inOrder);
        } catch (IOException | RuntimeException e) {
            routes.close();
            lock.close();
            throw e;
        }
        log.info(
                "ready: {} port {}, {} of {} servers are healthy",
                settings.host(),
                listener.port(),
                backends.healthy().size(),
                backends.all().size());
        adminPort.ifPresent(admin -> log.info("administration: {}", admin));
        if (settings.trustedAddresses().isAny()) {
            log.warn("TRUSTED_CLIENT_IPS is empty: any address may connect, only the key protects this relay");
        }
        settings.notice().ifPresent(log::warn);
        return new ReconRelay(listener, adminPort, services, reloading);
    }

    private static void bind(AdminPort adminPort, Listener listener) throws IOException {
        try {
            adminPort.bind();
        } catch (IOException e) {
            listener.stop();
            throw e;
        }
    }

    /** What can change while the relay runs, and how; the keys are taken over before these. */
    private static Map<Item, Consumer<RelaySettings>> live(
            RelaySettings settings, Backends backends, AtomicReference<TrustedAddresses> trusted, Listener listener) {
        Map<Item, Consumer<RelaySettings>> live = new LinkedHashMap<>();
        live.put(RelayItems.SHARED_KEY_RELAY_TO_CLIENTS, now -> {});
        live.put(RelayItems.SHARED_KEY_FOR_BACKENDS, now -> {});
        if (settings.administration().key().isPresent()) {
            live.put(AdminItems.RELAY.sharedKey(), now -> {});
        }
        live.put(RelayItems.BACKEND_SERVERS, now -> backends.replace(now.backends()));
        live.put(RelayItems.TRUSTED_CLIENT_IPS, now -> trusted.set(now.trustedAddresses()));
        live.put(RelayItems.HEALTH_CHECK_INTERVAL, now -> backends.checkEvery(now.healthInterval()));
        live.put(RelayItems.LOAD_BALANCING_STRATEGY, now -> backends.balance(now.strategy()));
        for (Item item : List.of(RelayItems.MAX_CONNECTIONS, RelayItems.MAX_CONNECTIONS_PER_ADDRESS)) {
            live.put(
                    item,
                    now -> listener.limit(
                            now.limits().maxConnections(), now.limits().maxConnectionsPerAddress()));
        }
        return live;
    }

    private static Optional<AdminPort> administration(
            RelaySettings settings, KeyRing ring, Supplier<TrustedAddresses> trusted, Controls controls)
            throws IOException {
        if (settings.administration().key().isEmpty()) {
            return Optional.empty();
        }
        RelaySettings.Limits limits = settings.limits();
        FernetCipher cipher = new FernetCipher(ring);
        ReplayGuard guard = new ReplayGuard(limits.messageMaxAge().orElse(Duration.ZERO), Clock.systemUTC());
        return Optional.of(new AdminPort(
                settings.administration(),
                AdminItems.RELAY,
                listenerLimits(settings),
                new AdminSession(
                        AdminItems.RELAY,
                        trusted,
                        RelayItems.TRUSTED_CLIENT_IPS,
                        settings.access().transports(),
                        connection -> new SecureChannel(connection, cipher, guard, limits.maxMessageBytes()),
                        channel -> new AdminAnswers(channel, controls))));
    }

    private static Listener.Limits listenerLimits(RelaySettings settings) {
        RelaySettings.Limits limits = settings.limits();
        return new Listener.Limits(
                limits.maxConnections(),
                limits.maxConnectionsPerAddress(),
                limits.idleTimeout(),
                FIRST_MESSAGE,
                settings.access().failedHandshakesPerMinute());
    }

    private static KeyRing backendRing(RelaySettings settings) {
        return KeyRing.shared(List.of(settings.backendKey()));
    }

    /**
     * The keys that a relay with these settings would accept now.
     *
     * @throws OptionsException if the file of client keys is wrong, or there is none where it is needed
     */
    static ClientKeysWatch clientKeys(RelaySettings settings) throws OptionsException {
        RelaySettings.Access access = settings.access();
        return new ClientKeysWatch(
                new ClientKeysFile(
                        access.clientKeysFile(),
                        settings.clientKey().stream().toList(),
                        settings.administration().key()),
                access.requireClientKeys(),
                KEYS_INTERVAL);
    }

    private static Backends backends(RelaySettings settings, ReplayGuard guard, KeyRing backendRing, KeyRing clients) {
        Dialer dialer = new Dialer(
                new FernetCipher(backendRing),
                guard,
                settings.limits().connectTimeout(),
                settings.limits().idleTimeout(),
                settings.limits().maxMessageBytes());
        BooleanSupplier speaksForOthers =
                () -> clients.keys().stream().anyMatch(key -> !key.owner().equals(KeyOwner.SHARED));
        return new Backends(
                settings.backends(),
                (address, onChange) -> new Backend(address, dialer, speaksForOthers, onChange),
                settings.strategy(),
                settings.healthInterval());
    }

    private static void bind(Listener listener) throws IOException {
        try {
            listener.bind();
        } catch (IOException e) {
            throw new IOException(
                    e.getMessage() + "; that is " + RelayItems.RELAY_HOSTNAME.name() + " and "
                            + RelayItems.RELAY_PORT.name(),
                    e);
        }
    }

    private static List<InetSocketAddress> addresses(RelaySettings settings) throws IOException {
        try {
            return Listener.addressesOf(settings.host(), settings.port());
        } catch (UnknownHostException e) {
            throw new IOException("RELAY_HOSTNAME = " + settings.host() + " is no address and no known name", e);
        }
    }

    /** The port in use, also when 0 was asked for. */
    public int port() {
        return listener.port();
    }

    /** The port for administration; empty if there is none. */
    public OptionalInt adminPort() {
        return adminPort.map(admin -> OptionalInt.of(admin.port())).orElseGet(OptionalInt::empty);
    }

    /** Takes over what has changed in the options, and logs what came of it. */
    public void reload(String by) {
        try {
            reloading.reload(by);
        } catch (OptionsException e) {
            log.error("nothing was reloaded: {}", String.join("; ", e.problems()));
        } catch (IOException e) {
            log.error("nothing was reloaded, since it cannot be put on record: {}", e.getMessage());
        }
    }

    /** Closes all connections; clients come back for their jobs, which the servers have. */
    @Override
    public void close() throws IOException {
        log.info("stopping");
        services.close();
        log.info("stopped");
    }
}
