package recon.common.wire;

/**
 * Client to server: I have that {@link Event}.
 *
 * @param command the event's name
 * @param status "ready" for {@code dicom_transfer_start} (anything else declines the results), any word for others
 */
public record EventAck(String command, String status) implements Message {
    static final String TYPE = "ack_command";
    public static final String READY = "ready";
    public static final String RECEIVED = "received";

    static EventAck read(Payload payload) throws ProtocolException {
        return new EventAck(payload.text("command"), payload.textOr("status", ""));
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void write(PayloadWriter payload) {
        payload.text("command", command);
        payload.text("status", status);
    }
}
