/**
 * Addresses, listeners and the permits that bound them. In: the settings of a port. Out: accepted sockets. Knows nothing of
 * messages or jobs.
 */
package recon.common.net;
