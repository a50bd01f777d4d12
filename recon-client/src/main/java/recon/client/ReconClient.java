package recon.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import recon.client.download.ResultFolder;
import recon.client.submit.JobListener;
import recon.client.submit.JobOutcome;
import recon.client.submit.JobSubmission;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.job.JobRequest;
import recon.common.net.Connection;
import recon.common.transfer.LocalFileException;
import recon.common.transfer.SourceRefusedException;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;

/**
 * What a client can ask of a server. Each call makes a connection of its own. Thread-safe; {@link #close()} ends the
 * calls of other threads.
 */
public final class ReconClient implements AutoCloseable {
    private final ClientSettings settings;
    private final FernetCipher cipher;
    private final ReplayGuard guard;
    private final Consumer<String> trace;
    private final Set<SecureChannel> open = ConcurrentHashMap.newKeySet();

    /** @param trace told in words what happens on each connection, by the thread that uses it */
    public ReconClient(ClientSettings settings, Consumer<String> trace) {
        this.trace = trace;
        this.settings = settings;
        this.cipher = new FernetCipher(settings.keys());
        this.guard = new ReplayGuard(settings.limits().messageMaxAge().orElse(Duration.ZERO), Clock.systemUTC());
    }

    public Report.ServerStatus serverStatus() throws ClientException {
        return ask(new Request.GetServerStatus(), Report.ServerStatus.class);
    }

    public Report.QueueDetails queueDetails() throws ClientException {
        return ask(new Request.GetQueueDetails(), Report.QueueDetails.class);
    }

    /**
     * Submits a job and waits for its end.
     *
     * @param downloads directory for the results; made if it is missing
     */
    public JobOutcome run(JobRequest request, Path downloads, JobListener listener) throws ClientException {
        ResultFolder folder;
        try {
            folder = ResultFolder.open(downloads); // now: nobody should wait for results that cannot be saved
        } catch (IOException e) {
            throw new ClientException(ClientException.Kind.JOB_FAILED, e.getMessage(), e);
        }
        JobSubmission submission = new JobSubmission(request, folder, listener, trace);
        return converse(submission::run, failure -> explain(failure, submission, downloads));
    }

    private static Optional<ClientException> explain(IOException failure, JobSubmission submission, Path downloads) {
        if (failure instanceof LocalFileException unsaved) {
            return submission.accepted().map(job -> ClientException.unsaved(job, downloads, unsaved));
        }
        return failure instanceof SourceRefusedException
                ? Optional.empty()
                : submission.accepted().map(job -> ClientException.lost(job, failure));
    }

    private <E extends Event> E ask(Request request, Class<E> answer) throws ClientException {
        return converse(
                channel -> {
                    channel.send(request);
                    E event = channel.expect(answer, "the answer to " + request.command());
                    trace.accept("received " + event.label());
                    channel.send(new EventAck(event.name(), EventAck.RECEIVED));
                    return event;
                },
                failure -> Optional.empty());
    }

    /** What is said over one connection. */
    private interface Conversation<T> {
        T run(SecureChannel channel) throws IOException;
    }

    private <T> T converse(Conversation<T> conversation, Function<IOException, Optional<ClientException>> words)
            throws ClientException {
        try (SecureChannel channel = connect()) {
            open.add(channel);
            try {
                return conversation.run(channel);
            } catch (IOException e) {
                trace.accept("failed: " + e);
                throw words.apply(e).orElseGet(() -> ClientException.of(e, channel.hasHeardPeer()));
            } finally {
                open.remove(channel);
            }
        } catch (ClientException e) {
            throw e;
        } catch (IOException e) {
            throw ClientException.of(e, true); // closing failed
        }
    }

    private SecureChannel connect() throws ClientException {
        String server = settings.serverHost() + " port " + settings.serverPort();
        Socket socket = new Socket();
        try {
            InetSocketAddress address = new InetSocketAddress(settings.serverHost(), settings.serverPort());
            if (address.isUnresolved()) {
                throw new UnknownHostException("the host name is not known");
            }
            socket.connect(address, (int) settings.connectTimeout().toMillis());
            trace.accept("connected to " + socket.getRemoteSocketAddress());
            return new SecureChannel(
                    new Connection(socket, settings.limits().idleTimeout()),
                    cipher,
                    guard,
                    settings.limits().maxMessageBytes());
        } catch (IOException e) {
            close(socket, e);
            throw new ClientException(
                    ClientException.Kind.CANNOT_CONNECT,
                    "cannot connect to " + server + ": " + e.getMessage()
                            + "; is the server running, and are SERVER_HOSTNAME and SERVER_PORT right?",
                    e);
        }
    }

    /** Closes every connection: calls that use one fail. */
    @Override
    public void close() {
        for (SecureChannel channel : open) {
            try {
                channel.close();
            } catch (IOException e) {
                trace.accept("closing failed: " + e);
            }
        }
    }

    private static void close(Socket socket, IOException failure) {
        try {
            socket.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
