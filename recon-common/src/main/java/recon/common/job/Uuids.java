package recon.common.job;

import java.util.Locale;
import java.util.UUID;

/** Identifiers that peers send as text. */
final class Uuids {
    private Uuids() {}

    /**
     * Parses the 36 characters of a UUID.
     *
     * @param what the identifier is, for the error: "job id"
     * @throws IllegalArgumentException if the text is anything else; shorter forms that {@link UUID} takes are refused
     */
    static UUID parse(String what, String text) {
        try {
            UUID value = UUID.fromString(text);
            if (value.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return value;
            }
        } catch (IllegalArgumentException notAUuid) {
            // Reported below, in the same words.
        }
        throw new IllegalArgumentException(
                "not a " + what + " (a UUID of 36 characters): \"" + PeerText.oneLine(text) + "\"");
    }
}
