package recon.common.wire;

/**
 * A message as it came, for a relay: with all that it says, known here or not.
 *
 * @param buffer its JSON text from index 0; not copied
 * @param length bytes of it
 */
public record RawMessage(byte[] buffer, int length) {
    /** @throws ProtocolException if it is none that is known here */
    public Message decode() throws ProtocolException {
        return MessageCodec.decode(buffer, length);
    }

    /** The raw form of a message. */
    public static RawMessage of(Message message) {
        MessageCodec.Encoded body = MessageCodec.encode(message);
        return new RawMessage(body.buffer(), body.length());
    }
}
