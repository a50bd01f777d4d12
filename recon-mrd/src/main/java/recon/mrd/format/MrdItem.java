package recon.mrd.format;

/** What a stream or a file of ISMRMRD holds besides its header: raw data, images, and what was recorded beside them. */
public sealed interface MrdItem permits Acquisition, Image, Waveform {}
