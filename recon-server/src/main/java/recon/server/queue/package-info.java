/**
 * The durable record of every job, its files on the disk, and the one hand-off between threads. In: whole jobs from intake.
 * Out: one job at a time to a worker, ended ones to delivery. Imports nothing else of the server.
 */
package recon.server.queue;
