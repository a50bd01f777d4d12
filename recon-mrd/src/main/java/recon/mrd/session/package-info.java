/**
 * Conversations of the MRD streaming protocol, from the first message to the last.
 *
 * <p>In: two streams of bytes. Out: what a {@link recon.mrd.recon.ReconModule} makes of them. Imports format, file,
 * wire and recon; knows no socket.
 */
package recon.mrd.session;
