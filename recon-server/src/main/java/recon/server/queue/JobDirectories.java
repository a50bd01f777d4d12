package recon.server.queue;

import java.nio.file.Path;

/**
 * Where a job's files lie.
 *
 * @param inputs the submitted files; the job's own, deleted when it has ended
 * @param outputs the script's results
 * @param outputsAreOwn false if {@code outputs} is a directory of all jobs, which stays as it is
 * @param log what the script prints
 */
public record JobDirectories(Path inputs, Path outputs, boolean outputsAreOwn, Path log) {}
