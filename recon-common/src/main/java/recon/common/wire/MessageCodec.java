package recon.common.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Turns messages into their JSON text and back. Writes as Python's {@code json.dumps} does; reads any key
 * order and spacing, ignores keys it does not know, and refuses types it does not know.
 *
 * <p>The base64 text of a file chunk is most of all traffic in version 1; {@link ChunkData} takes it out before the rest is parsed.
 */
public final class MessageCodec {
    private MessageCodec() {}

    /** JSON text in the first {@code length} bytes of {@code buffer}. */
    record Encoded(byte[] buffer, int length) {}

    static Encoded encode(Message message) {
        int expectedBytes = message instanceof Transfer.Chunk chunk ? chunk.length() / 3 * 4 + 512 : 512;
        GrowingBytes out = new GrowingBytes(expectedBytes);
        try (JsonGenerator json = Json.FACTORY.createGenerator(out)) {
            json.setPrettyPrinter(new Json.PythonSpacing());
            json.writeStartObject();
            json.writeStringField("type", message.type());
            json.writeObjectFieldStart("payload");
            message.write(new JacksonWriter(json));
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.encoded();
    }

    /** One JSON object on one line, for programs that read what ours print. */
    public static String line(Consumer<PayloadWriter> fields) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(out)) {
            json.writeStartObject();
            fields.accept(new JacksonWriter(json));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toString();
    }

    /**
     * Reads one message from the first {@code length} bytes of {@code buffer}.
     *
     * @throws ProtocolException if the text is no JSON, is no message, or lacks a field; says which
     */
    public static Message decode(byte[] buffer, int length) throws ProtocolException {
        require(isUtf8(buffer, length), "a message must be JSON in UTF-8, without a byte order mark");
        ChunkData cut = ChunkData.find(buffer, length);
        byte[] text = cut == null ? buffer : cut.rest(buffer, length);
        Object root;
        try (JsonParser json = Json.FACTORY.createParser(text, 0, cut == null ? length : text.length)) {
            root = JsonTree.readAll(json);
        } catch (ProtocolException e) {
            throw e;
        } catch (IOException e) {
            // The source is the peer's text: leave it out of our log.
            throw new ProtocolException("message is not the JSON expected: " + firstLine(e.getMessage()));
        }
        require(root instanceof Map, "a message must be one JSON object");
        Map<?, ?> message = (Map<?, ?>) root;
        require(message.get("type") instanceof String, "message has no \"type\"");
        String type = (String) message.get("type");
        require(message.get("payload") instanceof Map, type + " has no \"payload\"");
        Map<?, ?> fields = (Map<?, ?>) message.get("payload");
        return message(type, new Payload(type, fields, cut == null ? null : cut.bytes()));
    }

    private static Message message(String type, Payload payload) throws ProtocolException {
        return switch (type) {
            case Request.TYPE -> {
                Event event = Event.readOrNull(payload.text(Request.NAME), payload);
                yield event != null ? event : Offer.readIfAny(Request.read(payload), payload);
            }
            case AdminRequest.TYPE -> Offer.readIfAny(AdminRequest.read(payload), payload);
            case EventAck.TYPE -> EventAck.read(payload);
            case UseTransport.TYPE -> UseTransport.read(payload);
            case Refusal.TYPE -> Refusal.read(payload);
            case Transfer.RequestFile.TYPE -> Transfer.RequestFile.read(payload);
            case Transfer.RefuseFile.TYPE -> Transfer.RefuseFile.read(payload);
            case Transfer.Start.TYPE -> Transfer.Start.read(payload);
            case Transfer.StartAck.TYPE -> Transfer.StartAck.read(payload);
            case Transfer.Chunk.TYPE -> Transfer.Chunk.read(payload);
            case Transfer.End.TYPE -> Transfer.End.read(payload);
            case Transfer.RequestFiles.TYPE -> Transfer.RequestFiles.read(payload);
            case Transfer.OfferFiles.TYPE -> Transfer.OfferFiles.read(payload);
            case Transfer.AckFiles.TYPE -> Transfer.AckFiles.read(payload);
            case Transfer.EndAck.TYPE -> Transfer.EndAck.read(payload);
            default -> throw new ProtocolException("unknown message type \"" + type + "\"");
        };
    }

    /** Jackson takes UTF-16 and UTF-32 for JSON too, which show in the first four bytes; their strings lie elsewhere. */
    private static boolean isUtf8(byte[] buffer, int length) {
        for (int i = 0; i < Math.min(4, length); i++) {
            if (buffer[i] == 0 || (i == 0 && buffer[i] < 0)) {
                return false;
            }
        }
        return true;
    }

    private static void require(boolean holds, String problem) throws ProtocolException {
        if (!holds) {
            throw new ProtocolException(problem);
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private record JacksonWriter(JsonGenerator json) implements PayloadWriter {
        /** A step of writing that fails only if memory does. */
        private interface Step {
            void run() throws IOException;
        }

        private static void run(Step step) {
            try {
                step.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void text(String key, String value) {
            run(() -> json.writeStringField(key, value));
        }

        @Override
        public void number(String key, long value) {
            run(() -> json.writeNumberField(key, value));
        }

        @Override
        public void decimal(String key, double value) {
            if (Double.isFinite(value)) {
                run(() -> json.writeNumberField(key, value));
            }
        }

        @Override
        public void flag(String key, boolean value) {
            run(() -> json.writeBooleanField(key, value));
        }

        @Override
        public void base64(String key, byte[] bytes, int length) {
            ByteBuffer text = Base64.getEncoder().encode(ByteBuffer.wrap(bytes, 0, length));
            run(() -> {
                json.writeFieldName(key);
                json.writeRawUTF8String(text.array(), 0, text.limit());
            });
        }

        @Override
        public void object(String key, Consumer<PayloadWriter> fields) {
            run(() -> json.writeObjectFieldStart(key));
            fields.accept(this);
            run(json::writeEndObject);
        }

        @Override
        public void texts(String key, List<String> values) {
            run(() -> {
                json.writeArrayFieldStart(key);
                for (String value : values) {
                    json.writeString(value);
                }
                json.writeEndArray();
            });
        }

        @Override
        public void objects(String key, List<Consumer<PayloadWriter>> elements) {
            run(() -> json.writeArrayFieldStart(key));
            for (Consumer<PayloadWriter> element : elements) {
                run(json::writeStartObject);
                element.accept(this);
                run(json::writeEndObject);
            }
            run(json::writeEndArray);
        }
    }

    /** Gives its array away instead of a copy. */
    private static final class GrowingBytes extends java.io.ByteArrayOutputStream {
        GrowingBytes(int bytes) {
            super(bytes);
        }

        Encoded encoded() {
            return new Encoded(buf, count);
        }
    }
}
