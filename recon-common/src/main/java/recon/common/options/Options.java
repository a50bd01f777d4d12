package recon.common.options;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import recon.common.crypto.SharedKey;

/**
 * The value of every item: from the command line, else from the environment ({@code RECON_} and the item's name), else
 * from the file, else the default. Values are checked when they are resolved; a wrong one becomes a problem, and the item
 * keeps its default so that the rest can be checked too. A program therefore reads what it needs, adds the problems that
 * only it can see to {@link #problems()}, and throws them all at once.
 *
 * <p>Immutable apart from the keys it hands out. An item asked for as something that its type is not is a programming
 * error and an {@link IllegalArgumentException}.
 */
public final class Options {
    private static final String KEY_HELP =
            ": make a key with \"java -jar recon-client.jar keygen\" or \"java -jar recon-server.jar --generate-key\""
                    + " and set the same SHARED_KEY in the recon.opts of the server and of the client";

    private static final String ADMIN_KEY_HELP = ": make another one with \"java -jar recon-client.jar keygen\"";

    private final OptionsFile file;
    private final Map<String, Setting> settings;
    private final Problems found;
    private final List<String> notices;

    private Options(OptionsFile file, Map<String, Setting> settings, Problems found, List<String> notices) {
        this.file = file;
        this.settings = settings;
        this.found = found;
        this.notices = List.copyOf(notices);
    }

    /**
     * Reads the options of a program. A file that does not exist is created with the defaults; {@link #notices()} says so.
     * What is wrong with the file or a value is kept in {@link #problems()}.
     *
     * @param commandLine items (any case) and values given as arguments
     * @param environment all of it; those that are not {@code RECON_} and an item set nothing
     */
    public static Options load(Path file, Map<String, String> commandLine, Map<String, String> environment) {
        return load(Catalogue.RECON, file, commandLine, environment);
    }

