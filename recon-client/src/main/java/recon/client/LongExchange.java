package recon.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import recon.client.retry.Backoff;
import recon.client.retry.Exchange;
import recon.client.retry.Timing;
import recon.client.submit.JobListener;
import recon.common.job.Failures;
import recon.common.wire.EventAck;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;

/**
 * Carries an exchange to its end over as many connections as it takes. Only a server that has answered once is worth
 * waiting for: before that, the first failure is the end.
 *
 * <p>Threads: one runs it; {@code timeout} and whoever closes it end it early.
 */
final class LongExchange<T> implements Closeable {
    private final Connector connector;
    private final Exchange<T> exchange;
    private final JobListener listener;
    private final Timing timing;
    private final Backoff backoff;
    private final UnaryOperator<ClientException> words;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean timedOut;
    private boolean answered;
    private boolean lost;
    private boolean again;
    private String told = "";

    @GuardedBy("this")
    private Closeable current = () -> {};

    /**
     * @param answered whether the server has answered before
     * @param words how to put the failure that ends it
     */
    LongExchange(
            Connector connector,
            Exchange<T> exchange,
            JobListener listener,
            Timing timing,
            boolean answered,
            UnaryOperator<ClientException> words) {
        this.connector = connector;
        this.exchange = exchange;
        this.listener = listener;
        this.timing = timing;
        this.backoff = new Backoff(timing.random());
        this.answered = answered;
        this.words = words;
    }

    /** @param limit how long it may take; empty for as long as it takes */
    T run(Optional<Duration> limit) throws ClientException {
        connector.closeWithUs(this);
        limit.ifPresent(this::startTimeout);
        try {
            while (true) {
                Request request = request();
                try {
                    return connector.converse(channel -> goOn(channel, request));
                } catch (ClientException e) {
                    waitUnlessFinal(e, limit);
                }
            }
        } finally {
            over.countDown();
            connector.leave(this);
        }
    }

    /** Made before there is a connection: what is wrong here needs none. */
    private Request request() throws ClientException {
        try {
            return exchange.request();
        } catch (IOException e) {
            throw ClientException.of(e, answered);
        }
    }

    private T goOn(SecureChannel channel, Request request) throws IOException {
        int stepsBefore = exchange.stepsDone();
        use(channel);
        try {
            connector.ask(channel, request);
            if (lost) {
                lost = false;
                listener.reconnected();
            }
            return exchange.goOn(channel);
        } finally {
            answered |= channel.hasHeardPeer();
            if (exchange.stepsDone() > stepsBefore) {
                backoff.reset();
            }
        }
    }

    private void waitUnlessFinal(ClientException failure, Optional<Duration> limit) throws ClientException {
        // What the server does not take now it may have before: somebody who asks again has to hear of that.
        boolean passes = failure.mayPass()
                || (failure.isForNow() && (again || exchange.job().isPresent() || isDrainedForUs()));
        if (!isOver() && (!answered || !passes)) {
            throw words.apply(failure);
        }
        again = true;
        if (!isOver()) {
            String reason = reason(failure);
            if (failure.isForNow()) {
                if (!reason.equals(told)) {
                    listener.notice(reason); // as that it drains, or a relay which server has the job
                }
                told = reason;
            } else if (!lost) {
                lost = true;
                listener.connectionLost(reason);
            }
            pause(backoff.next());
        }
        if (timedOut) {
            throw ClientException.timedOut(limit.orElseThrow(), exchange.job());
        }
        if (isOver()) {
            throw words.apply(failure);
        }
    }

    /** Whether the server, which has just refused the exchange, is one to wait for: it will be resumed. */
    private boolean isDrainedForUs() {
        try {
            return exchange.waitsWhileDraining() && !isOver() && connector.converse(this::isDraining);
        } catch (ClientException e) {
            return false; // the refusal says more
        }
    }

    private boolean isDraining(SecureChannel channel) throws IOException {
        use(channel);
        Request.GetServerStatus question = new Request.GetServerStatus();
        connector.ask(channel, question);
        Report.ServerStatus status = channel.expect(Report.ServerStatus.class, "the answer to " + question.command());
        channel.send(new EventAck(status.name(), EventAck.RECEIVED));
        return status.draining();
    }

    /** Of the connection's end itself, without what could be done about it. */
    private static String reason(ClientException failure) {
        return failure.getCause() instanceof IOException cause ? Failures.words(cause) : failure.getMessage();
    }

    private boolean isOver() {
        return over.getCount() == 0;
    }

    private void pause(Duration time) {
        try {
            timing.pause().await(over, time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            over.countDown();
        }
    }

    private void startTimeout(Duration limit) {
        Thread thread = new Thread(
                () -> {
                    pause(limit);
                    if (!isOver()) {
                        timedOut = true;
                        close();
                    }
                },
                "timeout");
        thread.setDaemon(true);
        thread.start();
    }

    private void use(SecureChannel channel) throws IOException {
        synchronized (this) {
            current = channel;
        }
        if (isOver()) {
            channel.close();
        }
    }

    /** Makes the thread that runs it fail soon. */
    @Override
    public void close() {
        over.countDown();
        Closeable channel;
        synchronized (this) {
            channel = current;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed, or was broken: the thread that uses it fails either way.
        }
    }
}
