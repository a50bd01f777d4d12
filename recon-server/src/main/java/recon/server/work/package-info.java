/**
 * Runs queued jobs, a bounded number at a time. In: {@code QueuedJob}s from the queue. Out: results to their clients, by
 * way of script and delivery. Never imports intake.
 */
package recon.server.work;
