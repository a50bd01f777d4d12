/** What the relay makes of its servers' answers. */
package recon.relay.forward;
