package recon.common.job;

import java.util.Locale;

/** Where a job is in its life. */
public enum JobState {
    RECEIVING,
    QUEUED,
    RUNNING,
    DELIVERING,
    DELIVERED,
    FAILED;

    /** The word used on the wire and shown to people. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
