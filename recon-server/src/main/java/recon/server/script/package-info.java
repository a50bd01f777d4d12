/**
 * From a job's directories and options to the outcome of the site's reconstruction program. In: {@code ScriptRun}.
 * Out: {@code ScriptOutcome}, the job's log, and the list of result files. The script is a guest: it gets its own
 * session, time limit, log and output directory, and nothing it does or leaves behind holds the server.
 *
 * <p>Other programs of the site, such as its modules for MRD, run as {@code GuestProcess} with the same care.
 *
 * <p>Imports {@code recon.common.job} only; never intake, queue, work or delivery.
 */
package recon.server.script;
