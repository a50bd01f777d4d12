/**
 * From k-space to images.
 *
 * <p>In: acquisitions of a file. Out: {@link recon.mrd.recon.ReconImage}. Imports format and file, never dicom.
 */
package recon.mrd.recon;
