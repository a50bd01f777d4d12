package recon.common.job;

import java.util.UUID;

/** Names one job: a UUID, in lower case with hyphens. Safe as part of a directory name. */
public record JobId(UUID value) {
    /** As text. */
    public static final int CHARS = 36;

    public static JobId random() {
        return new JobId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is not the 36 characters of a UUID */
    public static JobId parse(String text) {
        return new JobId(Uuids.parse("job id", text));
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
