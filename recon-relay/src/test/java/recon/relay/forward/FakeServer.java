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
import java.util.concurrent.CountDownLatch;
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
import recon.relay.backend.Backends;
import recon.relay.backend.Dialer;

/** Answers status, queue and submissions as it was told to, one connection after the other. */
final class FakeServer implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Of a relay, for a server to be reached and to answer at once. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** Of a relay; longer than that of a client. */
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final FernetCipher cipher;
    private final ReplayGuard guard = guard();
    private final Thread thread = new Thread(this::serve, "fake-server");
    private final Report.ServerStatus status;
    private final List<Report.QueueDetails.Row> queue;
    private final AtomicReference<Request.GetQueueDetails> asked = new AtomicReference<>();

    private final CountDownLatch goesOn = new CountDownLatch(1);

    private volatile KeyedSession.Answering submissions = (channel, request) -> {};
    private volatile boolean hangs;

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

    /** From now on it takes connections, as a process does that is stopped, and says nothing. */
    void hang() {
        hangs = true;
    }

    /** As the relay knows it. */
    Backend backend(Runnable onChange) {
        Dialer dialer = new Dialer(cipher, guard(), CONNECT_TIMEOUT, IDLE_TIMEOUT, MAX_MESSAGE_BYTES);
        return new Backend(BackendAddress.parse(name()), dialer, () -> false, onChange);
    }

    static List<BackendAddress> addresses(List<FakeServer> servers) {
        return servers.stream()
                .map(server -> BackendAddress.parse(server.name()))
                .toList();
    }

    /** A relay's servers, asked once; these are all it has. */
    static Backends all(Backends.Strategy strategy, List<FakeServer> servers) {
        return new Backends(
                addresses(servers),
                (address, onChange) -> servers.stream()
                        .filter(server -> server.name().equals(address.toString()))
                        .findFirst()
                        .orElseThrow()
                        .backend(onChange),
                strategy,
                Duration.ofHours(1));
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
        beHung();
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

    /** Returns when the server is closed, if it hangs. */
    void beHung() throws IOException {
        try {
            if (hangs) {
                goesOn.await();
                throw new IOException("it hung");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody gets an answer any more once this returns. */
    @Override
    public void close() throws IOException {
        socket.close();
        goesOn.countDown();
        try {
            thread.join(2 * PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
