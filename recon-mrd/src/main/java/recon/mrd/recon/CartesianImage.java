package recon.mrd.recon;

import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader.Counter;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.MrdHeader.Limit;

/** One image, or volume, whose readouts are being collected. Not for use by several threads. */
final class CartesianImage {
    private static final long LAST =
            AcquisitionFlag.maskOf(AcquisitionFlag.LAST_IN_SLICE, AcquisitionFlag.LAST_IN_REPETITION);

    private final CartesianImages images;
    private final ImageKey key;
    private final Encoding encoding;
    private final AcquisitionHeader first;
    private final BitSet partitions = new BitSet();
    private Geometry geometry;
    private KSpace kspace;

    CartesianImage(
            CartesianImages images,
            ImageKey key,
            Encoding encoding,
            AcquisitionHeader first,
            Geometry geometry,
            Optional<Whitening> whitening) {
        this.images = images;
        this.key = key;
        this.encoding = encoding;
        this.first = first;
        this.geometry = geometry;
        this.kspace = new KSpace(geometry, first.activeChannels(), whitening);
    }

    ImageKey key() {
        return key;
    }

    /** The header of the first readout. */
    AcquisitionHeader first() {
        return first;
    }

    Geometry geometry() {
        return geometry;
    }

    /**
     * Adds a readout.
     *
     * @param number of the readout in its file or session, for messages
     * @throws MrdException if it does not fit
     */
    void add(long number, Acquisition acquisition) throws MrdException {
        int step2 = acquisition.head().idx().kspaceEncodeStep2();
        if (step2 > 0 && !geometry.isVolume()) {
            becomeVolume(Geometry.of(encoding, step2));
        }
        kspace.add(number, acquisition);
        partitions.set(step2);
    }

    /** Where the header does not say so, only a readout of another partition tells that there are several. */
    private void becomeVolume(Geometry volume) throws MrdException {
        if (volume.isVolume()) {
            images.reserve(volume, first.activeChannels());
            kspace = kspace.asVolume(volume);
            images.release(geometry.memoryBytes(first.activeChannels()));
            geometry = volume;
        }
    }

    /**
     * Whether this readout is the image's last, as its flags say. A flag does not count in an average before the last
     * one of the header's limits, nor while there are partitions within the limits of which there is no readout yet.
     */
    boolean endsWith(AcquisitionHeader readout) {
        return (readout.flags() & LAST) != 0
                && readout.idx().average()
                        >= encoding.limit(Counter.AVERAGE).map(Limit::maximum).orElse(0)
                && hasAllPartitions();
    }

    private boolean hasAllPartitions() {
        int expected = encoding.limit(Counter.KSPACE_ENCODING_STEP_2)
                .map(limit -> limit.maximum() - limit.minimum() + 1)
                .orElse(1);
        return !geometry.isVolume()
                || (long) partitions.cardinality() * Math.max(1, encoding.accelerationFactor2()) >= expected;
    }

    /**
     * Transforms what has come; the image is at its end then, but for {@link #release()}.
     *
     * @return x fastest, then y, then z, in the size of the output
     * @throws MrdException if there are values that are not numbers
     */
    float[] finish() throws IOException {
        images.expectLines(key, geometry.measuredLines(encoding), kspace.lines());
        float[] magnitude = kspace.magnitude();
        kspace = null;
        images.release(geometry.memoryBytes(first.activeChannels()) - geometry.resultBytes());
        for (float value : magnitude) {
            if (!Float.isFinite(value)) {
                throw new MrdException("the readouts of " + key + " hold values that are not numbers or too large");
            }
        }
        return magnitude;
    }

    /** Nobody needs what was made of it any more. */
    void release() {
        images.release(geometry.resultBytes());
    }
}
