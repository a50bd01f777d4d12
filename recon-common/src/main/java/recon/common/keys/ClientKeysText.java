package recon.common.keys;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.SharedKey;
import recon.common.options.Problems;

/**
 * The text of a file of client keys: a line for each, between comments and blank lines, which stay where they are.
 *
 * <pre>
 *   # scanner room 2
 *   NAME = KEY
 *   NAME = KEY operator
 *   NAME = KEY relay
 * </pre>
 *
 * <p>Immutable.
 */
final class ClientKeysText {
    private static final String OPERATOR = "operator";
    private static final String RELAY = "relay";

    private final List<String> lines;
    private final Map<Integer, ClientKey> keys;

    private ClientKeysText(List<String> lines, Map<Integer, ClientKey> keys) {
        this.lines = lines;
        this.keys = keys;
    }

    /**
     * Reads a text. What is wrong with a line becomes a problem that shows nothing of it, for anything may be a key.
     *
     * @param shared keys that no client may have for itself
     * @param administrators another one
     */
    static ClientKeysText parse(
            String source, String text, List<SharedKey> shared, Optional<SharedKey> administrators, Problems problems) {
        List<String> lines = Arrays.asList(text.split("(?<=\n)"));
        Map<Integer, ClientKey> keys = new HashMap<>();
        Map<String, String> names = new HashMap<>();
        Map<String, String> known = new HashMap<>();
        shared.forEach(key -> known.put(key.text(), "it is the shared key or a previous one"));
        administrators.ifPresent(
                key -> known.put(key.text(), "it is the administrator's; make another one for one of" + " the two"));
        for (int i = 0; i < lines.size(); i++) {
            String content = lines.get(i).strip();
            if (content.isEmpty() || content.startsWith("#")) {
                continue;
            }
            int line = i + 1;
            String thisOne = "line " + line + " has it already";
            try {
                ClientKey key = parse(content);
                requireNew(names.putIfAbsent(key.name().toLowerCase(Locale.ROOT), thisOne), "the name");
                requireNew(known.putIfAbsent(key.key().text(), thisOne), "the key");
                keys.put(i, key);
            } catch (IllegalArgumentException e) {
                problems.at(source, line, e.getMessage());
            }
        }
        return new ClientKeysText(lines, keys);
    }

    private static ClientKey parse(String content) {
        int equals = content.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("expected NAME = KEY");
        }
        String name = content.substring(0, equals).strip();
        ClientKey.problemOfName(name).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        String[] words = content.substring(equals + 1).strip().split("\\s+", -1);
        boolean operator = words.length == 2 && words[1].equalsIgnoreCase(OPERATOR);
        boolean relay = words.length == 2 && words[1].equalsIgnoreCase(RELAY);
        if (words.length > 1 && !operator && !relay) {
            throw new IllegalArgumentException(
                    "expected NAME = KEY, NAME = KEY operator or NAME = KEY relay, and nothing"
                            + " more; a comment needs a line of its own");
        }
        return new ClientKey(new KeyOwner(name, operator, relay), SharedKey.parse(words[0]));
    }

    /** @param before who has it already; null if nobody does */
    private static void requireNew(String before, String what) {
        if (before != null) {
            throw new IllegalArgumentException(what + " is used twice: " + before);
        }
    }

    /** In the order of the file. */
    List<ClientKey> keys() {
        return keys.keySet().stream().sorted().map(keys::get).toList();
    }

    Optional<ClientKey> find(String name) {
        return keys().stream().filter(key -> key.isNamed(name)).findFirst();
    }

    /** The text with one line more, at its end. */
    String with(ClientKey key) {
        String text = String.join("", lines);
        String separator = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        return text + separator + key.name() + " = " + key.key().text()
                + (key.owner().operator() ? " " + OPERATOR : "")
                + (key.owner().relay() ? " " + RELAY : "") + "\n";
    }

    /** The text without the line of that client. */
    String without(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            ClientKey key = keys.get(i);
            if (key == null || !key.isNamed(name)) {
                text.append(lines.get(i));
            }
        }
        return text.toString();
    }
}
