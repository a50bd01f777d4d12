package recon.common.options;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds variables of the environment that were most likely meant to set an item and do not. */
final class MistypedVariables {
    /** What the server gives to scripts; one may run the client. */
    private static final Set<String> FOR_SCRIPTS =
            Set.of("RECON_JOB_ID", "RECON_INPUT_DIR", "RECON_OUTPUT_DIR", "RECON_OPTIONS_FILE");

    /** More differences make another word. */
    private static final int MAX_DISTANCE = 2;

    private MistypedVariables() {}

    /** A text for each such variable, by name. Other programs may have RECON_ variables too, so most are passed over. */
    static List<String> notices(Map<String, String> environment, Collection<Item> catalogue) {
        List<String> items = catalogue.stream()
                .filter(item -> item.user() != Item.User.LEGACY)
                .map(Item::name)
                .toList();
        return environment.keySet().stream()
                .filter(variable -> variable.startsWith(Resolver.ENVIRONMENT_PREFIX))
                .filter(variable -> !FOR_SCRIPTS.contains(variable))
                .filter(variable -> catalogue.stream().noneMatch(item -> variable.equals(variableOf(item.name()))))
                .sorted()
                .flatMap(variable -> meant(variable, items).stream()
                        .map(item ->
                                "environment " + variable + " has no effect; did you mean " + variableOf(item) + "?"))
                .toList();
    }

    /** The item that a variable is meant for: one of that whole name, or a name that hardly differs. */
    private static Optional<String> meant(String variable, List<String> items) {
        String name = variable.substring(Resolver.ENVIRONMENT_PREFIX.length());
        if (items.contains(variable)) {
            return Optional.of(variable);
        }
        return name.length() > Item.MAX_NAME_CHARS
                ? Optional.empty()
                : items.stream()
                        .min(Comparator.comparingInt(item -> NearestName.distance(name, item)))
                        .filter(item -> NearestName.distance(name, item) <= MAX_DISTANCE);
    }

    private static String variableOf(String item) {
        return Resolver.ENVIRONMENT_PREFIX + item;
    }
}
