/**
 * Synthetic raw data: an ellipse phantom seen by a birdcage coil.
 *
 * <p>In: {@link recon.mrd.phantom.PhantomOptions}. Out: an ISMRMRD file. Imports format, file, and the Fourier transform
 * of recon.
 */
package recon.mrd.phantom;
