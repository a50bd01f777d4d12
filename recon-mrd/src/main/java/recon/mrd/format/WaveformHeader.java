package recon.mrd.format;

/**
 * What is known about one piece of a waveform: the 40-byte header of ISMRMRD.
 *
 * @param flags a bit pattern
 * @param timeStamp in ticks of 2.5 ms since midnight
 * @param numberOfSamples per channel
 * @param sampleTimeUs from one sample to the next
 * @param waveformId 0 ECG, 1 pulse, 2 respiration, 3 and 4 external, 12 respiration by pilot tone; the site's own from 1024
 */
public record WaveformHeader(
        int version,
        long flags,
        long measurementUid,
        long scanCounter,
        long timeStamp,
        int numberOfSamples,
        int channels,
        float sampleTimeUs,
        int waveformId) {
    public WaveformHeader {
        Unsigned.check16("version", version);
        Unsigned.check32("measurement_uid", measurementUid);
        Unsigned.check32("scan_counter", scanCounter);
        Unsigned.check32("time_stamp", timeStamp);
        Unsigned.check16("number_of_samples", numberOfSamples);
        Unsigned.check16("channels", channels);
        Unsigned.check16("waveform_id", waveformId);
    }

    /** Values of all channels. */
    public long dataLength() {
        return (long) numberOfSamples * channels;
    }
}
