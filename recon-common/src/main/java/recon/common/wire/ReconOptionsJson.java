package recon.common.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import recon.common.job.ReconOptions;

/** Reads reconstruction options from their JSON text. */
public final class ReconOptionsJson {
    private ReconOptionsJson() {}

    /**
     * Parses a JSON object.
     *
     * @throws IllegalArgumentException if it is none, is too deep or long, or a name is not allowed; the message is for
     *     the person who typed it
     */
    public static ReconOptions parse(String json) {
        return options(read(json));
    }

    /**
     * Parses two JSON objects and puts them together: in the order of the first, then of the second; of a name that both
     * have, the second one's value.
     *
     * @throws IllegalArgumentException as {@link #parse}
     */
    public static ReconOptions merge(String json, String over) {
        Map<String, Object> all = new LinkedHashMap<>();
        read(json).forEach((name, value) -> all.put((String) name, value));
        read(over).forEach((name, value) -> all.put((String) name, value));
        return options(all);
    }

    private static Map<?, ?> read(String json) {
        Object root;
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            root = JsonTree.readAll(parser);
        } catch (IOException e) {
            String problem =
                    e instanceof JsonProcessingException jackson ? jackson.getOriginalMessage() : e.getMessage();
            throw new IllegalArgumentException(
                    "reconstruction options are not JSON: " + problem + "; write them as '{\"key\": value}'", e);
        }
        if (!(root instanceof Map<?, ?> options)) {
            throw new IllegalArgumentException(
                    "reconstruction options must be one JSON object, as in '{\"num_slices\": 128}'");
        }
        return options;
    }

    private static ReconOptions options(Map<?, ?> root) {
        List<ReconOptions.Argument> arguments = new ArrayList<>();
        root.forEach((name, value) -> arguments.add(
                new ReconOptions.Argument((String) name, value instanceof String text ? text : compact(value))));
        return new ReconOptions(compact(root), arguments);
    }

    private static String compact(Object value) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = Json.COMPACT.createGenerator(out)) {
            JsonTree.write(value, json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toString();
    }
}
