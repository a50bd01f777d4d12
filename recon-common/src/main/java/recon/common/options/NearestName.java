package recon.common.options;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known name that somebody most likely meant. */
final class NearestName {
    private static final int MIN_PART_CHARS = 4;

    private NearestName() {}

    /** The first name that the text is a part of, or else the nearest one if it differs in at most a third. */
    static Optional<String> of(String text, Collection<String> known) {
        if (text.length() > Item.MAX_NAME_CHARS) {
            return Optional.empty();
        }
        return known.stream()
                .filter(name -> text.length() >= MIN_PART_CHARS && name.contains(text))
                .findFirst()
                .or(() -> known.stream()
                        .min(Comparator.comparingInt(name -> distance(text, name)))
                        .filter(name -> distance(text, name) <= name.length() / 3));
    }

    /** Levenshtein's distance: the fewest characters inserted, removed or replaced that turn one text into the other. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
