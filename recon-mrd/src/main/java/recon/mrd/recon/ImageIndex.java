package recon.mrd.recon;

import java.io.IOException;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import recon.mrd.file.MrdReader;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.MrdException;

/**
 * Which readouts of a file make up which image. Found from the headers alone, so that images can then be made one by one
 * in whatever order the readouts were stored.
 */
final class ImageIndex {
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

    /** The readouts of one image: their numbers in the file, in its order. */
    static final class Readouts {
        private int[] numbers = new int[64];
        private int count;
        private int maxStep2;

        private void add(int number, AcquisitionHeader head) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number;
            maxStep2 = Math.max(maxStep2, head.idx().kspaceEncodeStep2());
        }

        int count() {
            return count;
        }

        int number(int i) {
            return numbers[i];
        }

        /** Largest kspace_encode_step_2; 0 says that the image is not a volume. */
        int maxStep2() {
            return maxStep2;
        }
    }

    private ImageIndex() {}

    /**
     * Reads all headers of the file.
     *
     * @throws MrdException if no readout belongs to an image, or one is compressed
     */
    static SortedMap<ImageKey, Readouts> of(MrdReader in) throws IOException {
        SortedMap<ImageKey, Readouts> images = new TreeMap<>();
        for (int i = 0; i < in.count(); i++) {
            AcquisitionHeader head = in.acquisitionHeader(i);
            if ((head.flags() & NO_IMAGE_DATA) != 0) {
                continue;
            }
            if ((head.flags() & COMPRESSED) != 0) {
                throw new MrdException("acquisition " + i + " is compressed (flags 53 to 56), which is not supported");
            }
            images.computeIfAbsent(ImageKey.of(head), key -> new Readouts()).add(i, head);
        }
        if (images.isEmpty()) {
            throw new MrdException("none of the " + in.count() + " acquisitions of " + in.path() + " samples an image");
        }
        return images;
    }
}
