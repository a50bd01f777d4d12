package recon.common.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import recon.common.job.ReconOptions;

/** Reads reconstruction options from their JSON text, and writes flat JSON objects for programs to read. */
public final class ReconOptionsJson {
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
            root = Json.MAPPER.readTree(json);
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
        object.properties()
                .forEach(field -> arguments.add(new ReconOptions.Argument(field.getKey(), text(field.getValue()))));
        return new ReconOptions(object.toString(), arguments);
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }
}
