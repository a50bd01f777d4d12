package recon.server.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.crypto.SharedKey;
import recon.common.job.JobId;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;
import recon.common.net.Connection;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Message;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.Transfer;

/** A client made of single messages, so that a test can leave out any or say another. */
public final class TestClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CHUNK_BYTES = 64 * 1024;

    private final Socket socket;
    private final SecureChannel channel;

    /** How a job ended: the files that came, by their names on the wire, and all events in order. */
    public record Ended(Map<String, byte[]> files, List<Event> events) {
        public Event last() {
            return events.get(events.size() - 1);
        }

        /** Why the job failed. */
        public String failure() {
            return ((Event.JobFailed) last()).error();
        }
    }

    private TestClient(Socket socket, SharedKey key) throws IOException {
        this.socket = socket;
        this.channel = new SecureChannel(
                new Connection(socket, PATIENCE),
                new FernetCipher(List.of(key)),
                new ReplayGuard(Duration.ZERO, Clock.systemUTC()),
                FernetCipher.MAX_TOKEN_BYTES);
    }

    public static TestClient connect(int port, SharedKey key) throws IOException {
        return new TestClient(new Socket(InetAddress.getLoopbackAddress(), port), key);
    }

    public void send(Message message) throws IOException {
        channel.send(message);
    }

    public Message receive() throws IOException {
        return channel.receive().orElseThrow(() -> new java.io.EOFException("the server closed the connection"));
    }

    /** The next message, after which nothing is left. */
    public Optional<Message> receiveOrEnd() throws IOException {
        return channel.receive();
    }

    /** Receives an event and acknowledges it. */
    public Event event() throws IOException {
        Event event = (Event) receive();
        acknowledge(event);
        return event;
    }

    public void acknowledge(Event event) throws IOException {
        send(new EventAck(
                event.name(), event instanceof Event.DicomTransferStart ? EventAck.READY : EventAck.RECEIVED));
    }

    public static Request.SubmitJob submission(boolean resultPaths, String options, String... paths) {
        List<Request.SubmitJob.OfferedFile> files = new ArrayList<>();
        for (String path : paths) {
            files.add(new Request.SubmitJob.OfferedFile(path.substring(path.lastIndexOf('/') + 1), path));
        }
        return new Request.SubmitJob(files, options, resultPaths);
    }

    /** As this project's own clients submit: with an id, a priority and sizes. */
    public static Request.SubmitJob ours(SubmissionId id, String priority, Map<String, byte[]> files) {
        List<Request.SubmitJob.OfferedFile> offered = new ArrayList<>();
        files.forEach((name, content) ->
                offered.add(new Request.SubmitJob.OfferedFile(name, "/data/" + name, OptionalLong.of(content.length))));
        return new Request.SubmitJob(offered, "{}", true, Optional.of(id), priority);
    }

    /** Submits files as this project's own clients do and waits until they are queued. */
    public Event.JobQueued submitOurs(Map<String, byte[]> files) throws IOException {
        send(ours(SubmissionId.random(), "normal", files));
        upload(files);
        return (Event.JobQueued) event();
    }

    public void fetch(JobId job) throws IOException {
        send(new Request.OfJob(Request.OfJob.Verb.FETCH, job));
    }

    /** What a client that has the content on its disk says of it. */
    public static Transfer.Receipt receipt(byte[] content) {
        MessageDigest digest = Sha256.begin();
        digest.update(content);
        return new Transfer.Receipt(content.length, Sha256.of(digest));
    }

    /** Submits files that lie in {@code /data} and waits until they are queued. */
    public Event.JobQueued submit(Map<String, byte[]> files) throws IOException {
        return submit(files, true, "{}");
    }

    public Event.JobQueued submit(Map<String, byte[]> files, boolean resultPaths, String options) throws IOException {
        send(submission(
                resultPaths,
                options,
                files.keySet().stream().map(name -> "/data/" + name).toArray(String[]::new)));
        upload(files);
        return (Event.JobQueued) event();
    }

    /** Answers the server's requests for files. */
    public void upload(Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Transfer.RequestFile request = (Transfer.RequestFile) receive();
            if (!request.filepath().equals("/data/" + file.getKey())) {
                throw new AssertionError("asked for " + request.filepath());
            }
            sendFile(file.getKey(), file.getValue());
        }
    }

    public void sendFile(String name, byte[] content) throws IOException {
        send(new Transfer.Start(name, content.length));
        Transfer.StartAck ready = (Transfer.StartAck) receive();
        if (!ready.ready()) {
            throw new AssertionError(ready);
        }
        for (int at = 0; at < content.length; at += CHUNK_BYTES) {
            byte[] chunk = java.util.Arrays.copyOfRange(content, at, Math.min(content.length, at + CHUNK_BYTES));
            send(new Transfer.Chunk(name, chunk, chunk.length));
        }
        send(new Transfer.End(name));
        Transfer.EndAck kept = (Transfer.EndAck) receive();
        if (!kept.success()) {
            throw new AssertionError(kept);
        }
    }

    /** Receives everything until the job has ended and the server has closed the connection. */
    public Ended awaitEnd() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        List<Event> events = new ArrayList<>();
        Event event;
        do {
            event = event();
            events.add(event);
            if (event instanceof Event.DicomTransferStart start) {
                for (int i = 0; i < start.fileCount(); i++) {
                    receiveFile(files);
                }
            }
        } while (!(event instanceof Event.ReconComplete
                || event instanceof Event.JobFailed
                || event instanceof Event.EventError));
        if (receiveOrEnd().isPresent()) {
            throw new AssertionError("the server went on after " + event);
        }
        return new Ended(files, events);
    }

    private void receiveFile(Map<String, byte[]> files) throws IOException {
        Transfer.Start start = (Transfer.Start) receive();
        send(new Transfer.StartAck(start.filename(), true, ""));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        Message message = receive();
        while (message instanceof Transfer.Chunk chunk) {
            content.write(chunk.data(), 0, chunk.length());
            message = receive();
        }
        Transfer.End end = (Transfer.End) message;
        if (!end.filename().equals(start.filename()) || content.size() != start.size()) {
            throw new AssertionError(start + " ended with " + end + " after " + content.size() + " bytes");
        }
        Optional<Transfer.Receipt> receipt = start.sha256().map(announced -> receipt(content.toByteArray()));
        send(new Transfer.EndAck(end.filename(), true, "", receipt));
        if (files.put(start.filename(), content.toByteArray()) != null) {
            throw new AssertionError("two results are named " + start.filename());
        }
    }

    /** The bytes beneath the messages. */
    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
