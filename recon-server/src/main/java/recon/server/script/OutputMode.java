package recon.server.script;

/** Where the script puts its results ({@code RECON_OUTPUT_MODE}). */
public enum OutputMode {
    /** In a directory of the job's own, named to the script as {@code --output-dir}. */
    JOB,
    /** In the general output directory, which the script knows by itself: it gets no {@code --output-dir}. */
    SHARED
}
