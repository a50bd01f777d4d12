package recon.relay.forward;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import recon.common.net.Connection;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.wire.KeyedSession;
import recon.common.wire.Message;
import recon.common.wire.Offer;
import recon.common.wire.ProtocolException;
import recon.common.wire.Refusal;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;

/** One client, from its first message to the last answer. */
public final class RelaySession implements Listener.Session {
    private final KeyedSession session;
    private final TransportChoice accepted;
    private final Forwarder forwarder;
    private final ConnectedClients clients;

    /**
     * @param trusted the addresses that may speak, as of now
     * @param trustedItem the option that names them
     * @param accepted the transports
     * @param secure begins the sealed conversation on a new connection
     */
    public RelaySession(
            Supplier<TrustedAddresses> trusted,
            String trustedItem,
            TransportChoice accepted,
            Function<Connection, SecureChannel> secure,
            Forwarder forwarder,
            ConnectedClients clients) {
        this.session = new KeyedSession(trusted, trustedItem, secure, this::receive);
        this.accepted = accepted;
        this.forwarder = forwarder;
        this.clients = clients;
    }

    @Override
    public void run(Connection connection) {
        session.run(connection);
    }

    private boolean receive(SecureChannel channel) throws IOException {
        Optional<Message> first = channel.receiveAsItComes(accepted);
        if (first.isEmpty()) {
            return false;
        }
        Client client = client(channel, first.get());
        KeyedSession.received(channel, client.request());
        clients.enter(client);
        try {
            client.request().accept(new Answers(client, forwarder));
        } finally {
            clients.leave(client);
        }
        return true;
    }

    private Client client(SecureChannel channel, Message first) throws IOException {
        Message asked = first;
        boolean offersTls = false;
        if (first instanceof Offer offer) {
            if (offer.onBehalfOf().isPresent()) {
                channel.send(new Refusal("This relay takes no requests on behalf of others."));
                throw new ProtocolException("a request on behalf of others");
            }
            asked = offer.request();
            offersTls = !channel.streams() && accepted != TransportChoice.FERNET && offer.offersTls();
        }
        if (!(asked instanceof Request request)) {
            throw new ProtocolException("expected a command, got " + asked.label());
        }
        if (accepted == TransportChoice.TLS && !channel.streams()) {
            if (!offersTls) {
                channel.send(new Refusal(Refusal.TLS_ONLY));
                throw new ProtocolException("the client does not know TLS, which alone is among the TRANSPORTS");
            }
            Client.goOver(channel);
            offersTls = false;
        }
        return new Client(channel, request, offersTls);
    }
}
