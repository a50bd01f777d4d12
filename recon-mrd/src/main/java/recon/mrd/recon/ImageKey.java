package recon.mrd.recon;

import java.util.Comparator;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.EncodingCounters;

/** What the readouts of one image have in common; ordered as the images of a series are. */
record ImageKey(int encoding, int set, int repetition, int phase, int contrast, int slice)
        implements Comparable<ImageKey> {
    private static final Comparator<ImageKey> ORDER = Comparator.comparingInt(ImageKey::encoding)
            .thenComparingInt(ImageKey::set)
            .thenComparingInt(ImageKey::repetition)
            .thenComparingInt(ImageKey::phase)
            .thenComparingInt(ImageKey::contrast)
            .thenComparingInt(ImageKey::slice);

    static ImageKey of(AcquisitionHeader head) {
        EncodingCounters idx = head.idx();
        return new ImageKey(
                head.encodingSpaceRef(), idx.set(), idx.repetition(), idx.phase(), idx.contrast(), idx.slice());
    }

    @Override
    public int compareTo(ImageKey other) {
        return ORDER.compare(this, other);
    }
}
