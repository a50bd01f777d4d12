package recon.common.wire;

import java.util.List;

/**
 * A client's first message in version 1, if it can do more: its request, and the transports that it could go on with. A
 * server that knows none of them answers the request.
 */
public record Offer(Request request, List<String> transports) implements Message {
    static final String FIELD = "transports";

    public Offer {
        transports = List.copyOf(transports);
    }

    /** The request itself if it comes without an offer. */
    static Message readIfAny(Request request, Payload payload) throws ProtocolException {
        List<String> transports = payload.textsOrNone(FIELD);
        return transports.isEmpty() ? request : new Offer(request, transports);
    }

    @Override
    public String type() {
        return request.type();
    }

    @Override
    public String label() {
        return request.label();
    }

    @Override
    public void write(PayloadWriter payload) {
        request.write(payload);
        payload.texts(FIELD, transports);
    }
}
