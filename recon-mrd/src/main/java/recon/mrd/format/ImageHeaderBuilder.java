package recon.mrd.format;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collections;
import java.util.List;

/**
 * Builds an {@link ImageHeader}. Starts with version 1, one pixel of 16 bits, the directions along the patient's axes, and
 * 0 elsewhere; {@link #build()} checks every field.
 */
public final class ImageHeaderBuilder {
    private int version = 1;
    private PixelType pixelType = PixelType.I16;
    private long flags;
    private long measurementUid;
    private int columns = 1;
    private int rows = 1;
    private int slices = 1;
    private Vector3 fieldOfViewMm = Vector3.ZERO;
    private int channels = 1;
    private Vector3 positionMm = Vector3.ZERO;
    private Vector3 readDirection = new Vector3(1, 0, 0);
    private Vector3 phaseDirection = new Vector3(0, 1, 0);
    private Vector3 sliceDirection = new Vector3(0, 0, 1);
    private Vector3 patientTablePositionMm = Vector3.ZERO;
    private int average;
    private int slice;
    private int contrast;
    private int phase;
    private int repetition;
    private int set;
    private long acquisitionTimeStamp;
    private List<Long> physiologyTimeStamp = List.of(0L, 0L, 0L);
    private int imageType;
    private int imageIndex;
    private int imageSeriesIndex;
    private List<Integer> userInt = Collections.nCopies(AcquisitionHeader.USER_COUNT, 0);
    private List<Float> userFloat = Collections.nCopies(AcquisitionHeader.USER_COUNT, 0f);
    private long attributeBytes;

    ImageHeaderBuilder() {}

    ImageHeaderBuilder(ImageHeader from) {
        version = from.version();
        pixelType = from.pixelType();
        flags = from.flags();
        measurementUid = from.measurementUid();
        columns = from.columns();
        rows = from.rows();
        slices = from.slices();
        fieldOfViewMm = from.fieldOfViewMm();
        channels = from.channels();
        positionMm = from.positionMm();
        readDirection = from.readDirection();
        phaseDirection = from.phaseDirection();
        sliceDirection = from.sliceDirection();
        patientTablePositionMm = from.patientTablePositionMm();
        average = from.average();
        slice = from.slice();
        contrast = from.contrast();
        phase = from.phase();
        repetition = from.repetition();
        set = from.set();
        acquisitionTimeStamp = from.acquisitionTimeStamp();
        physiologyTimeStamp = from.physiologyTimeStamp();
        imageType = from.imageType();
        imageIndex = from.imageIndex();
        imageSeriesIndex = from.imageSeriesIndex();
        userInt = from.userInt();
        userFloat = from.userFloat();
        attributeBytes = from.attributeBytes();
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder version(int value) {
        version = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder pixelType(PixelType value) {
        pixelType = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder flags(long value) {
        flags = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder measurementUid(long value) {
        measurementUid = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder fieldOfViewMm(Vector3 value) {
        fieldOfViewMm = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder channels(int value) {
        channels = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder positionMm(Vector3 value) {
        positionMm = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder readDirection(Vector3 value) {
        readDirection = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder phaseDirection(Vector3 value) {
        phaseDirection = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder sliceDirection(Vector3 value) {
        sliceDirection = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder patientTablePositionMm(Vector3 value) {
        patientTablePositionMm = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder average(int value) {
        average = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder slice(int value) {
        slice = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder contrast(int value) {
        contrast = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder phase(int value) {
        phase = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder repetition(int value) {
        repetition = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder set(int value) {
        set = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder acquisitionTimeStamp(long value) {
        acquisitionTimeStamp = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder physiologyTimeStamp(List<Long> value) {
        physiologyTimeStamp = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder imageType(int value) {
        imageType = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder imageIndex(int value) {
        imageIndex = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder imageSeriesIndex(int value) {
        imageSeriesIndex = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder userInt(List<Integer> value) {
        userInt = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder userFloat(List<Float> value) {
        userFloat = value;
        return this;
    }

    @CanIgnoreReturnValue
    public ImageHeaderBuilder attributeBytes(long value) {
        attributeBytes = value;
        return this;
    }

    /** The matrix, in pixels. */
    @CanIgnoreReturnValue
    public ImageHeaderBuilder matrix(int x, int y, int z) {
        columns = x;
        rows = y;
        slices = z;
        return this;
    }

    /** @throws IllegalArgumentException if a field is out of its range; names it */
    public ImageHeader build() {
        return new ImageHeader(
                version,
                pixelType,
                flags,
                measurementUid,
                columns,
                rows,
                slices,
                fieldOfViewMm,
                channels,
                positionMm,
                readDirection,
                phaseDirection,
                sliceDirection,
                patientTablePositionMm,
                average,
                slice,
                contrast,
                phase,
                repetition,
                set,
                acquisitionTimeStamp,
                physiologyTimeStamp,
                imageType,
                imageIndex,
                imageSeriesIndex,
                userInt,
                userFloat,
                attributeBytes);
    }
}
