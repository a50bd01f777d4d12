package recon.common.job;

import java.util.Locale;

/** Which of two waiting jobs runs first. Jobs of one priority run in the order in which their uploads ended. */
public enum Priority {
    URGENT,
    NORMAL,
    LOW;

    /** The word used in options, on the wire and for people. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such priority; says which there are */
    public static Priority parse(String word) {
        for (Priority priority : values()) {
            if (priority.word().equals(word)) {
                return priority;
            }
        }
        throw new IllegalArgumentException(
                "no priority \"" + PeerText.oneLine(word) + "\"; there are urgent, normal and low");
    }

    /** This priority, or the cap where this is more urgent. */
    public Priority atMost(Priority cap) {
        return compareTo(cap) < 0 ? cap : this;
    }
}
