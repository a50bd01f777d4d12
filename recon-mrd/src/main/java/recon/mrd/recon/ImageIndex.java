package recon.mrd.recon;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import recon.mrd.file.MrdReader;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.MrdException;

/**
 * Which readouts of a file make up which image. Found from the headers alone, so that images can then be made one by one
 * in whatever order the readouts were stored.
 *
 * @param images in the order of the series
 * @param noise the noise scans
 */
record ImageIndex(SortedMap<ImageKey, Readouts> images, Readouts noise) {
    /** Readouts that belong together: their numbers in the file, in its order. */
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

    /**
     * Reads all headers of the file.
     *
     * @throws MrdException if no readout belongs to an image, or one is compressed
     */
    static ImageIndex of(MrdReader in) throws IOException {
        SortedMap<ImageKey, Readouts> images = new TreeMap<>();
        Readouts noise = new Readouts();
        for (int i = 0; i < in.count(); i++) {
            AcquisitionHeader head = in.acquisitionHeader(i);
            Optional<ImageKey> image = ImageKey.of(i, head);
            if (image.isPresent()) {
                images.computeIfAbsent(image.get(), key -> new Readouts()).add(i, head);
            } else if (head.has(AcquisitionFlag.NOISE_MEASUREMENT)) {
                noise.add(i, head);
            }
        }
        if (images.isEmpty()) {
            throw new MrdException("none of the " + in.count() + " acquisitions of " + in.path() + " samples an image");
        }
        return new ImageIndex(images, noise);
    }
}
