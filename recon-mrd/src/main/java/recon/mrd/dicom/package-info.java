/**
 * DICOM Part-10 files in and out, and MR Image Storage instances made of reconstructed images. In: paths, {@code
 * ReconImage} and {@code MrdHeader}. Out: data sets and files. Never imports preview, file, wire or phantom.
 */
package recon.mrd.dicom;
