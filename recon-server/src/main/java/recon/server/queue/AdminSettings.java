package recon.server.queue;

/**
 * What administrators have set, which holds over restarts until they undo it.
 *
 * @param draining whether no new jobs are taken
 * @param maxJobs how many jobs may run at once, in place of the number in the options; 0 if that holds
 * @param insteadOf the number that was in the options then; 0 if {@code maxJobs} is
 */
public record AdminSettings(boolean draining, int maxJobs, int insteadOf) {
    public static final AdminSettings NONE = new AdminSettings(false, 0, 0);

    /** @param configured the number in the options now: one that was changed since is newer, and holds */
    public int maxJobs(int configured) {
        return maxJobs > 0 && insteadOf == configured ? maxJobs : configured;
    }
}
