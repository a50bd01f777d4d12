package recon.common.wire;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
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

/**
 * One peer of a program that listens, from its first message, which shows that it has a key, to the last answer. The
 * thread that runs a session owns the connection and closes it.
 */
public final class KeyedSession implements Listener.Session {
    private static final Logger log = LoggerFactory.getLogger(KeyedSession.class);

    private final Supplier<TrustedAddresses> trusted;
    private final TransportChoice accepted;
    private final Function<Connection, SecureChannel> secure;
    private final Answering answering;

    /** Answers what a peer has said first. */
    @FunctionalInterface
    public interface Answering {
        /** Returns once everything is said. */
        void answer(SecureChannel channel, Opening opening) throws IOException;
    }

    /**
     * @param trusted the addresses that may speak, as of now
     * @param accepted the transports
     * @param secure begins the sealed conversation on a new connection
     */
    public KeyedSession(
            Supplier<TrustedAddresses> trusted,
            TransportChoice accepted,
            Function<Connection, SecureChannel> secure,
            Answering answering) {
        this.trusted = trusted;
        this.accepted = accepted;
        this.secure = secure;
        this.answering = answering;
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
                MDC.remove("job"); // set once the session is about one
            }
        }
    }

    /** Returns whether the peer is owed what we said last; somebody without a key is owed nothing. */
    private boolean serve(SecureChannel channel) throws IOException {
        if (!trusted.get().contains(channel.peer().getAddress())) {
            log.warn("refused: the address is not in TRUSTED_IPS");
            channel.send(new Refusal(Refusal.UNTRUSTED_ADDRESS));
            return true;
        }
        Optional<Message> first = channel.receiveFirst(accepted);
        if (first.isEmpty()) {
            log.debug("closed by the client before it said anything");
            return false;
        }
        if (!(first.get() instanceof Opening opening)) {
            throw new ProtocolException("expected a command, got " + first.get().label());
        }
        MDC.put("client", channel.owner().at(channel.peer().getAddress().getHostAddress())); // until the session ends
        log.debug("received {}", opening.label());
        answering.answer(channel, opening);
        return true;
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
