package recon.common.job;

import java.util.Locale;
import java.util.UUID;

/** Names one job: a UUID, in lower case with hyphens. Safe as part of a directory name. */
public record JobId(UUID value) {
    public static JobId random() {
        return new JobId(UUID.randomUUID());
    }

    /**
     * Parses the 36 characters of a UUID.
     *
     * @throws IllegalArgumentException if the text is anything else; shorter forms that {@link UUID} takes are refused
     */
    public static JobId parse(String text) {
        try {
            UUID value = UUID.fromString(text);
            if (value.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return new JobId(value);
            }
        } catch (IllegalArgumentException notAUuid) {
            // Reported below, in the same words.
        }
        throw new IllegalArgumentException(
                "not a job id (a UUID of 36 characters): \"" + PeerText.oneLine(text) + "\"");
    }

    /** The directory of the job's input files, below the server's base directory. */
    public String inputDirectoryName() {
        return "job_" + value + "_input";
    }

    /** The directory of the job's results, below the server's output directory. */
    public String outputDirectoryName() {
        return "job_" + value + "_output";
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
