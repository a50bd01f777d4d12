package recon.mrd.recon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import recon.mrd.format.MrdException;

/**
 * What a client asks of a module beyond its name: the {@code parameters} of a JSON object.
 *
 * @param values by name, as text
 */
public record ReconParameters(Map<String, String> values) {
    public static final ReconParameters NONE = new ReconParameters(Map.of());

    private static final JsonFactory JSON = new JsonFactory();
    private static final String CONFIG = "config";
    private static final String CUSTOM_CONFIG = "customconfig";

    public ReconParameters {
        // Map.copyOf takes time squared for names that were chosen to have the same hash code.
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Reads {@code {"parameters": {...}}}.
     *
     * @throws MrdException if it is no JSON object, or its parameters are none
     */
    public static ReconParameters parse(String json) throws MrdException {
        try (JsonParser in = JSON.createParser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new MrdException("the additional configuration is no JSON object");
            }
            ReconParameters parameters = NONE;
            while (in.nextToken() != JsonToken.END_OBJECT) {
                JsonToken value = in.nextToken();
                if (in.currentName().equals("parameters")) {
                    parameters = new ReconParameters(members(in, value));
                } else {
                    in.skipChildren();
                }
            }
            if (in.nextToken() != null) {
                throw new MrdException("the additional configuration has more behind its JSON object");
            }
            return parameters;
        } catch (JsonProcessingException e) {
            throw new MrdException("the additional configuration is no JSON: " + reason(e), e);
        } catch (IOException e) {
            throw e instanceof MrdException mrd ? mrd : new MrdException(e.getMessage(), e);
        }
    }

    /** With the place; where the parser tells of another, it names a source that nobody knows. */
    private static String reason(JsonProcessingException e) {
        String words = e.getOriginalMessage().replaceAll(" \\(start marker at .*", "");
        JsonLocation at = e.getLocation();
        return at == null ? words : words + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static Map<String, String> members(JsonParser in, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            throw new MrdException("\"parameters\" of the additional configuration is no JSON object");
        }
        Map<String, String> values = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            values.put(name, in.nextToken().isScalarValue() ? in.getText() : structure(in));
        }
        return values;
    }

    /** A list or an object, as JSON. */
    private static String structure(JsonParser in) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.copyCurrentStructure(in);
        }
        return text.toString();
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Whether the value says true anywhere in it, in whatever case; false if there is none. */
    public boolean isTrue(String name) {
        return text(name)
                .filter(value -> value.toLowerCase(Locale.ROOT).contains("true"))
                .isPresent();
    }

    /** The config name that these parameters ask for, which goes before the one that was sent by itself. */
    public Optional<String> config() {
        return text(CUSTOM_CONFIG).filter(name -> !name.isEmpty()).or(() -> text(CONFIG));
    }
}
