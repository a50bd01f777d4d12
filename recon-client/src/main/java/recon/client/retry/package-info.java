/**
 * What outlasts one connection: an exchange that can be taken up again, and the pauses between attempts. Imports wire
 * and job.
 */
package recon.client.retry;
