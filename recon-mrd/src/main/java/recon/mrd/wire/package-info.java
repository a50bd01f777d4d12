/**
 * The MRD streaming protocol: messages of ISMRMRD over TCP or a pipe.
 *
 * <p>In: bytes. Out: {@link recon.mrd.wire.MrdMessage}, and back. Little-endian throughout. Imports format only.
 */
package recon.mrd.wire;
