package recon.client.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.job.JobId;
import recon.common.net.Connection;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Message;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/** A server for one connection, which does what a test says and nothing else, right or wrong. */
final class FakeServer implements AutoCloseable {
    static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    static final String OTHER_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    static final JobId JOB = JobId.parse("11111111-2222-3333-4444-555555555555");

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ServerSocket listening;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** What the server does with its client. */
    @FunctionalInterface
    interface Behaviour {
        void serve(Peer client) throws Exception;
    }

    private FakeServer(InetAddress address, String key, Behaviour behaviour) throws IOException {
        listening = new ServerSocket(0, 1, address);
        Thread thread = new Thread(() -> serve(key, behaviour), "fake-server");
        thread.setDaemon(true);
        thread.start();
    }

    static FakeServer that(Behaviour behaviour) throws IOException {
        return withKey(KEY, behaviour);
    }

    static FakeServer withKey(String key, Behaviour behaviour) throws IOException {
        return new FakeServer(InetAddress.getLoopbackAddress(), key, behaviour);
    }

    static FakeServer at(InetAddress address, Behaviour behaviour) throws IOException {
        return new FakeServer(address, KEY, behaviour);
    }

    private void serve(String key, Behaviour behaviour) {
        try (Socket socket = listening.accept();
                SecureChannel channel = new SecureChannel(
                        new Connection(socket, LIMIT),
                        new FernetCipher(List.of(SharedKey.parse(key))),
                        new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC()),
                        16 << 20)) {
            behaviour.serve(new Peer(channel, socket));
            done.complete(null);
        } catch (Exception | AssertionError e) {
            done.completeExceptionally(e);
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Waits until the behaviour has ended, and fails as it did. */
    void join() throws InterruptedException, ExecutionException, TimeoutException {
        done.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    /** The client, and what a good server does with it. */
    static final class Peer {
        final SecureChannel channel;
        final Socket socket;

        private Peer(SecureChannel channel, Socket socket) {
            this.channel = channel;
            this.socket = socket;
        }

        Request.SubmitJob submission() throws IOException {
            return channel.expect(Request.SubmitJob.class, "submit_recon_job");
        }

        /** Asks for the file and reads the client's first word about it. */
        Message ask(String path) throws IOException {
            channel.send(new Transfer.RequestFile(path));
            return channel.receive().orElseThrow();
        }

        byte[] pull(String path) throws IOException {
            Transfer.Start start = (Transfer.Start) ask(path);
            String name = start.filename();
            channel.send(new Transfer.StartAck(name, true, ""));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Message message = channel.receive().orElseThrow();
            while (message instanceof Transfer.Chunk chunk) {
                bytes.write(chunk.data(), 0, chunk.length());
                message = channel.receive().orElseThrow();
            }
            if (!(message instanceof Transfer.End)) {
                throw new IOException("expected file_transfer_end, got " + message.label());
            }
            channel.send(new Transfer.EndAck(name, true, ""));
            return bytes.toByteArray();
        }

        /** Takes the whole submission and says that it is queued. */
        void accept() throws IOException {
            for (Request.SubmitJob.OfferedFile file : submission().files()) {
                pull(file.originalPath());
            }
            queue(1);
        }

        void queue(int files) throws IOException {
            channel.announce(new Event.JobQueued(JOB, files));
        }

        void results(int count) throws IOException {
            EventAck ack = channel.announce(new Event.DicomTransferStart(JOB, count));
            if (!ack.status().equals(EventAck.READY)) {
                throw new IOException("the client is not ready");
            }
        }

        /** Sends a result; returns what the client did not like about it, or nothing. */
        String push(String name, byte[] bytes) throws IOException {
            return push(name, bytes, bytes.length);
        }

        String push(String name, byte[] bytes, long announced) throws IOException {
            channel.send(new Transfer.Start(name, announced));
            Transfer.StartAck ready = channel.expect(Transfer.StartAck.class, "ack_file_transfer_start");
            if (!ready.ready()) {
                return ready.detail();
            }
            channel.send(new Transfer.Chunk(name, bytes, bytes.length));
            channel.send(new Transfer.End(name));
            Transfer.EndAck kept = channel.expect(Transfer.EndAck.class, "ack_file_transfer_end");
            return kept.success() ? "" : kept.detail();
        }

        void complete() throws IOException {
            channel.announce(new Event.ReconComplete(JOB, "a.7"));
        }

        void awaitClose() throws IOException {
            while (channel.receive().isPresent()) {
                // Whatever it says.
            }
        }
    }
}
