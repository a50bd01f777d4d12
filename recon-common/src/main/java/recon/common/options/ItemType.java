package recon.common.options;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the value of an item may be. Every value is text in the file; a type says what is wrong with one. */
public sealed interface ItemType {
    /** What is wrong with a value, as the end of a sentence that begins with the value; empty if nothing is. */
    Optional<String> problem(String value);

    /** What a value should be, for a line that leaves it out. */
    String expected();

    /** Whether a blank value means something. */
    default boolean mayBeBlank() {
        return false;
    }

    /** Free text on one line. */
    record Text(boolean mayBeBlank) implements ItemType {
        @Override
        public Optional<String> problem(String value) {
            return Optional.empty();
        }

        @Override
        public String expected() {
            return "a text";
        }
    }

    /** A file or directory; relative ones are below the directory of the options file. */
    record FilePath(boolean mayBeBlank) implements ItemType {
        @Override
        public Optional<String> problem(String value) {
            try {
                return Path.of(value).toString().isEmpty() ? Optional.of("is not a path") : Optional.empty();
            } catch (InvalidPathException e) {
                return Optional.of("is not a path: " + e.getReason());
            }
        }

        @Override
        public String expected() {
            return "a path";
        }
    }

    /** A whole number from {@code min} to {@code max}, both included. */
    record WholeNumber(long min, long max) implements ItemType {
        @Override
        public Optional<String> problem(String value) {
            try {
                long number = Long.parseLong(value);
                if (number >= min && number <= max) {
                    return Optional.empty();
                }
            } catch (NumberFormatException notANumber) {
                // Reported below, with the range.
            }
            return Optional.of("is not " + expected());
        }

        @Override
        public String expected() {
            return "a whole number in " + min + ".." + max;
        }
    }

    /** {@code true} or {@code false}, in any case. */
    record Flag() implements ItemType {
        @Override
        public Optional<String> problem(String value) {
            return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")
                    ? Optional.empty()
                    : Optional.of("is not " + expected());
        }

        @Override
        public String expected() {
            return "true or false";
        }
    }

    /** One of a few words, in any case. */
    record Choice(List<String> words) implements ItemType {
        public Choice {
            words = List.copyOf(words);
        }

        @Override
        public Optional<String> problem(String value) {
            return words.contains(value.toLowerCase(Locale.ROOT))
                    ? Optional.empty()
                    : Optional.of("is not " + expected());
        }

        @Override
        public String expected() {
            return "one of " + String.join(", ", words);
        }
    }

    /** Texts with commas between them; blank is the empty list. */
    record TextList() implements ItemType {
        @Override
        public Optional<String> problem(String value) {
            return Optional.empty();
        }

        @Override
        public String expected() {
            return "texts with commas between them";
        }

        @Override
        public boolean mayBeBlank() {
            return true;
        }
    }

    /** A program and its first arguments, with blanks between them; quotes keep blanks in a word. */
    record Command() implements ItemType {
        @Override
        public Optional<String> problem(String value) {
            try {
                return CommandWords.split(value).isEmpty() ? Optional.of("names no program") : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.of(e.getMessage());
            }
        }

        @Override
        public String expected() {
            return "a program with its first arguments";
        }
    }

    /** One shared key, or several with commas between them. {@link Options#keys} checks them, where a key is needed. */
    record Secret() implements ItemType {
        @Override
        public Optional<String> problem(String value) {
            return Optional.empty();
        }

        @Override
        public String expected() {
            return "a secret";
        }

        @Override
        public boolean mayBeBlank() {
            return true;
        }
    }
}
