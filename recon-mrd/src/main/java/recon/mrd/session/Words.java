package recon.mrd.session;

/** What peers and failures say, made fit for a line of the log or a text to a client. */
final class Words {
    private static final int SHOWN_CHARACTERS = 80;
    private static final int REASON_CHARACTERS = 8192;

    private Words() {}

    /** A name that a client sent. */
    static String shown(String name) {
        return onOneLine(cut(name, SHOWN_CHARACTERS));
    }

    static String reason(Throwable e) {
        String message = e.getMessage() == null || e.getMessage().isBlank()
                ? e.getClass().getSimpleName()
                : e.getMessage();
        return onOneLine(cut(message, REASON_CHARACTERS));
    }

    /** Without line ends and the control characters of terminals, C1 too. */
    private static String onOneLine(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ");
    }

    private static String cut(String text, int characters) {
        return text.length() > characters ? text.substring(0, characters) + "..." : text;
    }
}
