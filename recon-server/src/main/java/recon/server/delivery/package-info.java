/**
 * Results to the client that waits for them. In: a job's results and its channel. Out: files on the client's side.
 * Never imports intake, queue, work or script.
 */
package recon.server.delivery;
