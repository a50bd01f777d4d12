package recon.relay;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.KeyRing;
import recon.common.crypto.ReplayGuard;
import recon.common.keys.ClientKeysFile;
import recon.common.keys.ClientKeysWatch;
import recon.common.lifecycle.Service;
import recon.common.lifecycle.Services;
import recon.common.net.Listener;
import recon.common.options.OptionsException;
import recon.common.wire.SecureChannel;
import recon.relay.backend.Backend;
import recon.relay.backend.Backends;
import recon.relay.backend.Dialer;
import recon.relay.backend.Routes;
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
    private final Services services;

    private ReconRelay(Listener listener, Services services) {
        this.listener = listener;
        this.services = services;
    }

    /**
     * Starts a relay. Every server has been asked once when it returns, and none of them need answer.
     *
     * @throws OptionsException if the client keys cannot be used
     * @throws IOException if a directory or the port cannot be used; the message tells the operator what to do
     */
    public static ReconRelay start(RelaySettings settings) throws OptionsException, IOException {
        ClientKeysWatch keys = clientKeys(settings);
        RelaySettings.Limits limits = settings.limits();
        ReplayGuard guard = new ReplayGuard(limits.messageMaxAge().orElse(Duration.ZERO), Clock.systemUTC());
        Routes routes = Routes.open(settings.stateDirectory(), Clock.systemUTC());
        Backends backends = backends(settings, guard, keys.ring());
        FernetCipher cipher = new FernetCipher(keys.ring());
        RelaySession session = new RelaySession(
                settings.trustedAddresses(),
                RelayItems.TRUSTED_CLIENT_IPS.name(),
                settings.access().transports(),
                connection -> new SecureChannel(connection, cipher, guard, limits.maxMessageBytes()),
                new Forwarder(backends, routes, new Queries(backends), settings.queueWhenNoBackend()));
        Listener listener;
        Services services;
        try {
            listener = new Listener(
                    "relay",
                    addresses(settings),
                    new Listener.Limits(
                            limits.maxConnections(),
                            limits.maxConnectionsPerAddress(),
                            limits.idleTimeout(),
                            FIRST_MESSAGE,
                            settings.access().failedHandshakesPerMinute()),
                    session);
            listener.bind();
            services = Services.startAll(List.of(Service.closing(routes), keys, backends, listener));
        } catch (IOException | RuntimeException e) {
            routes.close();
            throw e;
        }
        log.info(
                "ready: {} port {}, {} of {} servers are healthy",
                settings.host(),
                listener.port(),
                backends.healthy().size(),
                backends.all().size());
        if (settings.trustedAddresses().isAny()) {
            log.warn("TRUSTED_CLIENT_IPS is empty: any address may connect, only the key protects this relay");
        }
        return new ReconRelay(listener, services);
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
                        access.clientKeysFile(), settings.clientKey().stream().toList()),
                access.requireClientKeys(),
                KEYS_INTERVAL);
    }

    private static Backends backends(RelaySettings settings, ReplayGuard guard, KeyRing clients) {
        Dialer dialer = new Dialer(
                new FernetCipher(List.of(settings.backendKey())),
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

    /** Closes all connections; clients come back for their jobs, which the servers have. */
    @Override
    public void close() throws IOException {
        log.info("stopping");
        services.close();
        log.info("stopped");
    }
}
