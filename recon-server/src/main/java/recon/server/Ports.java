package recon.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import recon.common.admin.AdminPort;
import recon.common.admin.AdminSession;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyRing;
import recon.common.crypto.ReplayGuard;
import recon.common.net.Connection;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.options.AdminItems;
import recon.common.options.Items;
import recon.common.wire.SecureChannel;
import recon.server.admin.AdminAnswers;
import recon.server.admin.Controls;
import recon.server.intake.ClientSession;
import recon.server.intake.Departments;
import recon.server.metrics.Metrics;
import recon.server.metrics.Sources;
import recon.server.mrd.MrdServer;
import recon.server.mrd.MrdSettings;

/** Where a server listens: for clients, administrators, monitors and MRD clients. Nothing listens yet. */
final class Ports {
    /** How long a peer may take over its first message. */
    private static final Duration FIRST_MESSAGE = Duration.ofSeconds(10);

    private final ServerSettings settings;
    private final Supplier<TrustedAddresses> trusted;
    private final Clock clock;

    /** @param trusted the addresses that may speak, as of now */
    Ports(ServerSettings settings, Supplier<TrustedAddresses> trusted, Clock clock) {
        this.settings = settings;
        this.trusted = trusted;
        this.clock = clock;
    }

    Listener forClients(KeyRing ring, Departments departments) throws IOException {
        return new Listener(
                "server",
                addresses("SERVER_HOSTNAME", settings.host(), settings.port()),
                limits(),
                new ClientSession(trusted, settings.access().transports(), secure(ring), departments));
    }

    /**
     * A listener of its own: clients that take every place must not keep the administrator out. Empty if there is no key
     * for administration.
     */
    Optional<AdminPort> forAdministrators(KeyRing ring, Controls controls) throws IOException {
        if (settings.administration().key().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AdminPort(
                settings.administration(),
                AdminItems.SERVER,
                limits(),
                new AdminSession(
                        AdminItems.SERVER,
                        trusted,
                        Items.TRUSTED_IPS,
                        settings.access().transports(),
                        secure(ring),
                        channel -> new AdminAnswers(channel, controls))));
    }

    /** Empty if none is wanted. */
    Optional<Metrics> forMonitors(Sources sources) throws IOException {
        ServerSettings.Metrics metrics = settings.metrics();
        return metrics.port() == 0
                ? Optional.empty()
                : Optional.of(new Metrics(
                        addresses("METRICS_HOSTNAME", metrics.host(), metrics.port())
                                .get(0),
                        sources));
    }

    /** Empty if none is wanted. */
    Optional<MrdServer> forMrd() throws IOException {
        MrdSettings mrd = settings.mrd();
        return mrd.port() == 0
                ? Optional.empty()
                : Optional.of(new MrdServer(mrd, addresses("MRD_HOSTNAME", mrd.host(), mrd.port())));
    }

    private Function<Connection, SecureChannel> secure(KeyRing ring) {
        ServerSettings.Limits limits = settings.limits();
        FernetCipher cipher = new FernetCipher(ring);
        ReplayGuard guard = new ReplayGuard(limits.messageMaxAge().orElse(Duration.ZERO), clock);
        return connection -> new SecureChannel(connection, cipher, guard, limits.maxMessageBytes());
    }

    private Listener.Limits limits() {
        ServerSettings.Limits limits = settings.limits();
        return new Listener.Limits(
                limits.maxConnections(),
                limits.maxConnectionsPerAddress(),
                limits.idleTimeout(),
                FIRST_MESSAGE,
                settings.access().failedHandshakesPerMinute());
    }

    private static List<InetSocketAddress> addresses(String item, String host, int port) throws IOException {
        try {
            return Listener.addressesOf(host, port);
        } catch (UnknownHostException e) {
            throw new IOException(item + " = " + host + " is no address and no known name", e);
        }
    }
}
