package recon.common.options;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Decides for each item of a catalogue which of its values holds, and checks every value that was given. */
final class Resolver {
    static final String ENVIRONMENT_PREFIX = "RECON_";

    private static final int SHOWN_CHARS = 80;
    private static final int KEY_CHARS = 43;

    /** A key is 43 such characters and a "="; nothing that long is repeated in a message. */
    private static final Pattern MAY_BE_A_KEY = Pattern.compile("[A-Za-z0-9_+/-]{" + KEY_CHARS + "}");

    private final Map<String, Item> catalogue;
    private final OptionsFile file;
    private final Problems problems;
    private final Map<String, Setting> settings = new HashMap<>();

    Resolver(Collection<Item> catalogue, OptionsFile file, Problems problems) {
        this.catalogue = new LinkedHashMap<>();
        catalogue.forEach(item -> this.catalogue.put(item.name(), item));
        this.file = file;
        this.problems = problems;
    }

    /** A setting for each item of the catalogue. The later a source is taken, the more it counts. */
    Map<String, Setting> resolve(Map<String, String> commandLine, Map<String, String> environment) {
        Path workingDirectory = Path.of("").toAbsolutePath();
        catalogue
                .values()
                .forEach(item ->
                        settings.put(item.name(), new Setting(item.defaultText(), file.source(), 0, file.directory())));
        Map<String, Setting> unknown = new TreeMap<>();
        file.entries().forEach((name, entry) -> take(name, inFile(name, entry), unknown));
        for (String name : catalogue.keySet()) {
            String variable = ENVIRONMENT_PREFIX + name;
            String value = environment.get(variable);
            if (value != null) {
                take(name, new Setting(value, "environment " + variable, 0, workingDirectory), unknown);
            }
        }
        commandLine.forEach((name, value) ->
                take(name.toUpperCase(Locale.ROOT), new Setting(value, "command line", 0, workingDirectory), unknown));
        reportUnknown(unknown);
        return Map.copyOf(settings);
    }

    /** In a command quotes belong to its words; around any other value they are decoration. */
    private Setting inFile(String name, OptionsFile.Entry entry) {
        Item item = catalogue.get(name);
        boolean isCommand = item != null && item.type() instanceof ItemType.Command;
        return new Setting(isCommand ? entry.written() : entry.value(), file.source(), entry.line(), file.directory());
    }

    private void take(String name, Setting setting, Map<String, Setting> unknown) {
        Item item = catalogue.get(name);
        if (item == null) {
            unknown.put(name, setting);
            return;
        }
        Optional<String> problem = problem(item, setting.value());
        if (problem.isPresent()) {
            problems.at(setting.source(), setting.line(), problem.get());
        } else {
            settings.put(name, setting);
        }
    }

    private static Optional<String> problem(Item item, String value) {
        if (value.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
            return Optional.of(item.name() + " holds a control character");
        }
        if (value.isBlank()) {
            return item.type().mayBeBlank()
                    ? Optional.empty()
                    : Optional.of(item.name() + " is blank; give " + item.type().expected()
                            + ", or remove the line for the default, " + item.defaultText());
        }
        return item.type()
                .problem(value)
                .map(problem -> item.name() + " = " + shown(value) + " " + problem
                        + (value.contains(" #") ? "; a comment needs a line of its own" : ""));
    }

    private static String shown(String value) {
        String beginning = value.substring(0, Math.min(value.length(), SHOWN_CHARS + KEY_CHARS));
        if (MAY_BE_A_KEY.matcher(beginning).find()) {
            return "(not shown, it may be a key)";
        }
        return value.length() > SHOWN_CHARS ? value.substring(0, SHOWN_CHARS) + "..." : value;
    }

    private void reportUnknown(Map<String, Setting> unknown) {
        Setting ignored = settings.get(Items.IGNORE_UNKNOWN_ITEMS.name());
        Set<String> names = ignored == null
                ? Set.of()
                : Options.commaList(ignored.value()).stream()
                        .map(name -> name.toUpperCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        unknown.forEach((name, setting) -> {
            if (!names.contains(name)) {
                String shown = Item.isName(name) ? " " + name : "";
                String hint = NearestName.of(name, catalogue.keySet())
                        .map(known -> "; did you mean " + known + "?")
                        .orElse("; IGNORE_UNKNOWN_ITEMS can name items of a newer version");
                problems.at(setting.source(), setting.line(), "unknown item" + shown + hint);
            }
        });
    }
}
