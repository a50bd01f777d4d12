package recon.client.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.job.JobId;
import recon.common.job.Sha256;
import recon.common.net.Connection;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Message;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;
import recon.common.wire.TransportChoice;

/** A server that does what a test says and nothing else, right or wrong: one behaviour for each connection, in turn. */
public final class FakeServer implements AutoCloseable {
    public static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    static final String OTHER_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    public static final JobId JOB = JobId.parse("11111111-2222-3333-4444-555555555555");

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ServerSocket listening;
    private final int port;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** What the server does with its client. */
    @FunctionalInterface
    public interface Behaviour {
        void serve(Peer client) throws Exception;
    }

    private FakeServer(InetAddress address, String key, List<Behaviour> inTurn) throws IOException {
        listening = new ServerSocket(0, 1, address);
        port = listening.getLocalPort();
        Thread thread = new Thread(() -> serve(key, inTurn), "fake-server");
        thread.setDaemon(true);
        thread.start();
    }

    public static FakeServer that(Behaviour... inTurn) throws IOException {
        return new FakeServer(InetAddress.getLoopbackAddress(), KEY, List.of(inTurn));
    }

    static FakeServer withKey(String key, Behaviour behaviour) throws IOException {
        return new FakeServer(InetAddress.getLoopbackAddress(), key, List.of(behaviour));
    }

    static FakeServer at(InetAddress address, Behaviour behaviour) throws IOException {
        return new FakeServer(address, KEY, List.of(behaviour));
    }

    private void serve(String key, List<Behaviour> inTurn) {
        try {
            for (int i = 0; i < inTurn.size(); i++) {
                serve(key, inTurn.get(i), i == inTurn.size() - 1);
            }
            done.complete(null);
        } catch (Exception | AssertionError e) {
            done.completeExceptionally(e);
        }
    }

    private void serve(String key, Behaviour behaviour, boolean last) throws Exception {
        try (Socket socket = accept(last);
                SecureChannel channel = new SecureChannel(
                        new Connection(socket, LIMIT),
                        new FernetCipher(List.of(SharedKey.parse(key))),
                        new ReplayGuard(Duration.ofMinutes(5), Clock.systemUTC()),
                        16 << 20)) {
            behaviour.serve(new Peer(channel, socket));
        }
    }

    /** After the last one, further connections are refused and do not wait in vain. */
    private Socket accept(boolean last) throws IOException {
        Socket socket = listening.accept();
        if (last) {
            listening.close();
        }
        return socket;
    }

    static Sha256 sha256(byte[] bytes) {
        MessageDigest digest = Sha256.begin();
        digest.update(bytes);
        return Sha256.of(digest);
    }

    public int port() {
        return port;
    }

    /** Waits until the behaviour has ended, and fails as it did. */
    public void join() throws InterruptedException, ExecutionException, TimeoutException {
        done.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    /** The client, and what a good server does with it. */
    public static final class Peer {
        public final SecureChannel channel;
        final Socket socket;

        private Peer(SecureChannel channel, Socket socket) {
            this.channel = channel;
            this.socket = socket;
        }

        /** What the client wants, of a server that knows version 1 only. */
        public <R extends Request> R request(Class<R> kind, String expected) throws IOException {
            return SecureChannel.cast(channel.receiveFirst(TransportChoice.FERNET), kind, expected);
        }

        public Request.SubmitJob submission() throws IOException {
            return request(Request.SubmitJob.class, "submit_recon_job");
        }

        /** Takes up a job that was accepted before. */
        public void fetch() throws IOException {
            Request.OfJob fetch = request(Request.OfJob.class, "fetch_job");
            if (!fetch.equals(new Request.OfJob(Request.OfJob.Verb.FETCH, JOB))) {
                throw new IOException("expected fetch_job of " + JOB + ", got " + fetch);
            }
        }

        /** As a server that does not know the command. */
        void cannotFetch() throws IOException {
            fetch();
            channel.send(new Event.EventError("Unknown command: fetch_job"));
            awaitClose();
        }

        /** Asks for the file and reads the client's first word about it. */
        public Message ask(String path) throws IOException {
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
        public void accept() throws IOException {
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

        /** Announces a result with its digest, and sends it unless the client has it. */
        Transfer.Answer offer(String name, byte[] bytes) throws IOException {
            channel.send(new Transfer.Start(name, bytes.length, Optional.of(sha256(bytes))));
            Transfer.StartAck answer = channel.expect(Transfer.StartAck.class, "ack_file_transfer_start");
            if (answer.ready()) {
                channel.send(new Transfer.Chunk(name, bytes, bytes.length));
                channel.send(new Transfer.End(name));
                Transfer.EndAck kept = channel.expect(Transfer.EndAck.class, "ack_file_transfer_end");
                if (!kept.receipt().equals(Optional.of(new Transfer.Receipt(bytes.length, sha256(bytes))))) {
                    throw new IOException("the client confirms " + kept);
                }
            }
            return answer.answer();
        }

        /** Begins to send a result, and breaks the connection in the middle. */
        void breakWithin(String name, byte[] bytes) throws IOException {
            channel.send(new Transfer.Start(name, bytes.length, Optional.of(sha256(bytes))));
            channel.expect(Transfer.StartAck.class, "ack_file_transfer_start");
            channel.send(new Transfer.Chunk(name, bytes, bytes.length - 1));
        }

        public void complete() throws IOException {
            channel.announce(new Event.ReconComplete(JOB, "a.7"));
        }

        public void awaitClose() throws IOException {
            while (channel.receive().isPresent()) {
                // Whatever it says.
            }
        }
    }
}
