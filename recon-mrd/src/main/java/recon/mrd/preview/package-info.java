/** From a folder of DICOM files to one picture that shows them. In: a folder. Out: a PNG. Imports only dicom and draw. */
package recon.mrd.preview;
