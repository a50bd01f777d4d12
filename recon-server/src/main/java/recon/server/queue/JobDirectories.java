package recon.server.queue;

import java.nio.file.Path;

/**
 * Where a job's files lie.
 *
 * @param inputs the submitted files; the job's own, deleted when it has ended
 * @param outputs the results; the job's own
 * @param scriptOutputs where the script writes: {@code outputs}, or a directory of all jobs from which the results are
 *     copied
 * @param log what the script prints
 */
public record JobDirectories(Path inputs, Path outputs, Path scriptOutputs, Path log) {
    public boolean scriptOutputsAreShared() {
        return !scriptOutputs.equals(outputs);
    }
}
