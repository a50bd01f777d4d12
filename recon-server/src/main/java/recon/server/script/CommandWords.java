package recon.server.script;

import java.util.ArrayList;
import java.util.List;

/** Splits a command given as text in the options file, such as {@code matlab -batch}. No shell is involved. */
public final class CommandWords {
    private CommandWords() {}

    /**
     * Splits at spaces and tabs. Text between matching single or double quotes stays together and loses the quotes;
     * a backslash is an ordinary character.
     *
     * @throws IllegalArgumentException if a quote is not closed or there is no word
     */
    public static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == ' ' || c == '\t') {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
            } else {
                word = word == null ? new StringBuilder() : word;
                if (c == '"' || c == '\'') {
                    quote = c;
                } else {
                    word.append(c);
                }
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("the quote " + quote + " is not closed in the command: " + text);
        }
        if (word != null) {
            words.add(word.toString());
        }
        if (words.isEmpty() || words.get(0).isEmpty()) {
            throw new IllegalArgumentException("the command is empty");
        }
        return List.copyOf(words);
    }
}
