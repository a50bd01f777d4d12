/** What the relay remembers, without a server. */
package recon.relay.backend;
