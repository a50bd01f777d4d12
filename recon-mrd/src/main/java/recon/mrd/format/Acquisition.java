package recon.mrd.format;

import java.util.Arrays;

/**
 * One readout of all channels. The arrays are not copied, for they are the bulk of a data set: whoever makes an
 * acquisition hands them over, and nobody writes to them afterwards.
 *
 * @param trajectory dimension fastest, then sample: {@code numberOfSamples * trajectoryDimensions} values
 * @param data re/im fastest, then sample, then channel: {@code 2 * numberOfSamples * activeChannels} values
 */
@SuppressWarnings("ArrayRecordComponent")
public record Acquisition(AcquisitionHeader head, float[] trajectory, float[] data) implements MrdItem {
    public Acquisition {
        if (trajectory.length != head.trajectoryLength()) {
            throw new IllegalArgumentException("trajectory of " + trajectory.length + " values where "
                    + head.numberOfSamples() + " samples of " + head.trajectoryDimensions() + " dimensions belong");
        }
        if (data.length != head.dataLength()) {
            throw new IllegalArgumentException("data of " + data.length + " values where " + head.numberOfSamples()
                    + " complex samples of " + head.activeChannels() + " channels belong");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Acquisition that
                && head.equals(that.head)
                && Arrays.equals(trajectory, that.trajectory)
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * head.hashCode() + Arrays.hashCode(trajectory)) + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "Acquisition[" + head + "]";
    }
}
