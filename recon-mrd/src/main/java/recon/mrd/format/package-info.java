/**
 * What an ISMRMRD data set is made of, as immutable records, and the bytes of its headers.
 *
 * <p>In: XML text and packed little-endian headers. Out: {@link recon.mrd.format.MrdHeader}, {@link
 * recon.mrd.format.Acquisition}. Knows no file and no socket; imports no other package of this project.
 */
package recon.mrd.format;
