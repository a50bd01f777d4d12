package recon.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
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
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;

/** What a client can ask of a server. Each call makes a connection of its own. Thread-safe. */
public final class ReconClient {
    private final ClientSettings settings;
    private final FernetCipher cipher;
    private final ReplayGuard guard;

    public ReconClient(ClientSettings settings) {
        this.settings = settings;
        this.cipher = new FernetCipher(settings.keys());
        this.guard = new ReplayGuard(settings.limits().messageMaxAge().orElse(Duration.ZERO), Clock.systemUTC());
    }

    public Event.ServerStatus serverStatus() throws ClientException {
        return ask(new Request.GetServerStatus(), Event.ServerStatus.class);
    }

    public Event.QueueDetails queueDetails() throws ClientException {
        return ask(new Request.GetQueueDetails(), Event.QueueDetails.class);
    }

    /**
     * Submits a job and waits for its end.
     *
     * @param downloads directory for the results
     */
    public JobOutcome run(JobRequest request, Path downloads, JobListener listener) throws ClientException {
        JobSubmission submission = new JobSubmission(request, downloads, listener);
        return converse(submission::run, failure -> explain(failure, submission));
    }

    private static Optional<ClientException> explain(IOException failure, JobSubmission submission) {
        boolean local = failure instanceof LocalFileException || failure instanceof SourceRefusedException;
        return submission.accepted().filter(job -> !local).map(job -> ClientException.lost(job, failure));
    }

    private <E extends Event> E ask(Request request, Class<E> answer) throws ClientException {
        return converse(
                channel -> {
                    channel.send(request);
                    E event = channel.expect(answer, "the answer to " + request.command());
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
            try {
                return conversation.run(channel);
            } catch (IOException e) {
                throw words.apply(e).orElseGet(() -> ClientException.of(e, channel.hasHeardPeer()));
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

    private static void close(Socket socket, IOException failure) {
        try {
            socket.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
