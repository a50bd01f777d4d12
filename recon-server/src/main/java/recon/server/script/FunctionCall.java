package recon.server.script;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A call of the function in a {@code .m} file as one expression that MATLAB and Octave read alike:
 * {@code addpath('/site'); name('first', 'second')}.
 */
final class FunctionCall {
    /** MATLAB's rule, stricter than Octave's: a letter, then letters, digits and underscores, at most 63 in all. */
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");

    private static final Set<String> KEYWORDS = Set.of(
            "break",
            "case",
            "catch",
            "classdef",
            "continue",
            "else",
            "elseif",
            "end",
            "for",
            "function",
            "global",
            "if",
            "otherwise",
            "parfor",
            "persistent",
            "return",
            "spmd",
            "switch",
            "try",
            "while");

    private FunctionCall() {}

    /** Why this file cannot be called as a function, if so. */
    static Optional<String> problem(Path script) {
        String name = name(script);
        if (!IDENTIFIER.matcher(name).matches() || KEYWORDS.contains(name)) {
            return Optional.of("script " + script + " cannot be called: \"" + name
                    + "\" is no function name (a letter, then letters, digits and _, at most 63, no keyword);"
                    + " rename the file and its function");
        }
        String directory = script.getParent().toString();
        if (directory.contains(File.pathSeparator)) {
            return Optional.of("script " + script + " cannot be called: its directory's name holds \""
                    + File.pathSeparator + "\", which separates directories in a search path; move the script");
        }
        return Optional.empty();
    }

    static String expression(Path script, List<String> arguments) {
        List<String> quoted = arguments.stream().map(FunctionCall::quoted).toList();
        return "addpath(" + quoted(script.getParent().toString()) + "); " + name(script) + "("
                + String.join(", ", quoted) + ")";
    }

    private static String name(Path script) {
        String file = script.getFileName().toString();
        return file.substring(0, file.length() - ".m".length());
    }

    /** A character vector. Control characters cannot stand between the quotes (a newline ends them): {@code char(10)}. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("'");
        boolean pieces = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f) {
                out.append("', char(").append((int) c).append("), '");
                pieces = true;
            } else {
                out.append(c == '\'' ? "''" : String.valueOf(c));
            }
        }
        out.append('\'');
        return pieces ? "[" + out + "]" : out.toString();
    }
}
