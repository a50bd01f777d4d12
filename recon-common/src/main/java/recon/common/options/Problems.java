package recon.common.options;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects everything wrong with the options, so that one start reports it all. Keeps the first {@value #MAX_KEPT}
 * problems and counts the rest: a file that is no options file at all has one in every line.
 */
public final class Problems {
    static final int MAX_KEPT = 100;

    private final List<Problem> kept = new ArrayList<>();
    private int dropped;

    /** Notes a problem of a file, of the environment or of the command line as a whole. */
    public void at(String source, String text) {
        at(source, 0, text);
    }

    /** Notes a problem in a line of a file, counted from 1; 0 means no particular line. */
    public void at(String source, int line, String text) {
        if (kept.size() < MAX_KEPT) {
            kept.add(new Problem(source, line, text));
        } else {
            dropped++;
        }
    }

    void addAll(Problems others) {
        others.kept.forEach(other -> at(other.source, other.line, other.text));
        dropped += others.dropped;
    }

    public boolean isEmpty() {
        return kept.isEmpty();
    }

    /** The problems in the order of the lines they are in; those without a line first. */
    public List<String> list() {
        List<String> texts = new ArrayList<>();
        kept.stream().sorted(Comparator.comparingInt(Problem::line)).forEach(problem -> texts.add(problem.toString()));
        if (dropped > 0) {
            texts.add("and " + dropped + " more problems");
        }
        return texts;
    }

    public void throwIfAny() throws OptionsException {
        if (!isEmpty()) {
            throw new OptionsException(list());
        }
    }

    private record Problem(String source, int line, String text) {
        @Override
        public String toString() {
            return source + (line > 0 ? ":" + line : "") + ": " + text;
        }
    }
}
