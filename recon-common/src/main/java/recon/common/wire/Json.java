package recon.common.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;

/** How this project reads and writes JSON: limits on what comes in, Python's spelling on what goes out. */
final class Json {
    static final int MAX_DEPTH = 32;
    /** For any string but the data of a file chunk, which the frame's length bounds. */
    static final int MAX_STRING_CHARS = 1 << 20;

    private static final int MAX_NAME_CHARS = 1024;
    private static final int MAX_NUMBER_CHARS = 100;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING_CHARS)
                    .maxNameLength(MAX_NAME_CHARS)
                    .maxNumberLength(MAX_NUMBER_CHARS)
                    .build())
            // Names come from peers: interning them would keep every one for ever. (Canonicalizing stays on:
            // without it Jackson reads bytes through a Reader, which knows no byte offsets, and ChunkData needs them.)
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .configure(JsonWriteFeature.ESCAPE_NON_ASCII, true)
            .configure(JsonWriteFeature.WRITE_HEX_UPPER_CASE, false)
            // Two readers of one message must not see two values.
            .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, true)
            .build();

    /** Nested options are handed to scripts as they are, not in ASCII. */
    static final JsonFactory COMPACT = new JsonFactory();

    /** Separators as Python's {@code json.dumps} writes them: {@code ", "} and {@code ": "}. */
    static final class PythonSpacing extends MinimalPrettyPrinter {
        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator json) throws IOException {
            json.writeRaw(": ");
        }

        @Override
        public void writeObjectEntrySeparator(JsonGenerator json) throws IOException {
            json.writeRaw(", ");
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
            json.writeRaw(", ");
        }
    }

    private Json() {}
}
