/**
 * From an accepted connection to a queued job. In: {@code Connection}. Out: {@code QueuedJob}, or the answer to a query.
 * Never imports work, script or delivery.
 */
package recon.server.intake;
