package recon.common.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * The base64 string {@code payload.data} of a long message, decoded where it lies. A JSON parser looks at every one of
 * its characters, twice if it is to be a string, which costs more than all of the decryption; here a parser reads up to
 * its opening quote, and then what is left without it.
 *
 * @param start index of the first character behind the opening quote
 * @param end index of the closing quote
 */
record ChunkData(int start, int end, byte[] bytes) {
    /** Shorter messages are not worth it. */
    private static final int MIN_MESSAGE_BYTES = 4096;

    /** Where the string must have begun: type, file name and the keys fit well into this. */
    private static final int MAX_PREFIX_BYTES = 4096;

    private static final int DEPTH = 2;

    /** Returns null if the message has no such string, or one that is not plain base64; it is parsed whole then. */
    static ChunkData find(byte[] message, int length) {
        if (length < MIN_MESSAGE_BYTES) {
            return null;
        }
        int start = startOfData(message);
        if (start < 0) {
            return null;
        }
        // Mostly it is the last string, and base64 text holds no quote: what decodes has none inside.
        int last = lastQuote(message, start, length);
        ChunkData data = decode(message, start, last);
        return data != null ? data : decode(message, start, firstQuote(message, start, last));
    }

    /** The message without the characters of the string, which is empty then. */
    byte[] rest(byte[] message, int length) {
        byte[] rest = Arrays.copyOf(message, start + length - end);
        System.arraycopy(message, end, rest, start, length - end);
        return rest;
    }

    private static int startOfData(byte[] message) {
        try (JsonParser json = Json.FACTORY.createParser(message, 0, MAX_PREFIX_BYTES)) {
            int depth = 0;
            String outer = "";
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isStructStart()) {
                    depth++;
                    outer = depth == DEPTH
                            ? String.valueOf(
                                    json.getParsingContext().getParent().getCurrentName())
                            : outer;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.VALUE_STRING
                        && depth == DEPTH
                        && outer.equals("payload")
                        && "data".equals(json.currentName())) {
                    return (int) json.currentTokenLocation().getByteOffset() + 1; // the string itself is not read yet
                }
            }
        } catch (IOException cutOffHere) {
            // The rest of the message is not here; or it is no JSON, which parsing it whole will say.
        }
        return -1;
    }

    private static ChunkData decode(byte[] message, int start, int end) {
        try {
            ByteBuffer decoded = Base64.getDecoder().decode(ByteBuffer.wrap(message, start, end - start));
            boolean exact = decoded.arrayOffset() == 0 && decoded.remaining() == decoded.array().length;
            return new ChunkData(
                    start, end, exact ? decoded.array() : Arrays.copyOf(decoded.array(), decoded.remaining()));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    private static int lastQuote(byte[] message, int start, int length) {
        int at = length - 1;
        while (at > start && message[at] != '"') {
            at--;
        }
        return at;
    }

    private static int firstQuote(byte[] message, int start, int last) {
        int at = start;
        while (at < last && message[at] != '"') {
            at++;
        }
        return at;
    }
}
