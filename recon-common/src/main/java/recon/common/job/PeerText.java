package recon.common.job;

/** Text that somebody else chose, made fit for one line of a log or a message. */
public final class PeerText {
    /** Longer text is cut: one message of a peer must not flood a log. */
    public static final int MAX_CHARS = 300;

    private PeerText() {}

    /** The text on one line: control characters and broken surrogates become {@code ?}, the end is cut if it is long. */
    public static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(MAX_CHARS).forEach(c -> line.appendCodePoint(isPrintable(c) ? c : '?'));
        return text.codePointCount(0, text.length()) > MAX_CHARS ? line + "..." : line.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT, // turns the direction of what follows, or hides
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
