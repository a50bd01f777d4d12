package recon.server.script;

import java.io.IOException;

/** The site's reconstruction program. */
public interface ReconScript {
    /**
     * Runs to completion in the calling thread. A script that fails, or that cannot be started, is an outcome.
     *
     * @throws IOException if the server's own part fails: the log or the options file cannot be written
     * @throws InterruptedException if the job was cancelled by interrupting the calling thread; every process of the
     *     job has been ended by then. A second interrupt cuts the grace short that the first one gives the script.
     */
    ScriptOutcome run(ScriptRun run) throws IOException, InterruptedException;
}
