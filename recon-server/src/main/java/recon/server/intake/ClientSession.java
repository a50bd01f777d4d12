package recon.server.intake;

import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;
import recon.common.net.Connection;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.options.Items;
import recon.common.wire.AdminRequest;
import recon.common.wire.Event;
import recon.common.wire.KeyedSession;
import recon.common.wire.Opening;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;

/** One client, from its first message to its last answer, which for a job may be its results, days later. */
public final class ClientSession implements Listener.Session {
    private final KeyedSession session;
    private final Departments departments;

    /**
     * @param trusted the addresses that may speak, as of now
     * @param accepted the transports
     * @param secure begins the sealed conversation on a new connection
     */
    public ClientSession(
            Supplier<TrustedAddresses> trusted,
            TransportChoice accepted,
            Function<Connection, SecureChannel> secure,
            Departments departments) {
        this.session = new KeyedSession(trusted, Items.TRUSTED_IPS.name(), accepted, secure, this::answer);
        this.departments = departments;
    }

    @Override
    public void run(Connection connection) throws IOException {
        session.run(connection);
    }

    private void answer(SecureChannel channel, Opening opening) throws IOException {
        if (opening instanceof Request request) {
            request.accept(new Answers(channel, departments));
        } else if (opening instanceof AdminRequest) {
            channel.send(new Event.EventError(
                    "this is the port for clients; administration is on SERVER_ADMIN_PORT, with a key of its own"));
        }
    }
}
