package recon.client.crash;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.List;

/** What did not hold. Thread-safe. */
final class Violations {
    private final List<String> found = new ArrayList<>();

    /** @param words what should be, with the values that show that it is not */
    @FormatMethod
    void check(boolean holds, String words, Object... values) {
        if (!holds) {
            add(words, values);
        }
    }

    @FormatMethod
    synchronized void add(String words, Object... values) {
        found.add(words.formatted(values));
    }

    synchronized List<String> found() {
        return List.copyOf(found);
    }
}
