package recon.server.queue;

import recon.common.job.ResultPath;
import recon.common.job.Sha256;

/**
 * A file of a job as it was when it was whole.
 *
 * @param path below the directory of the job's inputs, or of its results
 * @param size in bytes
 */
public record StoredFile(ResultPath path, long size, Sha256 sha256) {}
