package recon.relay.forward;

import java.io.IOException;
import recon.common.wire.Request;

/** What the relay does with each kind of request. Returns when everything is said. */
final class Answers implements Request.Handler<Void> {
    private final Client client;
    private final Forwarder forwarder;

    Answers(Client client, Forwarder forwarder) {
        this.client = client;
        this.forwarder = forwarder;
    }

    @Override
    public Void submitJob(Request.SubmitJob request) throws IOException {
        forwarder.submit(client, request);
        return null;
    }

    @Override
    public Void serverStatus(Request.GetServerStatus request) throws IOException {
        client.channel().announce(forwarder.queries().status());
        return null;
    }

    @Override
    public Void queueDetails(Request.GetQueueDetails request) throws IOException {
        client.channel().announce(forwarder.queries().queue(request, client.owner()));
        return null;
    }

    @Override
    public Void job(Request.OfJob request) throws IOException {
        forwarder.toHolder(client, request.job());
        return null;
    }

    @Override
    public Void jobLog(Request.GetJobLog request) throws IOException {
        forwarder.toHolder(client, request.job());
        return null;
    }

    @Override
    public Void unknown(Request.UnknownCommand request) throws IOException {
        client.refuse("Unknown command: " + request.command(), false);
        return null;
    }
}
