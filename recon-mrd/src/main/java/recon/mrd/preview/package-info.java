/**
 * From images to pictures that show them. In: a folder of DICOM files, or series of ISMRMRD images. Out: a PNG, or animated
 * GIFs. Imports only dicom, draw and format.
 */
package recon.mrd.preview;