    /** As {@link #load(Path, Map, Map)}, of another kind of options file. */
    public static Options load(
            Catalogue catalogue, Path file, Map<String, String> commandLine, Map<String, String> environment) {
        Problems problems = new Problems();
        List<String> notices = new ArrayList<>();
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            create(catalogue, file, notices, problems);
        }
        OptionsFile read = problems.isEmpty() ? OptionsFile.read(file, problems) : OptionsFile.unknown(file);
        if (catalogue.items().stream().anyMatch(item -> holdsKey(read, item))) {
            OptionsFile.keyExposure(file).ifPresent(notices::add);
        }
        notices.addAll(MistypedVariables.notices(environment, catalogue.items()));
        return resolve(catalogue.items(), commandLine, environment, read, problems, notices);
    }

    /** The options of a file that has been parsed already. */
    public static Options resolve(
            Map<String, String> commandLine, Map<String, String> environment, OptionsFile file, Problems problems) {
        return resolve(Items.all(), commandLine, environment, file, problems, List.of());
    }

    /** The options of a file of another kind that has been parsed already. */
    public static Options resolve(
            List<Item> catalogue,
            Map<String, String> commandLine,
            Map<String, String> environment,
            OptionsFile file,
            Problems problems,
            List<String> notices) {
        Problems found = new Problems();
        found.addAll(problems);
        Resolver resolver = new Resolver(catalogue, file, found);
        return new Options(file, resolver.resolve(commandLine, environment), found, notices);
    }

    private static void create(Catalogue catalogue, Path file, List<String> notices, Problems problems) {
        try {
            OptionsFile.writeDefault(catalogue, file, Optional.empty());
            notices.add(file + " did not exist and has been created with the defaults; edit " + catalogue.toEdit());
        } catch (FileAlreadyExistsException anotherProcessWasFaster) {
            // Then it is there now, which is all that is needed.
        } catch (IOException e) {
            problems.at(file.toString(), "does not exist and cannot be created: " + OptionsFile.reason(e));
        }
    }

    private static boolean holdsKey(OptionsFile file, Item item) {
        OptionsFile.Entry entry = file.entries().get(item.name());
        return item.type() instanceof ItemType.Secret
                && item.user() != Item.User.LEGACY
                && entry != null
                && isSet(item, entry.value());
    }

    private static boolean isSet(Item item, String key) {
        return !key.isBlank() && !key.equals(item.newFileText()) && !key.equals(Items.KEY_PLACEHOLDER);
    }

    /** What the operator should be told although the program can go on, one text each. */
    public List<String> notices() {
        return notices;
    }

    /** A new list of everything found wrong so far, to add to. */
    public Problems problems() {
        Problems copy = new Problems();
        copy.addAll(found);
        return copy;
    }

    /** Adds a problem at the place where an item is set. */
    public void problemAt(Item item, String text, Problems problems) {
        Setting setting = setting(item);
        problems.at(setting.source(), setting.line(), text);
    }

    /** Where an item is set, as {@code recon.opts:3}, {@code environment RECON_SERVER_PORT} or {@code command line}. */
    public String where(Item item) {
        Setting setting = setting(item);
        return setting.source() + (setting.line() > 0 ? ":" + setting.line() : "");
    }

    /** Where the options file is: relative paths in it are below this directory. */
    public Path directory() {
        return file.directory();
    }

    public String text(Item item) {
        return setting(item).value();
    }

    /** @throws ArithmeticException if the item's range is wider than an {@code int} and its value outside it */
    public int integer(Item item) {
        return Math.toIntExact(wholeNumber(item));
    }

    public long wholeNumber(Item item) {
        return Long.parseLong(text(item));
    }

    /** A number of which 0 means that there is no limit. */
    public OptionalLong countLimit(Item item) {
        long limit = wholeNumber(item);
        return limit == 0 ? OptionalLong.empty() : OptionalLong.of(limit);
    }

    public boolean flag(Item item) {
        return Boolean.parseBoolean(text(item));
    }

    public Duration seconds(Item item) {
        return Duration.ofSeconds(integer(item));
    }

    public Duration hours(Item item) {
        return Duration.ofHours(integer(item));
    }

    /** A number of seconds of which 0 means that there is no limit. */
    public Optional<Duration> limit(Item item) {
        return Optional.of(seconds(item)).filter(limit -> !limit.isZero());
    }

    /** The constant that an item's word names, in any case. */
    public <E extends Enum<E>> E choice(Item item, Class<E> type) {
        return Enum.valueOf(type, text(item).toUpperCase(Locale.ROOT));
    }

    /** The texts between the commas, without blank ones. */
    public List<String> list(Item item) {
        return commaList(text(item));
    }

    /** The words of a command, at least one. */
    public List<String> command(Item item) {
        return List.copyOf(CommandWords.split(text(item)));
    }

    /**
     * An absolute path. Relative ones are below {@link #directory()}, or below the working directory if they come from
     * the command line or the environment; {@code ~/} is the user's home.
     */
    public Path path(Item item) {
        return optionalPath(item).orElseThrow(() -> new IllegalArgumentException(item.name() + " is blank"));
    }

    /** As {@link #path}, empty where the item is blank. */
    public Optional<Path> optionalPath(Item item) {
        Setting setting = setting(item);
        if (setting.value().isBlank()) {
            return Optional.empty();
        }
        String value = setting.value();
        if (value.equals("~") || value.startsWith("~/")) {
            value = System.getProperty("user.home") + value.substring(1);
        }
        return Optional.of(setting.directory().resolve(value).toAbsolutePath().normalize());
    }

    /**
     * What a parser makes of an item's text. A text it refuses with an {@link IllegalArgumentException} becomes a problem
     * at the item's place, and the result is what the parser makes of the default.
     */
    public <T> T parsed(Item item, Function<String, T> parser, Problems problems) {
        try {
            return parser.apply(text(item));
        } catch (IllegalArgumentException e) {
            problemAt(item, item.name() + ": " + e.getMessage(), problems);
            return parser.apply(item.defaultText());
        }
    }

    /**
     * The keys: first SHARED_KEY, which seals, then the previous ones, which only open. A missing, unedited or malformed
     * key is a problem that says what to do; it is never shown.
     */
    public List<SharedKey> keys(Problems problems) {
        return keys(true, problems);
    }

    /** As {@link #keys(Problems)}, but a key that is missing or unedited is no problem unless it is needed. */
    public List<SharedKey> keys(boolean needed, Problems problems) {
        List<SharedKey> keys = new ArrayList<>();
        String current = text(Items.SHARED_KEY);
        boolean isSet = isSet(Items.SHARED_KEY, current);
        if (current.isBlank() && !file.isKnown()) {
            return List.of(); // that the file could not be read is the problem, and reported
        }
        if (isSet) {
            key(Items.SHARED_KEY, current, KEY_HELP, problems).ifPresent(keys::add);
        } else if (needed) {
            String state = current.isBlank() ? "missing" : "still the placeholder";
            problemAt(Items.SHARED_KEY, "SHARED_KEY is " + state + KEY_HELP, problems);
        }
        for (String previous : list(Items.PREVIOUS_SHARED_KEYS)) {
            key(Items.PREVIOUS_SHARED_KEYS, previous, KEY_HELP, problems).ifPresent(keys::add);
        }
        return List.copyOf(keys);
    }

    /**
     * The one key of an item. One that is missing, as it was in a new file, or malformed is a problem.
     *
     * @param help what to do then
     */
    public Optional<SharedKey> key(Item item, String help, Problems problems) {
        String text = text(item);
        if (isSet(item, text)) {
            return key(item, text, ": " + help, problems);
        }
        if (file.isKnown() || !text.isBlank()) {
            String state = text.isBlank() ? "missing" : "still the placeholder";
            problemAt(item, item.name() + " is " + state + ": " + help, problems);
        }
        return Optional.empty();
    }

    /**
     * The administrator's key; empty if there is no administration. A malformed one is a problem, and so is one that
     * others have.
     *
     * @param others the items with keys that it may not be
     */
    public Optional<SharedKey> adminKey(Item item, List<Item> others, Problems problems) {
        String text = text(item);
        if (!isSet(item, text)) {
            return Optional.empty();
        }
        for (Item other : others) {
            if (list(other).contains(text)) {
                problemAt(item, item.name() + " is the key of " + other.name() + ADMIN_KEY_HELP, problems);
            }
        }
        return key(item, text, ADMIN_KEY_HELP, problems);
    }

    private Optional<SharedKey> key(Item item, String text, String help, Problems problems) {
        try {
            return Optional.of(SharedKey.parse(text));
        } catch (IllegalArgumentException e) {
            problemAt(item, item.name() + " is malformed (" + e.getMessage() + ")" + help, problems);
            return Optional.empty();
        }
    }

    private Setting setting(Item item) {
        Setting setting = settings.get(item.name());
        if (setting == null) {
            throw new IllegalArgumentException(item.name() + " is not in the catalogue of items");
        }
        return setting;
    }

    static List<String> commaList(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
    }
}
