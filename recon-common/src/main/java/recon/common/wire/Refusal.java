package recon.common.wire;

/** Server to client, instead of an answer: no, and why. The connection is closed after it. */
public record Refusal(String message) implements Message {
    static final String TYPE = "error";
    public static final String TLS_ONLY = "This server accepts TLS only (TRANSPORTS).";
    public static final String UNTRUSTED_ADDRESS = "Untrusted IP.";

    static Refusal read(Payload payload) throws ProtocolException {
        return new Refusal(payload.text("message"));
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void write(PayloadWriter payload) {
        payload.text("message", message);
    }
}
