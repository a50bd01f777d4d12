/**
 * From k-space to images.
 *
 * <p>In: acquisitions of a file, or a {@link recon.mrd.recon.ReconSession}. Out: {@link recon.mrd.recon.ReconImage}, or the
 * images that a {@link recon.mrd.recon.ReconModule} sends. Imports format, file and draw, never wire or dicom.
 */
package recon.mrd.recon;
