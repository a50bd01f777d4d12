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
    private final String trustedItem;
    private final Function<Connection, SecureChannel> secure;
    private final Reception reception;

    /** Hears what a peer says first, and answers. */
    @FunctionalInterface
    public interface Reception {
        /**
         * Returns once everything is said.
         *
         * @return whether the peer has said anything
         */
        boolean receive(SecureChannel channel) throws IOException;
    }

    /** Answers what a peer has said first. */
    @FunctionalInterface
    public interface Answering {
        /** Returns once everything is said. */
        void answer(SecureChannel channel, Opening opening) throws IOException;
    }

    /**
     * @param trusted the addresses that may speak, as of now
     * @param trustedItem the option that names them
     * @param accepted the transports
     * @param secure begins the sealed conversation on a new connection
     */
    public KeyedSession(
            Supplier<TrustedAddresses> trusted,
            String trustedItem,
            TransportChoice accepted,
            Function<Connection, SecureChannel> secure,
            Answering answering) {
        this(trusted, trustedItem, secure, channel -> answer(channel, accepted, answering));
    }

    /**
     * @param trusted the addresses that may speak, as of now
     * @param trustedItem the option that names them
     * @param secure begins the sealed conversation on a new connection
     */
    public KeyedSession(
            Supplier<TrustedAddresses> trusted,
            String trustedItem,
            Function<Connection, SecureChannel> secure,
            Reception reception) {
        this.trusted = trusted;
        this.trustedItem = trustedItem;
        this.secure = secure;
        this.reception = reception;
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
            log.warn("refused: the address is not in {}", trustedItem);
            channel.send(new Refusal(Refusal.UNTRUSTED_ADDRESS));
            return true;
        }
        if (!reception.receive(channel)) {
            log.debug("closed by the client before it said anything");
            return false;
        }
        return true;
    }

    private static boolean answer(SecureChannel channel, TransportChoice accepted, Answering answering)
            throws IOException {
        Optional<Message> first = channel.receiveFirst(accepted);
        if (first.isEmpty()) {
            return false;
        }
        if (!(first.get() instanceof Opening opening)) {
            throw new ProtocolException("expected a command, got " + first.get().label());
        }
        received(channel, opening);
        answering.answer(channel, opening);
        return true;
    }

    /** Names the peer in the log from now on, until the session ends. */
    public static void received(SecureChannel channel, Opening opening) {
        MDC.put("client", channel.owner().at(channel.peer().getAddress().getHostAddress()));
        log.debug("received {}", opening.label());
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
