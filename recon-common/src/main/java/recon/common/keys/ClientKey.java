package recon.common.keys;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.OwnedKey;
import recon.common.crypto.SharedKey;
import recon.common.job.JobChange;

/**
 * The key of one client.
 *
 * @param owner whose name is valid
 */
public record ClientKey(KeyOwner owner, SharedKey key) {
    public static final int MAX_NAME_CHARS = 64;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

    /** They stand for others in history and log. */
    private static final Set<String> RESERVED = Set.of(KeyOwner.SHARED.name(), JobChange.SERVER, KeyOwner.ADMIN.name());

    /** What is wrong with a client's name, in words that do not repeat it: it may be a stray key. */
    public static Optional<String> problemOfName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS) {
            return Optional.of(
                    "a client's name has 1 to " + MAX_NAME_CHARS + " characters; this one has " + name.length());
        }
        if (!NAME.matcher(name).matches()) {
            return Optional.of("a client's name holds only the letters A-Z and a-z, digits, '.', '_' and '-'");
        }
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            return Optional.of("the names \"shared\", \"server\" and \"admin\" are reserved; choose another");
        }
        return Optional.empty();
    }

    public String name() {
        return owner.name();
    }

    OwnedKey owned() {
        return new OwnedKey(owner, key);
    }

    boolean isNamed(String name) {
        return owner.name().equalsIgnoreCase(name);
    }

    /** Whether nothing has changed: neither name nor rights nor key. */
    boolean isSameAs(ClientKey other) {
        return owner.equals(other.owner) && key.text().equals(other.key.text());
    }
}
