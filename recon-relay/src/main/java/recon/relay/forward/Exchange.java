package recon.relay.forward;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.common.job.Failures;
import recon.common.wire.RawMessage;
import recon.common.wire.SecureChannel;

/**
 * Passes on what two peers say to each other, both ways at once, until one of them has said all. Holds nothing back but one
 * message at a time; TCP alone slows a sender down.
 *
 * <p>Threads: the caller's, from the server to the client; and one of its own, the other way.
 */
final class Exchange {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    /** For the other side to close too, once one has. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final SecureChannel client;
    private final SecureChannel server;
    private final CountDownLatch downEnded = new CountDownLatch(1);
    private volatile boolean clientLeft;

    /** Sees each message before it is passed on. */
    @FunctionalInterface
    interface Watcher {
        void see(RawMessage message) throws IOException;
    }

    Exchange(SecureChannel client, SecureChannel server) {
        this.client = client;
        this.server = server;
    }

    /**
     * Returns when all is said. The server's connection is closed then, the client's ended.
     *
     * @return whether it was the client that ended it
     */
    boolean run(Watcher fromClient, Watcher fromServer) throws IOException {
        client.beFullDuplex();
        server.beFullDuplex();
        Thread up = upward(fromClient);
        try {
            pass(server, client, fromServer);
        } finally {
            downEnded.countDown();
        }
        boolean endedByClient = clientLeft;
        try {
            up.join(LAST_WORDS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
        if (up.isAlive()) {
            client.close(); // it neither speaks nor closes, although it has heard all
        }
        return endedByClient;
    }

    private Thread upward(Watcher fromClient) {
        var context = MDC.getCopyOfContextMap();
        Thread up = new Thread(
                () -> {
                    if (context != null) {
                        MDC.setContextMap(context);
                    }
                    pass(client, server, fromClient);
                    clientLeft = downEnded.getCount() > 0;
                    closeServerSoon();
                },
                Thread.currentThread().getName() + "-up");
        up.start();
        return up;
    }

    /** It may have more to say to a client that does not listen any longer. */
    private void closeServerSoon() {
        try {
            if (!downEnded.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                server.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.debug("closing failed: {}", e.toString());
        }
    }

    private static void pass(SecureChannel from, SecureChannel to, Watcher watcher) {
        try {
            Optional<RawMessage> message = from.passOn(to);
            while (message.isPresent()) {
                watcher.see(message.get());
                to.send(message.get());
                message = from.passOn(to);
            }
        } catch (IOException | IllegalArgumentException e) {
            log.debug("the exchange ended: {}", Failures.words(e));
        } finally {
            try {
                to.endOutput();
            } catch (IOException itIsGone) {
                log.debug("{}", itIsGone.toString());
            }
        }
    }
}
