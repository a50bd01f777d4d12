package recon.client.cli;

/** Text from elsewhere, made fit for a terminal: a script's output or a file's name could hold its control codes. */
final class Printable {
    private Printable() {}

    /** Keeps line ends and tabs; any other control character becomes a question mark. */
    static String text(String text) {
        return replaceControls(text.replace("\r\n", "\n"), true);
    }

    /** As {@link #text}, on one line. */
    static String cell(String text) {
        return replaceControls(text, false);
    }

    private static String replaceControls(String text, boolean keepLines) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isISOControl(c) && !(keepLines && (c == '\n' || c == '\t')) ? '?' : c)
                .forEach(out::appendCodePoint);
        return out.toString();
    }
}
