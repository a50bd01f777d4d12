/**
 * Listeners, the connections they accept, and who gets a place among them. In: the settings of a port. Out: connections
 * with limits in number and time. Knows nothing of messages or jobs; imports lifecycle only.
 */
package recon.common.net;
