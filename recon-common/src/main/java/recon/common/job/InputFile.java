package recon.common.job;

/**
 * One file that a client offers with a job.
 *
 * @param name its name in the job's input directory
 * @param originalPath where it lies on the client, verbatim; the server sends it back to ask for the file and never
 *     opens it
 */
public record InputFile(FileName name, String originalPath) {}
