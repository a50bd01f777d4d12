package recon.client.watch;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.PatternSyntaxException;

/** Which files of the directory are sent: those that match one of several globs. */
final class WatchPattern {
    private final List<String> globs;
    private final List<PathMatcher> matchers = new ArrayList<>();

    private WatchPattern(List<String> globs) {
        this.globs = globs;
    }

    /**
     * Parses globs with commas between them; commas within braces are the glob's own.
     *
     * @throws IllegalArgumentException if there is none, or one is malformed
     */
    static WatchPattern parse(String text) {
        List<String> globs = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ',';
            if (c == ',' && (depth == 0 || i == text.length())) {
                String glob = text.substring(from, i).strip();
                if (!glob.isEmpty()) {
                    globs.add(glob);
                }
                from = i + 1;
            }
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        }
        if (globs.isEmpty()) {
            throw new IllegalArgumentException("\"" + text + "\" names no files; write a pattern like *.7");
        }
        WatchPattern pattern = new WatchPattern(globs);
        for (String glob : globs) {
            try {
                pattern.matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + glob));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "\"" + glob + "\" is no pattern: " + e.getDescription() + "; write one like *.7", e);
            }
        }
        return pattern;
    }

    /**
     * The number of the first glob that a file's name matches, or {@link Sighting#OPTIONS}; empty for a file that is
     * none of ours. Hidden files are on their way under a name that they will not keep.
     */
    OptionalInt rank(String name) {
        if (name.startsWith(".") || name.endsWith(FailedFiles.MARK_SUFFIX)) {
            return OptionalInt.empty();
        }
        if (name.endsWith(Sighting.OPTIONS_SUFFIX)) {
            return OptionalInt.of(Sighting.OPTIONS);
        }
        for (int i = 0; i < matchers.size(); i++) {
            if (matchers.get(i).matches(Path.of(name))) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    @Override
    public String toString() {
        return String.join(",", globs);
    }
}
