/**
 * DICOM Part-10 files in and out, MR Image Storage instances made of reconstructed images, and the way between DICOM and
 * ISMRMRD images, both directions. In: paths, {@code ReconImage}, {@code ImageSeries} and {@code MrdHeader}. Out: data sets,
 * files and images. Never imports preview, file, wire or phantom.
 */
package recon.mrd.dicom;
