package recon.common.job;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a job is in its life. */
public enum JobState {
    /** Its files are coming in. Nothing is promised yet. */
    RECEIVING,
    /** It is whole and on the disk, and waits for a worker. */
    QUEUED,
    /** Its script runs. */
    RUNNING,
    /** Its results wait for a client, or are on their way to one. */
    DELIVERING,
    /** A client has confirmed every result. */
    DELIVERED,
    FAILED,
    CANCELLED,
    /** Nobody fetched its results in time, and they were removed. */
    EXPIRED;

    /** The word used on the wire and shown to people. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such state */
    public static JobState parse(String word) {
        for (JobState state : values()) {
            if (state.word().equals(word)) {
                return state;
            }
        }
        throw new IllegalArgumentException("no state of a job: \"" + PeerText.oneLine(word) + "\"; there are "
                + Stream.of(values()).map(JobState::word).collect(Collectors.joining(", ")));
    }

    /** Whether nothing more happens to such a job by itself. */
    public boolean isEnded() {
        return compareTo(DELIVERED) >= 0;
    }
}
