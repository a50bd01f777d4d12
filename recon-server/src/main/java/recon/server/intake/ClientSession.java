package recon.server.intake;

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
import recon.common.wire.Event;
import recon.common.wire.Message;
import recon.common.wire.ProtocolException;
import recon.common.wire.Refusal;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.server.status.StatusReport;

/**
 * One client, from its first message until it is answered or its job is queued. The thread that runs a session owns the
 * connection, and closes it unless the queue has taken it over.
 */
public final class ClientSession implements Listener.Session {
    private static final Logger log = LoggerFactory.getLogger(ClientSession.class);

    private final TrustedAddresses trusted;
    private final Function<Connection, SecureChannel> secure;
    private final JobIntake intake;
    private final StatusReport status;

    /** @param secure begins the sealed conversation on a new connection */
    public ClientSession(
            TrustedAddresses trusted,
            Function<Connection, SecureChannel> secure,
            JobIntake intake,
            StatusReport status) {
        this.trusted = trusted;
        this.secure = secure;
        this.intake = intake;
        this.status = status;
    }

    @Override
    public void run(Connection connection) {
        SecureChannel channel = secure.apply(connection);
        try (MDC.MDCCloseable client =
                MDC.putCloseable("client", connection.peer().getAddress().getHostAddress())) {
            Outcome outcome = Outcome.PEER_IS_DONE;
            try {
                outcome = serve(channel);
            } catch (AuthenticationFailedException | StaleTokenException e) {
                log.warn("closed without an answer: {}", e.getMessage());
                outcome = Outcome.PEER_IS_UNKNOWN;
            } catch (ProtocolException e) {
                log.warn("closed: {}", e.getMessage());
            } catch (IOException e) {
                log.info("connection ended: {}", Failures.words(e));
            } finally {
                close(channel, outcome);
                MDC.remove("job"); // set by intake, once there is one
            }
        }
    }

    private enum Outcome {
        /** What we said last must still reach the peer. */
        PEER_IS_DONE,
        /** Nothing is owed to somebody without a key. */
        PEER_IS_UNKNOWN,
        /** The channel is the queue's now. */
        HANDED_ON
    }

    private Outcome serve(SecureChannel channel) throws IOException {
        if (!trusted.contains(channel.peer().getAddress())) {
            log.warn("refused: the address is not in TRUSTED_IPS");
            channel.send(new Refusal(Refusal.UNTRUSTED_ADDRESS));
            return Outcome.PEER_IS_DONE;
        }
        Optional<Message> first = channel.receive();
        if (first.isEmpty()) {
            log.debug("closed by the client before it said anything");
            return Outcome.PEER_IS_UNKNOWN;
        }
        if (!(first.get() instanceof Request request)) {
            throw new ProtocolException("expected a command, got " + first.get().label());
        }
        log.debug("received {}", request.label());
        return request.accept(new Answers(channel));
    }

    private static void close(SecureChannel channel, Outcome outcome) {
        try {
            switch (outcome) {
                case PEER_IS_DONE -> channel.finish();
                case PEER_IS_UNKNOWN -> channel.close();
                case HANDED_ON -> {}
            }
        } catch (IOException e) {
            log.debug("closing failed: {}", e.toString());
        }
    }

    private final class Answers implements Request.Handler<Outcome> {
        private final SecureChannel channel;

        Answers(SecureChannel channel) {
            this.channel = channel;
        }

        @Override
        public Outcome submitJob(Request.SubmitJob request) throws IOException {
            return intake.take(channel, request) ? Outcome.HANDED_ON : Outcome.PEER_IS_DONE;
        }

        @Override
        public Outcome serverStatus(Request.GetServerStatus request) throws IOException {
            channel.announce(status.server());
            return Outcome.PEER_IS_DONE;
        }

        @Override
        public Outcome queueDetails(Request.GetQueueDetails request) throws IOException {
            channel.announce(status.queue());
            return Outcome.PEER_IS_DONE;
        }

        @Override
        public Outcome job(Request.OfJob request) throws IOException {
            return unknown(new Request.UnknownCommand(request.command()));
        }

        @Override
        public Outcome jobLog(Request.GetJobLog request) throws IOException {
            return unknown(new Request.UnknownCommand(request.command()));
        }

        @Override
        public Outcome unknown(Request.UnknownCommand request) throws IOException {
            log.warn("unknown command");
            channel.announce(new Event.EventError("Unknown command: " + request.command()));
            return Outcome.PEER_IS_DONE;
        }
    }
}
