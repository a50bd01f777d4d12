/**
 * The one hand-off between threads, and the record of every job. In: whole jobs from intake. Out: one job at a time to a
 * worker. Imports nothing else of the server.
 */
package recon.server.queue;
