package recon.common.crypto;

/**
 * Whom a key belongs to.
 *
 * @param name in status, audit and logs
 * @param operator may see, fetch and cancel the jobs of others too
 * @param relay stands between others and this program, and is believed whom it speaks for
 */
public record KeyOwner(String name, boolean operator, boolean relay) {
    /** Whoever has a SHARED_KEY: these clients cannot be told apart. */
    public static final KeyOwner SHARED = new KeyOwner("shared", false);

    /** Whoever has the key for administration. */
    public static final KeyOwner ADMIN = new KeyOwner("admin", true);

    public KeyOwner(String name, boolean operator) {
        this(name, operator, false);
    }

    /** Who somebody with this key is, in history and log: {@code NAME@ADDRESS}, or the address alone of a shared key. */
    public String at(String address) {
        return name.equals(SHARED.name) ? address : name + "@" + address;
    }

    /** Whether a job that belongs to somebody of that name may be seen, fetched and cancelled. */
    public boolean mayUse(String jobOwner) {
        return operator || name.equals(jobOwner);
    }
}
