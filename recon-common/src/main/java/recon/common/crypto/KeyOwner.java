package recon.common.crypto;

/**
 * Whom a key belongs to.
 *
 * @param name in status, audit and logs
 * @param operator may see, fetch and cancel the jobs of others too
 */
public record KeyOwner(String name, boolean operator) {
    /** Whoever has a SHARED_KEY: these clients cannot be told apart. */
    public static final KeyOwner SHARED = new KeyOwner("shared", false);

    /** Whether a job that belongs to somebody of that name may be seen, fetched and cancelled. */
    public boolean mayUse(String jobOwner) {
        return operator || name.equals(jobOwner);
    }
}
