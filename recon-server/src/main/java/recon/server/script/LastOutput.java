package recon.server.script;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The end of a script's output as text that may be sent to a client and printed on a terminal. */
final class LastOutput {
    static final int MAX_BYTES = 4096;

    /** Colours and cursor movements, ECMA-48 section 5.4; without their ESC they would leave {@code [31m} behind. */
    private static final Pattern TERMINAL_SEQUENCES = Pattern.compile("\u001B\\[[0-?]*[ -/]*[@-~]");

    private LastOutput() {}

    /**
     * Invalid UTF-8 becomes U+FFFD; control characters other than newline and tab go.
     *
     * @param tail the last bytes of the output, more than {@link #MAX_BYTES} if there was more
     * @return at most {@link #MAX_BYTES} of UTF-8, beginning at the start of a line if something had to go and a line
     *     begins in what is left
     */
    static String of(byte[] tail) {
        String decoded = new String(tail, StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder(decoded.length());
        TERMINAL_SEQUENCES
                .matcher(decoded)
                .replaceAll("")
                .codePoints()
                .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
                .forEach(text::appendCodePoint);
        String clean = text.toString().strip();
        int start = startOfLast(clean, MAX_BYTES);
        boolean cut = start > 0 || tail.length > MAX_BYTES;
        int lineEnd = clean.indexOf('\n', start);
        return clean.substring(cut && lineEnd >= 0 ? lineEnd + 1 : start).strip();
    }

    /** The index from which the rest of {@code text} takes at most {@code maxBytes} of UTF-8, never inside a pair. */
    private static int startOfLast(String text, int maxBytes) {
        int start = text.length();
        int bytes = 0;
        while (start > 0) {
            int c = text.codePointBefore(start);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (bytes > maxBytes) {
                break;
            }
            start -= Character.charCount(c);
        }
        return start;
    }
}
