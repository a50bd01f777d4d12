package recon.common.wire;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** Which transports a side uses: {@code TRANSPORT} of a client, {@code TRANSPORTS} of a server. */
public enum TransportChoice {
    /** TLS where the other side knows it and it is worth it, else Fernet. */
    AUTO,
    /** Version 2 only. */
    TLS,
    /** Version 1 only. */
    FERNET;

    /**
     * What a server accepts: {@code tls}, {@code fernet}, or both with a comma between them.
     *
     * @throws IllegalArgumentException if the text says anything else
     */
    public static TransportChoice accepted(String commaList) {
        Set<String> words = new LinkedHashSet<>();
        for (String word : commaList.split(",", -1)) {
            words.add(word.strip().toLowerCase(Locale.ROOT));
        }
        words.remove("");
        if (words.equals(Set.of("tls", "fernet"))) {
            return AUTO;
        }
        if (words.equals(Set.of("tls"))) {
            return TLS;
        }
        if (words.equals(Set.of("fernet"))) {
            return FERNET;
        }
        throw new IllegalArgumentException(
                "\"" + commaList + "\" is no list of transports; write tls, fernet, or tls,fernet");
    }
}
