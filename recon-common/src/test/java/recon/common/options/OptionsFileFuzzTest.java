package recon.common.options;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import recon.common.crypto.SharedKey;

/** Whatever an options file holds, it gives values or problems, and no problem repeats a key. */
class OptionsFileFuzzTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @FuzzTest(maxDuration = "30s")
    void anyFileGivesValuesOrProblems(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8).replace("$KEY", KEY);
        Problems problems = new Problems();
        OptionsFile file = OptionsFile.parse("fuzz", text, problems);
        Options options = Options.resolve(Map.of(), Map.of(), file, problems);
        Problems found = options.problems();
        options.keys(found).forEach(SharedKey::close);
        for (Item item : Items.all()) {
            read(options, item);
        }
        require(found.list().size() <= Problems.MAX_KEPT + 1, "too many problems are kept");
        require(!String.join("\n", found.list()).contains(KEY), "a problem shows a key");
    }

    private static void read(Options options, Item item) {
        ItemType type = item.type();
        boolean valid;
        if (type instanceof ItemType.WholeNumber range) {
            valid = options.wholeNumber(item) >= range.min() && options.wholeNumber(item) <= range.max();
        } else if (type instanceof ItemType.Flag) {
            valid = options.text(item).equalsIgnoreCase(Boolean.toString(options.flag(item)));
        } else if (type instanceof ItemType.FilePath path) {
            valid = path.mayBeBlank() || options.path(item).isAbsolute();
        } else if (type instanceof ItemType.Command) {
            valid = !options.command(item).isEmpty();
        } else if (type instanceof ItemType.TextList) {
            valid = !options.list(item).contains("");
        } else {
            valid = type.mayBeBlank() || !options.text(item).isBlank();
        }
        require(valid, item.name());
    }

    /** Plain, because an assertion library would be instrumented as well and take most of the fuzzer's time. */
    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
