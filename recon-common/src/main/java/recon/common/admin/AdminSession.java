package recon.common.admin;

import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;
import recon.common.net.Connection;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.options.AdminItems;
import recon.common.options.Item;
import recon.common.wire.AdminRequest;
import recon.common.wire.Event;
import recon.common.wire.KeyedSession;
import recon.common.wire.Opening;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;

/** One administrator's command, from the connection to the answer. */
public final class AdminSession implements Listener.Session {
    private final KeyedSession session;
    private final AdminItems items;
    private final Function<SecureChannel, AdminRequest.Handler<Void>> answers;

    /**
     * @param trusted the addresses that may speak, as of now
     * @param trustedItem the option that names them
     * @param accepted the transports
     * @param secure begins the conversation, sealed with the administrator's key, on a new connection
     * @param answers the one command of a conversation
     */
    public AdminSession(
            AdminItems items,
            Supplier<TrustedAddresses> trusted,
            Item trustedItem,
            TransportChoice accepted,
            Function<Connection, SecureChannel> secure,
            Function<SecureChannel, AdminRequest.Handler<Void>> answers) {
        this.items = items;
        this.answers = answers;
        this.session = new KeyedSession(trusted, trustedItem.name(), accepted, secure, this::answer);
    }

    @Override
    public void run(Connection connection) throws IOException {
        session.run(connection);
    }

    private void answer(SecureChannel channel, Opening opening) throws IOException {
        if (opening instanceof AdminRequest request) {
            request.accept(answers.apply(channel));
        } else {
            channel.send(new Event.EventError("this is the port for administration; clients use "
                    + items.clientsPort().name()));
        }
    }
}
