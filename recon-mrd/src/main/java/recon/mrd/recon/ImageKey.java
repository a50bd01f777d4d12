package recon.mrd.recon;

import java.util.Comparator;
import java.util.Optional;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.MrdException;

/** What the readouts of one image have in common; ordered as the images of a series are. */
record ImageKey(int encoding, int set, int repetition, int phase, int contrast, int slice)
        implements Comparable<ImageKey> {
    /** Readouts with one of these do not sample the image. */
    private static final long NO_IMAGE_DATA = AcquisitionFlag.maskOf(
            AcquisitionFlag.NOISE_MEASUREMENT,
            AcquisitionFlag.PARALLEL_CALIBRATION,
            AcquisitionFlag.NAVIGATION_DATA,
            AcquisitionFlag.PHASE_CORRECTION_DATA,
            AcquisitionFlag.HP_FEEDBACK_DATA,
            AcquisitionFlag.DUMMY_SCAN_DATA,
            AcquisitionFlag.RT_FEEDBACK_DATA,
            AcquisitionFlag.SURFACE_COIL_CORRECTION_SCAN_DATA,
            AcquisitionFlag.PHASE_STABILIZATION_REFERENCE,
            AcquisitionFlag.PHASE_STABILIZATION);

    private static final long COMPRESSED = AcquisitionFlag.maskOf(
            AcquisitionFlag.COMPRESSION_1,
            AcquisitionFlag.COMPRESSION_2,
            AcquisitionFlag.COMPRESSION_3,
            AcquisitionFlag.COMPRESSION_4);

    private static final Comparator<ImageKey> ORDER = Comparator.comparingInt(ImageKey::encoding)
            .thenComparingInt(ImageKey::set)
            .thenComparingInt(ImageKey::repetition)
            .thenComparingInt(ImageKey::phase)
            .thenComparingInt(ImageKey::contrast)
            .thenComparingInt(ImageKey::slice);

    /**
     * The image that a readout belongs to; empty if it samples none.
     *
     * @param number of the readout in its file or session, for messages
     * @throws MrdException if it is compressed
     */
    static Optional<ImageKey> of(long number, AcquisitionHeader head) throws MrdException {
        if ((head.flags() & NO_IMAGE_DATA) != 0) {
            return Optional.empty();
        }
        if ((head.flags() & COMPRESSED) != 0) {
            throw new MrdException("acquisition " + number + " is compressed (flags 53 to 56), which is not supported");
        }
        EncodingCounters idx = head.idx();
        return Optional.of(new ImageKey(
                head.encodingSpaceRef(), idx.set(), idx.repetition(), idx.phase(), idx.contrast(), idx.slice()));
    }

    /** {@code image slice 0}, and the other counters where they are not 0. */
    @Override
    public String toString() {
        return "image slice " + slice
                + unlessZero("contrast", contrast)
                + unlessZero("phase", phase)
                + unlessZero("repetition", repetition)
                + unlessZero("set", set)
                + unlessZero("encoding", encoding);
    }

    private static String unlessZero(String name, int value) {
        return value == 0 ? "" : ", " + name + " " + value;
    }

    @Override
    public int compareTo(ImageKey other) {
        return ORDER.compare(this, other);
    }
}
