package recon.common.wire;

/**
 * One message, of version 1, of version 2, or of both. Its wire form is {@code {"type": …, "payload": {…}}}; each kind writes its own payload and
 * has a static {@code read} that takes it back, so that a message and its form stand side by side.
 */
public sealed interface Message permits Opening, Offer, UseTransport, Transfer, Event, EventAck, Refusal {
    /** The {@code type} on the wire. */
    String type();

    /** Writes the fields of the payload in the order that Python peers write them. */
    void write(PayloadWriter payload);

    /** The word for this message in errors: what was expected, what came. */
    default String label() {
        return type();
    }
}
