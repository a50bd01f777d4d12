package recon.common.wire;

import java.util.List;
import java.util.function.Consumer;

/** The fields of one JSON object, in order. */
public interface PayloadWriter {
    void text(String key, String value);

    void number(String key, long value);

    /** A finite number; what is none is left out, for JSON has no word for it. */
    void decimal(String key, double value);

    void flag(String key, boolean value);

    /** The first {@code length} bytes of {@code bytes} as standard base64. */
    void base64(String key, byte[] bytes, int length);

    void object(String key, Consumer<PayloadWriter> fields);

    void texts(String key, List<String> values);

    void objects(String key, List<Consumer<PayloadWriter>> elements);
}
