package recon.common.options;

import java.util.ArrayList;
import java.util.List;

/** Splits a command into words at blanks. Single or double quotes keep blanks in a word; nothing else is special. */
final class CommandWords {
    private CommandWords() {}

    /**
     * The words of a command, none if it is blank.
     *
     * @throws IllegalArgumentException if a quote is not closed
     */
    static List<String> split(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (quote != 0 ? c == quote : c == '"' || c == '\'') {
                quote = quote == 0 ? c : 0;
                inWord = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("has a quote " + quote + " without its end");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
