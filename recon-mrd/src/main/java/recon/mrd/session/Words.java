package recon.mrd.session;

/** What peers and failures say, made fit for a line of the log or a text to a client. */
final class Words {
    private static final int SHOWN_CHARACTERS = 80;
    private static final int REASON_CHARACTERS = 8192;

    private Words() {}

    /** A name that a client sent. */
    static String shown(String name) {
        return cut(name, SHOWN_CHARACTERS).replaceAll("\\p{Cntrl}+", " ");
    }

    static String reason(Throwable e) {
        String message = e.getMessage() == null || e.getMessage().isBlank()
                ? e.getClass().getSimpleName()
                : e.getMessage();
        return cut(message, REASON_CHARACTERS).replaceAll("\\s+", " ");
    }

    private static String cut(String text, int characters) {
        return text.length() > characters ? text.substring(0, characters) + "..." : text;
    }
}
