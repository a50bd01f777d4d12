package recon.mrd.format;

import java.util.Arrays;

/**
 * What was recorded beside the readouts: an ECG, a pulse, a pilot tone. The values are not copied; nobody writes to them
 * afterwards.
 *
 * @param data unsigned 32-bit values as bit patterns; sample fastest, then channel
 */
@SuppressWarnings("ArrayRecordComponent")
public record Waveform(WaveformHeader head, int[] data) implements MrdItem {
    public Waveform {
        if (data.length != head.dataLength()) {
            throw new IllegalArgumentException("a waveform of " + data.length + " values where "
                    + head.numberOfSamples() + " samples of " + head.channels() + " channels belong");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Waveform that && head.equals(that.head) && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * head.hashCode() + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "Waveform[" + head + "]";
    }
}
