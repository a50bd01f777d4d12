/**
 * From an ended job to the clients that ask for it. In: a channel and a job's id. Out: files on the client's side, and the
 * record that they are there. Never imports intake, work or script.
 */
package recon.server.delivery;
