/**
 * From an accepted socket to its last answer. In: Connection. Out: jobs in the store and the queue; everything else that a
 * client asks for is left to queue, delivery and status. Never imports work or script.
 */
package recon.server.intake;
