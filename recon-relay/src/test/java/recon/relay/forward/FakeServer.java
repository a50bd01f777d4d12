package recon.relay.forward;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.net.Connection;
import recon.common.wire.KeyedSession;
import recon.common.wire.Message;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;
import recon.relay.backend.Backend;
import recon.relay.backend.BackendAddress;
import recon.relay.backend.Dialer;

/** Answers status, queue and submissions as it was told to, one connection after the other. */
final class FakeServer implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final FernetCipher cipher;
    private final ReplayGuard guard = guard();
    private final Thread thread = new Thread(this::serve, "fake-server");
    private final Report.ServerStatus status;
    private final List<Report.QueueDetails.Row> queue;
    private final AtomicReference<Request.GetQueueDetails> asked = new AtomicReference<>();

    private volatile KeyedSession.Answering submissions = (channel, request) -> {};

    FakeServer(FernetCipher cipher, Report.ServerStatus status, Report.QueueDetails.Row... queue) throws IOException {
        this.cipher = cipher;
        this.status = status;
        this.queue = List.of(queue);
        thread.setDaemon(true);
        thread.start();
    }

    private static ReplayGuard guard() {
        return new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC());
    }

    String name() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** What it was last asked of its queue. */
    Optional<Request.GetQueueDetails> asked() {
        return Optional.ofNullable(asked.get());
    }

    /** How to answer a submission from now on; before, the connection just ends. */
    void onSubmission(KeyedSession.Answering answering) {
        submissions = answering;
    }

    /** As the relay knows it. */
    Backend backend(Runnable onChange) {
        Dialer dialer = new Dialer(cipher, guard(), PATIENCE, PATIENCE, MAX_MESSAGE_BYTES);
        return new Backend(BackendAddress.parse(name()), dialer, () -> false, onChange);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket peer = socket.accept()) {
                answer(new SecureChannel(new Connection(peer, PATIENCE), cipher, guard, MAX_MESSAGE_BYTES));
            } catch (IOException theTestSeesThatNoAnswerComes) {
                // the next one
            }
        }
    }

    private void answer(SecureChannel channel) throws IOException {
        Optional<Message> message = channel.receiveFirst(TransportChoice.AUTO);
        if (message.isPresent() && message.get() instanceof Request.GetQueueDetails request) {
            asked.set(request);
            channel.announce(new Report.QueueDetails(queue, queue.size()));
        } else if (message.isPresent() && message.get() instanceof Request.SubmitJob request) {
            submissions.answer(channel, request);
        } else if (message.isPresent()) {
            channel.announce(status);
        }
    }

    /** Nobody gets an answer any more once this returns. */
    @Override
    public void close() throws IOException {
        socket.close();
        try {
            thread.join(2 * PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
