package recon.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import recon.common.options.Item;
import recon.common.options.Options;
import recon.common.options.OptionsFile;
import recon.common.options.Problems;

/** {@code relay.opts.example} and the catalogue of items say the same. */
class ExampleFileTest {
    private static final Pattern SETTING = Pattern.compile("#?([A-Z][A-Z0-9_]*) =(.*)");
    private static final List<Item> ITEMS = RelayItems.CATALOGUE.items();

    private final String example = RelayItems.CATALOGUE.defaultText(Optional.empty());

    /** The values, also of settings that are switched off. */
    private Map<String, String> everySetting() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String line : example.lines().toList()) {
            Matcher setting = SETTING.matcher(line);
            if (setting.matches()) {
                settings.put(setting.group(1), setting.group(2).strip());
            }
        }
        return settings;
    }

    @Test
    void isTheOneBesideTheSources() throws Exception {
        assertThat(Files.readString(Path.of("relay.opts.example"))).isEqualTo(example);
    }

    @Test
    void holdsEveryKnownItemInTheCataloguesOrderAndNoOther() {
        assertThat(everySetting().keySet())
                .containsExactlyElementsOf(ITEMS.stream().map(Item::name).toList());
    }

    @Test
    void showsTheCataloguesValues() {
        Map<String, String> settings = everySetting();
        for (Item item : ITEMS) {
            assertThat(settings.get(item.name())).as(item.name()).isEqualTo(item.newFileText());
        }
    }

    @Test
    void onlyWhatTheOperatorMustDecideDiffersFromTheDefault() {
        assertThat(ITEMS.stream().filter(item -> !item.newFileText().equals(item.defaultText())))
                .containsExactly(
                        RelayItems.BACKEND_SERVERS,
                        RelayItems.SHARED_KEY_RELAY_TO_CLIENTS,
                        RelayItems.SHARED_KEY_FOR_BACKENDS,
                        RelayItems.TRUSTED_CLIENT_IPS);
    }

    @Test
    void everyDefaultIsValidItself() {
        Problems problems = new Problems();
        for (Item item : ITEMS) {
            OptionsFile file = OptionsFile.parse("default", item.name() + " = " + item.defaultText(), problems);
            assertThat(Options.resolve(ITEMS, Map.of(), Map.of(), file, problems, List.of())
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
        for (Item item : ITEMS) {
            assertThat(described.get(item.name())).as(item.name()).contains(item.name() + ": " + item.description());
        }
    }
}
