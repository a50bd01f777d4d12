package recon.common.options;

/**
 * One item of the options file.
 *
 * @param name in upper case
 * @param type what its value may be
 * @param defaultText what holds where the item is not set, in the form of the file
 * @param newFileText what a newly created options file says; differs from the default where the operator has to decide
 * @param user which program reads it
 * @param description one or two lines for the operator
 */
public record Item(String name, ItemType type, String defaultText, String newFileText, User user, String description) {
    /** The longest name an item may have: shorter than a key, so that a stray key is never shown as an unknown item. */
    public static final int MAX_NAME_CHARS = 40;

    /** Which program reads an item; {@code LEGACY} ones are accepted without effect. */
    public enum User {
        SERVER,
        CLIENT,
        BOTH,
        RELAY,
        LEGACY
    }

    public Item {
        if (!isName(name)) {
            throw new IllegalArgumentException("not the name of an item: " + name);
        }
    }

    /** Whether a text could be the name of an item: upper-case letters, digits and underscores. */
    static boolean isName(String text) {
        return text.length() <= MAX_NAME_CHARS && text.matches("[A-Z][A-Z0-9_]*");
    }
}
