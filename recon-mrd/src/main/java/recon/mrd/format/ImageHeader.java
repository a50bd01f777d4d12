package recon.mrd.format;

import java.util.List;

/**
 * What is known about one image: the 198-byte header of ISMRMRD. Unsigned fields of 16 bits are {@code int}, of 32 bits
 * {@code long}; {@code flags} is a bit pattern.
 *
 * @param columns matrix size in x
 * @param rows matrix size in y
 * @param slices matrix size in z: 1 unless the image is a volume
 * @param fieldOfViewMm of the whole matrix
 * @param channels coils, or the colours of an RGB image
 * @param positionMm centre of the image
 * @param acquisitionTimeStamp in ticks of 2.5 ms since midnight
 * @param physiologyTimeStamp three of them, in ticks of 2.5 ms since a trigger
 * @param imageType one of {@link ImageType}, or another number
 * @param userInt eight values
 * @param userFloat eight values
 * @param attributeBytes what the sender says of the attributes' length; the length that counts is sent beside them
 */
public record ImageHeader(
        int version,
        PixelType pixelType,
        long flags,
        long measurementUid,
        int columns,
        int rows,
        int slices,
        Vector3 fieldOfViewMm,
        int channels,
        Vector3 positionMm,
        Vector3 readDirection,
        Vector3 phaseDirection,
        Vector3 sliceDirection,
        Vector3 patientTablePositionMm,
        int average,
        int slice,
        int contrast,
        int phase,
        int repetition,
        int set,
        long acquisitionTimeStamp,
        List<Long> physiologyTimeStamp,
        int imageType,
        int imageIndex,
        int imageSeriesIndex,
        List<Integer> userInt,
        List<Float> userFloat,
        long attributeBytes) {

    public ImageHeader {
        Unsigned.check16("version", version);
        Unsigned.check32("measurement_uid", measurementUid);
        Unsigned.check16("matrix_size x", columns);
        Unsigned.check16("matrix_size y", rows);
        Unsigned.check16("matrix_size z", slices);
        Unsigned.check16("channels", channels);
        Unsigned.check16("average", average);
        Unsigned.check16("slice", slice);
        Unsigned.check16("contrast", contrast);
        Unsigned.check16("phase", phase);
        Unsigned.check16("repetition", repetition);
        Unsigned.check16("set", set);
        Unsigned.check32("acquisition_time_stamp", acquisitionTimeStamp);
        physiologyTimeStamp =
                Unsigned.copyOf("physiology_time_stamp", physiologyTimeStamp, AcquisitionHeader.PHYSIOLOGY_COUNT);
        for (long ticks : physiologyTimeStamp) {
            Unsigned.check32("physiology_time_stamp", ticks);
        }
        Unsigned.check16("image_type", imageType);
        Unsigned.check16("image_index", imageIndex);
        Unsigned.check16("image_series_index", imageSeriesIndex);
        userInt = Unsigned.copyOf("user_int", userInt, AcquisitionHeader.USER_COUNT);
        userFloat = Unsigned.copyOf("user_float", userFloat, AcquisitionHeader.USER_COUNT);
        Unsigned.check32("attribute_string_len", attributeBytes);
    }

    /** Pixels of all channels and slices: less than 2 to the power of 64, which may be more than a {@code long} holds. */
    public double pixels() {
        return (double) columns * rows * slices * channels;
    }

    /** Whether the channels are red, green and blue. */
    public boolean isColour() {
        return imageType == ImageType.RGB && channels == 3;
    }

    /** Pictures in the image: one for each slice and channel, but one for all channels of a colour image. */
    public int planes() {
        return isColour() ? slices : Math.multiplyExact(slices, channels);
    }

    /** A header for an image made from this readout: its counters, times, place and user values; all else is 0. */
    public static ImageHeaderBuilder from(AcquisitionHeader head) {
        EncodingCounters idx = head.idx();
        return builder()
                .version(head.version())
                .measurementUid(head.measurementUid())
                .positionMm(head.positionMm())
                .readDirection(head.readDirection())
                .phaseDirection(head.phaseDirection())
                .sliceDirection(head.sliceDirection())
                .patientTablePositionMm(head.patientTablePositionMm())
                .average(idx.average())
                .slice(idx.slice())
                .contrast(idx.contrast())
                .phase(idx.phase())
                .repetition(idx.repetition())
                .set(idx.set())
                .acquisitionTimeStamp(head.acquisitionTimeStamp())
                .physiologyTimeStamp(head.physiologyTimeStamp())
                .userInt(head.userInt())
                .userFloat(head.userFloat());
    }

    public static ImageHeaderBuilder builder() {
        return new ImageHeaderBuilder();
    }

    /** A builder that starts with this header's values. */
    public ImageHeaderBuilder toBuilder() {
        return new ImageHeaderBuilder(this);
    }
}
