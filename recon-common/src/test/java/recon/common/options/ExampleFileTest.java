package recon.common.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import recon.common.options.Item.User;

/** The example file and the catalogue of items say the same. */
class ExampleFileTest {
    private static final Pattern SETTING = Pattern.compile("#?([A-Z][A-Z0-9_]*) =(.*)");

    private final String example = OptionsFile.defaultText(Optional.empty());

    /** The file with the settings that are switched off switched on. */
    private OptionsFile everySetting() {
        Problems problems = new Problems();
        OptionsFile file = OptionsFile.parse("example", example.replaceAll("(?m)^#([A-Z])", "$1"), problems);
        assertThat(problems.list()).isEmpty();
        return file;
    }

    @Test
    void isTheOneAtTopLevel() throws Exception {
        assertThat(Files.readString(Path.of("..", "recon.opts.example"))).isEqualTo(example);
    }

    @Test
    void hasNoProblemButThePlaceholder() {
        Problems problems = new Problems();
        OptionsFile file = OptionsFile.parse("example", example, problems);
        Options options = Options.resolve(Map.of(), Map.of(), file, problems);
        Problems all = options.problems();
        options.keys(all);
        assertThat(all.list()).singleElement().asString().contains("SHARED_KEY is still the placeholder");
    }

    @Test
    void holdsEveryKnownItemInTheCataloguesOrderAndNoOther() {
        assertThat(everySetting().entries().keySet())
                .containsExactlyElementsOf(Items.all().stream().map(Item::name).toList());
    }

    @Test
    void showsTheCataloguesValues() {
        Map<String, OptionsFile.Entry> entries = everySetting().entries();
        for (Item item : Items.all()) {
            assertThat(entries.get(item.name()).value()).as(item.name()).isEqualTo(item.newFileText());
        }
    }

    @Test
    void onlyWhatTheOperatorMustDecideDiffersFromTheDefault() {
        assertThat(Items.all().stream().filter(item -> !item.newFileText().equals(item.defaultText())))
                .containsExactly(Items.SHARED_KEY, Items.TRUSTED_IPS);
    }

    @Test
    void everyDefaultIsValidItself() {
        Problems problems = new Problems();
        for (Item item : Items.all()) {
            OptionsFile file = OptionsFile.parse("default", item.name() + " = " + item.defaultText(), problems);
            assertThat(Options.resolve(Map.of(), Map.of(), file, problems)
                            .problems()
                            .list())
                    .as(item.name())
                    .isEmpty();
        }
    }

    @Test
    void describesEachItemInTheCataloguesWords() {
        List<String> comment = new ArrayList<>();
        Map<String, String> described = new HashMap<>();
        for (String line : example.lines().toList()) {
            Matcher setting = SETTING.matcher(line);
            if (setting.matches()) {
                described.put(setting.group(1), String.join(" ", comment));
            } else if (line.startsWith("# ") && !line.startsWith("# ---")) {
                comment.add(line.substring(2));
            } else {
                comment.clear();
            }
        }
        for (Item item : Items.all()) {
            String who = item.user() == User.SERVER ? " (server)" : item.user() == User.CLIENT ? " (client)" : "";
            String expected =
                    item.user() == User.LEGACY ? item.description() : item.name() + who + ": " + item.description();
            assertThat(described.get(item.name())).as(item.name()).contains(expected);
        }
    }
}
