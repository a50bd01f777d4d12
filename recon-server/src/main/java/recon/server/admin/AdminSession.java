package recon.server.admin;

import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;
import recon.common.net.Connection;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.wire.AdminRequest;
import recon.common.wire.Event;
import recon.common.wire.KeyedSession;
import recon.common.wire.Opening;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;

/** One administrator's command, from the connection to the answer. */
public final class AdminSession implements Listener.Session {
    private final KeyedSession session;
    private final Controls controls;

    /**
     * @param trusted the addresses that may speak, as of now
     * @param accepted the transports
     * @param secure begins the conversation, sealed with the administrator's key, on a new connection
     */
    public AdminSession(
            Supplier<TrustedAddresses> trusted,
            TransportChoice accepted,
            Function<Connection, SecureChannel> secure,
            Controls controls) {
        this.session = new KeyedSession(trusted, accepted, secure, this::answer);
        this.controls = controls;
    }

    @Override
    public void run(Connection connection) throws IOException {
        session.run(connection);
    }

    private void answer(SecureChannel channel, Opening opening) throws IOException {
        if (opening instanceof AdminRequest request) {
            request.accept(new AdminAnswers(channel, controls));
        } else {
            channel.send(new Event.EventError("this is the port for administration; clients use SERVER_PORT"));
        }
    }
}
