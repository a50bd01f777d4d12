package recon.client;

import java.util.function.Consumer;
import recon.common.options.AdminItems;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.wire.AdminReport;
import recon.common.wire.AdminRequest;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.SecureChannel;

/** What an administrator can ask of a server or a relay. Each call makes a connection of its own. Thread-safe. */
public final class AdminClient implements AutoCloseable {
    private final Connector connector;

    /**
     * @param items of the program that is to be looked after
     * @param trace told in words what happens on each connection
     * @throws OptionsException with every problem of the options
     */
    public AdminClient(Options options, AdminItems items, Consumer<String> trace) throws OptionsException {
        this.connector = new Connector(ClientSettings.ofAdministrator(options, items), Door.of(items), trace);
    }

    /** Waits for the answer, for hours if need be where {@link AdminRequest#mayBeAnsweredLate}. */
    public <E extends Event> E ask(AdminRequest request, Class<E> answer) throws ClientException {
        return connector.converse(channel -> {
            connector.ask(channel, request);
            E event = receive(channel, request, answer);
            channel.send(new EventAck(event.name(), EventAck.RECEIVED));
            return event;
        });
    }

    /** Copies a log. */
    public void logs(AdminRequest.Logs request, ReconClient.LogSink sink) throws ClientException {
        connector.<Boolean>converse(channel -> {
            connector.ask(channel, request);
            while (true) {
                AdminReport.LogText piece = receive(channel, request, AdminReport.LogText.class);
                sink.write(piece.output());
                channel.send(new EventAck(piece.name(), EventAck.RECEIVED));
                if (piece.end()) {
                    return true;
                }
            }
        });
    }

    private static <E extends Event> E receive(SecureChannel channel, AdminRequest request, Class<E> answer)
            throws java.io.IOException {
        String expected = "the answer to " + request.command();
        return SecureChannel.cast(
                request.mayBeAnsweredLate() ? channel.receiveWhenever() : channel.receive(), answer, expected);
    }

    /** Closes every connection: calls that use one fail, and later ones too. */
    @Override
    public void close() {
        connector.close();
    }
}
