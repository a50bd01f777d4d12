/** One client's conversation, passed on. In: a client's connection. Out: what its server says. */
package recon.relay.forward;
