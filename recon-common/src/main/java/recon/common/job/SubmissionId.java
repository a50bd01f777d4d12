package recon.common.job;

import java.util.UUID;

/**
 * Names one submission: a UUID that the client makes. Sent again, it is the same submission, so that a client which lost
 * its connection learns what became of its job, and never queues it twice.
 */
public record SubmissionId(UUID value) {
    public static SubmissionId random() {
        return new SubmissionId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is not the 36 characters of a UUID */
    public static SubmissionId parse(String text) {
        return new SubmissionId(Uuids.parse("submission id", text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
