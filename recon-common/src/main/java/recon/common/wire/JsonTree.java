package recon.common.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON values as plain objects: {@code Map} in the order of the text, {@code List}, {@code String}, {@link Num},
 * {@code Boolean}, and {@link #NULL}. Jackson's own tree would do as well, but loading it takes a third of the time of a
 * short command.
 */
final class JsonTree {
    static final Object NULL = new Object();

    /** A number as it was written: nothing is rounded on its way through. */
    record Num(String text, boolean isWhole) {}

    private JsonTree() {}

    /**
     * Reads one value, {@link #NULL} from an empty text, and requires the text to end after it.
     *
     * @throws IOException if the text is not JSON, or beyond the limits of {@link Json}
     */
    static Object readAll(JsonParser json) throws IOException {
        if (json.nextToken() == null) {
            return NULL;
        }
        Object value = value(json);
        if (json.nextToken() != null) {
            throw new ProtocolException("the text must end after its JSON object");
        }
        return value;
    }

    /** Reads the value at the current token; the parser bounds the depth. */
    private static Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    json.nextToken();
                    fields.put(name, value(json));
                }
                yield fields;
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(json));
                }
                yield elements;
            }
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> new Num(json.getText(), true);
            case VALUE_NUMBER_FLOAT -> new Num(json.getText(), false);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> NULL;
            default -> throw new ProtocolException("unexpected end of the JSON text");
        };
    }

    static void write(Object value, JsonGenerator json) throws IOException {
        if (value instanceof Map<?, ?> fields) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                json.writeFieldName((String) field.getKey());
                write(field.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof List<?> elements) {
            json.writeStartArray();
            for (Object element : elements) {
                write(element, json);
            }
            json.writeEndArray();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Num number) {
            json.writeNumber(number.text());
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else {
            json.writeNull();
        }
    }

    /** The word of JSON for what a value is. */
    static String kind(Object value) {
        if (value instanceof Map) {
            return "object";
        }
        if (value instanceof List) {
            return "array";
        }
        if (value instanceof String) {
            return "string";
        }
        if (value instanceof Num) {
            return "number";
        }
        return value instanceof Boolean ? "boolean" : "null";
    }
}
