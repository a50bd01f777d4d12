package recon.common.job;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The reconstruction options a client sends with a job, in the order submitted.
 *
 * @param json the options as one JSON object, as submitted
 * @param arguments the same as name and text: strings as they are, {@code true}, {@code false}, {@code null} and
 *     numbers as JSON prints them, nested values as compact JSON
 */
public record ReconOptions(String json, List<Argument> arguments) {
    public static final ReconOptions NONE = new ReconOptions("{}", List.of());

    public ReconOptions {
        arguments = List.copyOf(arguments);
        Set<String> names = new HashSet<>();
        for (Argument argument : arguments) {
            if (!names.add(argument.name())) {
                throw new IllegalArgumentException("reconstruction option \"" + argument.name() + "\" is given twice");
            }
        }
    }

    /** One option. Its name becomes {@code --name} on the script's command line, its value the argument after it. */
    public record Argument(String name, String value) {
        private static final Pattern LEGAL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,127}");

        /** The server's own argument: a client must not choose where a script writes. */
        private static final String RESERVED = "output-dir";

        public Argument {
            if (name.equals(RESERVED)) {
                throw new IllegalArgumentException("reconstruction option \"" + RESERVED
                        + "\" is reserved: the server itself gives it to the script; use another name");
            }
            if (!LEGAL_NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("reconstruction option \"" + PeerText.oneLine(name)
                        + "\" does not match [A-Za-z_][A-Za-z0-9_-]*");
            }
            if (value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("reconstruction option \"" + name + "\" holds a NUL character");
            }
        }
    }
}
