package recon.relay.forward;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.crypto.AuthenticationFailedException;
import recon.common.crypto.StaleTokenException;
import recon.common.job.Failures;
import recon.common.net.Connection;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.common.tls.HandshakeException;
import recon.common.wire.Message;
import recon.common.wire.Offer;
import recon.common.wire.ProtocolException;
import recon.common.wire.Refusal;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;

/** One client, from its first message to the last answer. The thread that runs a session owns the connection. */
public final class RelaySession implements Listener.Session {
    private static final Logger log = LoggerFactory.getLogger(RelaySession.class);

    private final TrustedAddresses trusted;
    private final TransportChoice accepted;
    private final Function<Connection, SecureChannel> secure;
    private final Forwarder forwarder;

    /**
     * @param accepted the transports
     * @param secure begins the sealed conversation on a new connection
     */
    public RelaySession(
            TrustedAddresses trusted,
            TransportChoice accepted,
            Function<Connection, SecureChannel> secure,
            Forwarder forwarder) {
        this.trusted = trusted;
        this.accepted = accepted;
        this.secure = secure;
        this.forwarder = forwarder;
    }

    @Override
    public void run(Connection connection) {
        SecureChannel channel = secure.apply(connection);
        try (MDC.MDCCloseable client =
                MDC.putCloseable("client", connection.peer().getAddress().getHostAddress())) {
            boolean peerIsKnown = true;
            try {
                peerIsKnown = serve(channel);
            } catch (AuthenticationFailedException | StaleTokenException | HandshakeException e) {
                log.warn("closed without an answer: {}", e.getMessage());
                peerIsKnown = false;
            } catch (ProtocolException e) {
                log.warn("closed: {}", e.getMessage());
                peerIsKnown = channel.hasHeardPeer();
            } catch (IOException e) {
                if (connection.hasMadeRoom()) {
                    log.debug("had to make room before it showed a key"); // a flood must not fill the log
                } else {
                    log.info("connection ended: {}", Failures.words(e));
                }
                peerIsKnown = channel.hasHeardPeer();
            } finally {
                close(channel, peerIsKnown);
                MDC.remove("job");
            }
        }
    }

    /** Returns whether the peer is owed what we said last; somebody without a key is owed nothing. */
    private boolean serve(SecureChannel channel) throws IOException {
        if (!trusted.contains(channel.peer().getAddress())) {
            log.warn("refused: the address is not in TRUSTED_CLIENT_IPS");
            channel.send(new Refusal(Refusal.UNTRUSTED_ADDRESS));
            return true;
        }
        Optional<Message> first = channel.receiveAsItComes(accepted);
        if (first.isEmpty()) {
            log.debug("closed by the client before it said anything");
            return false;
        }
        MDC.put("client", channel.owner().at(channel.peer().getAddress().getHostAddress())); // until the session ends
        Client client = client(channel, first.get());
        log.debug("received {}", client.request().label());
        client.request().accept(new Answers(client, forwarder));
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

    private static void close(SecureChannel channel, boolean peerIsKnown) {
        try {
            if (peerIsKnown) {
                channel.finish();
            } else {
                channel.close();
            }
        } catch (IOException e) {
            log.debug("closing failed: {}", e.toString());
        }
    }
}
