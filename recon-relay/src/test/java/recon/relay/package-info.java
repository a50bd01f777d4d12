/** The relay between real servers, as processes of their own, and the client's own code. */
package recon.relay;
