package recon.mrd.format;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collections;
import java.util.List;

/**
 * Builds an {@link AcquisitionHeader}. Starts with version 1, the directions along the patient's axes, and 0 elsewhere;
 * {@link #build()} checks every field.
 */
public final class AcquisitionHeaderBuilder {
    private int version = 1;
    private long flags;
    private long measurementUid;
    private long scanCounter;
    private long acquisitionTimeStamp;
    private List<Long> physiologyTimeStamp = List.of(0L, 0L, 0L);
    private int numberOfSamples;
    private int availableChannels;
    private int activeChannels;
    private List<Long> channelMask = Collections.nCopies(AcquisitionHeader.CHANNEL_MASK_WORDS, 0L);
    private int discardPre;
    private int discardPost;
    private int centerSample;
    private int encodingSpaceRef;
    private int trajectoryDimensions;
    private float sampleTimeUs;
    private Vector3 positionMm = Vector3.ZERO;
    private Vector3 readDirection = new Vector3(1, 0, 0);
    private Vector3 phaseDirection = new Vector3(0, 1, 0);
    private Vector3 sliceDirection = new Vector3(0, 0, 1);
    private Vector3 patientTablePositionMm = Vector3.ZERO;
    private EncodingCounters idx = EncodingCounters.ZERO;
    private List<Integer> userInt = Collections.nCopies(AcquisitionHeader.USER_COUNT, 0);
    private List<Float> userFloat = Collections.nCopies(AcquisitionHeader.USER_COUNT, 0f);

    AcquisitionHeaderBuilder() {}

    AcquisitionHeaderBuilder(AcquisitionHeader from) {
        version = from.version();
        flags = from.flags();
        measurementUid = from.measurementUid();
        scanCounter = from.scanCounter();
        acquisitionTimeStamp = from.acquisitionTimeStamp();
        physiologyTimeStamp = from.physiologyTimeStamp();
        numberOfSamples = from.numberOfSamples();
        availableChannels = from.availableChannels();
        activeChannels = from.activeChannels();
        channelMask = from.channelMask();
        discardPre = from.discardPre();
        discardPost = from.discardPost();
        centerSample = from.centerSample();
        encodingSpaceRef = from.encodingSpaceRef();
        trajectoryDimensions = from.trajectoryDimensions();
        sampleTimeUs = from.sampleTimeUs();
        positionMm = from.positionMm();
        readDirection = from.readDirection();
        phaseDirection = from.phaseDirection();
        sliceDirection = from.sliceDirection();
        patientTablePositionMm = from.patientTablePositionMm();
        idx = from.idx();
        userInt = from.userInt();
        userFloat = from.userFloat();
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder version(int value) {
        version = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder flags(long value) {
        flags = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder measurementUid(long value) {
        measurementUid = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder scanCounter(long value) {
        scanCounter = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder acquisitionTimeStamp(long value) {
        acquisitionTimeStamp = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder physiologyTimeStamp(List<Long> value) {
        physiologyTimeStamp = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder numberOfSamples(int value) {
        numberOfSamples = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder availableChannels(int value) {
        availableChannels = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder activeChannels(int value) {
        activeChannels = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder channelMask(List<Long> value) {
        channelMask = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder discardPre(int value) {
        discardPre = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder discardPost(int value) {
        discardPost = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder centerSample(int value) {
        centerSample = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder encodingSpaceRef(int value) {
        encodingSpaceRef = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder trajectoryDimensions(int value) {
        trajectoryDimensions = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder sampleTimeUs(float value) {
        sampleTimeUs = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder positionMm(Vector3 value) {
        positionMm = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder readDirection(Vector3 value) {
        readDirection = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder phaseDirection(Vector3 value) {
        phaseDirection = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder sliceDirection(Vector3 value) {
        sliceDirection = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder patientTablePositionMm(Vector3 value) {
        patientTablePositionMm = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder idx(EncodingCounters value) {
        idx = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder userInt(List<Integer> value) {
        userInt = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder userFloat(List<Float> value) {
        userFloat = value;
        return this;
    }

    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder flags(AcquisitionFlag... values) {
        return flags(AcquisitionFlag.maskOf(values));
    }

    /** Sets the number of channels available and active. */
    @CanIgnoreReturnValue
    public AcquisitionHeaderBuilder channels(int count) {
        return availableChannels(count).activeChannels(count);
    }

    public AcquisitionHeader build() {
        return new AcquisitionHeader(
                version,
                flags,
                measurementUid,
                scanCounter,
                acquisitionTimeStamp,
                physiologyTimeStamp,
                numberOfSamples,
                availableChannels,
                activeChannels,
                channelMask,
                discardPre,
                discardPost,
                centerSample,
                encodingSpaceRef,
                trajectoryDimensions,
                sampleTimeUs,
                positionMm,
                readDirection,
                phaseDirection,
                sliceDirection,
                patientTablePositionMm,
                idx,
                userInt,
                userFloat);
    }
}
