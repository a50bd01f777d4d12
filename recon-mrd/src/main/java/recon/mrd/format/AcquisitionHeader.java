package recon.mrd.format;

import java.util.List;

/**
 * What is known about one readout: the 340-byte header of ISMRMRD. Unsigned fields of 16 bits are {@code int}, of 32 bits
 * {@code long}; the 64-bit words ({@code flags}, {@code channelMask}) are bit patterns.
 *
 * @param acquisitionTimeStamp in ticks of 2.5 ms since midnight
 * @param physiologyTimeStamp three of them, in ticks of 2.5 ms since a trigger
 * @param numberOfSamples complex samples per channel, including those to discard
 * @param channelMask 16 words, one bit per channel
 * @param discardPre samples to ignore at the start
 * @param discardPost samples to ignore at the end
 * @param centerSample the sample at the centre of k-space
 * @param encodingSpaceRef index into {@link MrdHeader#encodings()}
 * @param sampleTimeUs dwell time
 * @param positionMm centre of the excited volume
 * @param userInt eight values
 * @param userFloat eight values
 */
public record AcquisitionHeader(
        int version,
        long flags,
        long measurementUid,
        long scanCounter,
        long acquisitionTimeStamp,
        List<Long> physiologyTimeStamp,
        int numberOfSamples,
        int availableChannels,
        int activeChannels,
        List<Long> channelMask,
        int discardPre,
        int discardPost,
        int centerSample,
        int encodingSpaceRef,
        int trajectoryDimensions,
        float sampleTimeUs,
        Vector3 positionMm,
        Vector3 readDirection,
        Vector3 phaseDirection,
        Vector3 sliceDirection,
        Vector3 patientTablePositionMm,
        EncodingCounters idx,
        List<Integer> userInt,
        List<Float> userFloat) {
    public static final int PHYSIOLOGY_COUNT = 3;
    public static final int CHANNEL_MASK_WORDS = 16;
    public static final int USER_COUNT = 8;

    public AcquisitionHeader {
        Unsigned.check16("version", version);
        Unsigned.check32("measurement_uid", measurementUid);
        Unsigned.check32("scan_counter", scanCounter);
        Unsigned.check32("acquisition_time_stamp", acquisitionTimeStamp);
        physiologyTimeStamp = Unsigned.copyOf("physiology_time_stamp", physiologyTimeStamp, PHYSIOLOGY_COUNT);
        for (long ticks : physiologyTimeStamp) {
            Unsigned.check32("physiology_time_stamp", ticks);
        }
        Unsigned.check16("number_of_samples", numberOfSamples);
        Unsigned.check16("available_channels", availableChannels);
        Unsigned.check16("active_channels", activeChannels);
        channelMask = Unsigned.copyOf("channel_mask", channelMask, CHANNEL_MASK_WORDS);
        Unsigned.check16("discard_pre", discardPre);
        Unsigned.check16("discard_post", discardPost);
        Unsigned.check16("center_sample", centerSample);
        Unsigned.check16("encoding_space_ref", encodingSpaceRef);
        Unsigned.check16("trajectory_dimensions", trajectoryDimensions);
        userInt = Unsigned.copyOf("user_int", userInt, USER_COUNT);
        userFloat = Unsigned.copyOf("user_float", userFloat, USER_COUNT);
    }

    public boolean has(AcquisitionFlag flag) {
        return (flags & flag.mask()) != 0;
    }

    /** Floats of the trajectory that belongs to this header: dimension fastest, then sample. */
    public int trajectoryLength() {
        return Math.multiplyExact(numberOfSamples, trajectoryDimensions);
    }

    /** Floats of the data that belong to this header: re/im fastest, then sample, then channel. */
    public long dataLength() {
        return 2L * numberOfSamples * activeChannels;
    }

    public static AcquisitionHeaderBuilder builder() {
        return new AcquisitionHeaderBuilder();
    }

    /** A builder that starts with this header's values. */
    public AcquisitionHeaderBuilder toBuilder() {
        return new AcquisitionHeaderBuilder(this);
    }
}
