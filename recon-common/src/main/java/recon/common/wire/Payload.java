package recon.common.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import recon.common.job.JobId;

/**
 * The fields of one JSON object that a peer sent. Fields that nobody asks for are ignored; one that is missing or of
 * the wrong kind is a {@link ProtocolException} that names the message and the field.
 */
final class Payload {
    private final String owner;
    private final ObjectNode fields;
    private final byte[] data;

    /**
     * @param owner what this object is, for errors
     * @param data what the field {@code data} held, decoded, if it was cut out of {@code fields}; else null
     */
    Payload(String owner, ObjectNode fields, byte[] data) {
        this.owner = owner;
        this.fields = fields;
        this.data = data;
    }

    String text(String key) throws ProtocolException {
        JsonNode node = fields.get(key);
        if (node == null || !node.isTextual()) {
            throw wrong(key, "a string", node);
        }
        return node.textValue();
    }

    /** For fields that peers may leave out; anything but a string counts as left out. */
    String textOr(String key, String missing) {
        JsonNode node = fields.get(key);
        return (node != null && node.isTextual()) ? node.textValue() : missing;
    }

    boolean flagOr(String key, boolean missing) {
        JsonNode node = fields.get(key);
        return (node != null && node.isBoolean()) ? node.booleanValue() : missing;
    }

    /** A whole number of 0 or more. */
    long number(String key) throws ProtocolException {
        JsonNode node = fields.get(key);
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw wrong(key, "a whole number from 0 to 2^63-1", node);
        }
        return node.longValue();
    }

    int count(String key) throws ProtocolException {
        long number = number(key);
        if (number > Integer.MAX_VALUE) {
            throw new ProtocolException(owner + ": \"" + key + "\" = " + number + " is beyond 2^31-1");
        }
        return (int) number;
    }

    JobId jobId(String key) throws ProtocolException {
        try {
            return JobId.parse(text(key));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(owner + ": \"" + key + "\" is " + e.getMessage(), e);
        }
    }

    /** True for {@code yes}, false for {@code no}, in any case. */
    boolean choice(String key, String yes, String no) throws ProtocolException {
        String word = text(key).toLowerCase(Locale.ROOT);
        if (word.equals(yes) || word.equals(no)) {
            return word.equals(yes);
        }
        throw new ProtocolException(
                owner + ": \"" + key + "\" is \"" + word + "\", expected \"" + yes + "\" or \"" + no + "\"");
    }

    byte[] base64(String key) throws ProtocolException {
        if (data != null) {
            return data;
        }
        try {
            return Base64.getDecoder().decode(text(key));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(owner + ": \"" + key + "\" is not base64", e);
        }
    }

    Payload objectOrEmpty(String key) {
        JsonNode node = fields.get(key);
        return node instanceof ObjectNode object
                ? new Payload(owner, object, null)
                : new Payload(owner, fields.objectNode(), null);
    }

    /** The objects of a list; none if the field is missing or no list. */
    List<Payload> objectsOrNone(String key) throws ProtocolException {
        List<Payload> objects = new ArrayList<>();
        JsonNode list = fields.get(key);
        if (list != null && list.isArray()) {
            for (JsonNode node : list) {
                if (!(node instanceof ObjectNode object)) {
                    throw wrong(key, "a list of objects", node);
                }
                objects.add(new Payload(owner, object, null));
            }
        }
        return objects;
    }

    private ProtocolException wrong(String key, String expected, JsonNode got) {
        String found =
                got == null ? "missing" : "of kind " + got.getNodeType().name().toLowerCase(Locale.ROOT);
        return new ProtocolException(owner + ": \"" + key + "\" must be " + expected + "; it is " + found);
    }
}
