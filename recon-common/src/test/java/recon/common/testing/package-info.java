/** What several tests share: fixed keys, times and random numbers, and pairs of connected sockets. */
package recon.common.testing;
