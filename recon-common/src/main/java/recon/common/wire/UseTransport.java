package recon.common.wire;

/** Server to client, instead of an answer: begin the named transport now, on this connection, and ask again. */
public record UseTransport(String transport) implements Message {
    static final String TYPE = "use_transport";

    /** TLS 1.3 with the shared key as pre-shared key: version 2. */
    public static final String TLS = "tls13-psk";

    static UseTransport read(Payload payload) throws ProtocolException {
        return new UseTransport(payload.text("transport"));
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void write(PayloadWriter payload) {
        payload.text("transport", transport);
    }
}
