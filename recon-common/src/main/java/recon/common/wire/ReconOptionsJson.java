package recon.common.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import recon.common.job.PeerText;
import recon.common.job.ReconOptions;

/** Reads reconstruction options from their JSON text. */
public final class ReconOptionsJson {
    private static final ObjectReader STRICT = Json.MAPPER
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private ReconOptionsJson() {}

    /**
     * Parses a JSON object.
     *
     * @throws IllegalArgumentException if it is none, is too deep or long, or a name is not allowed; the message is for
     *     the person who typed it
     */
    public static ReconOptions parse(String json) {
        JsonNode root;
        try {
            root = STRICT.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "reconstruction options are not JSON: " + e.getOriginalMessage()
                            + "; write them as '{\"key\": value}'",
                    e);
        }
        if (!(root instanceof ObjectNode object)) {
            throw new IllegalArgumentException(
                    "reconstruction options must be one JSON object, as in '{\"num_slices\": 128}'");
        }
        List<ReconOptions.Argument> arguments = new ArrayList<>();
        object.properties().forEach(field -> {
            requireFinite(field.getKey(), field.getValue());
            arguments.add(new ReconOptions.Argument(field.getKey(), text(field.getValue())));
        });
        return new ReconOptions(object.toString(), arguments);
    }

    /** JSON has no word for infinity: a number too large for a double could not be handed on. */
    private static void requireFinite(String name, JsonNode value) {
        if (value.isDouble() && Double.isInfinite(value.doubleValue())) {
            throw new IllegalArgumentException(
                    "reconstruction option \"" + PeerText.oneLine(name) + "\" is beyond the range of a number");
        }
        value.forEach(element -> requireFinite(name, element));
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }
}
