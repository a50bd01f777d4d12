/**
 * ISMRMRD data sets in HDF5 files.
 *
 * <p>In: a path. Out: texts and {@link recon.mrd.format.MrdItem}s, and back. Reading finds the parts with jHDF and
 * decodes the records itself; writing and adding to files is this package's own, for exactly this layout.
 * Section numbers are those of the HDF5 File Format Specification, version 3.0. Imports format only.
 */
package recon.mrd.file;
