package recon.server.script;

import java.nio.file.Path;
import recon.common.job.JobId;
import recon.common.job.ReconOptions;

/**
 * One run of the script. The paths become absolute, since the script runs in another directory than the server.
 *
 * @param inputs existing directory with the job's files; not to be changed
 * @param outputs existing directory for the results, and the script's working directory
 * @param log file for what the script prints; written anew, mode 0600
 */
public record ScriptRun(JobId job, Path inputs, Path outputs, Path log, ReconOptions options) {
    public ScriptRun {
        inputs = inputs.toAbsolutePath();
        outputs = outputs.toAbsolutePath();
        log = log.toAbsolutePath();
    }
}
