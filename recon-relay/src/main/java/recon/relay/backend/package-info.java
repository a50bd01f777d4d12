/**
 * The servers behind the relay. In: their addresses and key. Out: conversations with them, which of them are healthy and
 * have least to do, and which of them has a job. Never imports forward.
 */
package recon.relay.backend;
