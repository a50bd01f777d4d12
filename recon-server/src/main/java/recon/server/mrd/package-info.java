/**
 * MRD streaming as a part of the server, or by itself.
 *
 * <p>In: connections of MRD clients. Out: sessions of {@link recon.mrd.session.MrdSession}. Knows nothing
 * of jobs; imports script for the programs of a site that are modules.
 */
package recon.server.mrd;
