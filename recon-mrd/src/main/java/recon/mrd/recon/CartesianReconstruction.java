package recon.mrd.recon;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.Vector3;

/**
 * Cartesian k-space to magnitude images: lines placed by their counters, averages averaged, 2D or 3D Fourier transform,
 * readout oversampling removed, root of the sum of squares over the coils. Lines that were not sampled are 0; nothing is
 * done about parallel imaging.
 */
public final class CartesianReconstruction {
    private static final Logger log = LoggerFactory.getLogger(CartesianReconstruction.class);

    private final MrdReader in;
    private final long maxMemoryBytes;

    /** Receives the images in the order of the series. */
    @FunctionalInterface
    public interface Sink {
        void accept(ReconImage image) throws IOException;
    }

    CartesianReconstruction(MrdReader in, long maxMemoryBytes) {
        this.in = in;
        this.maxMemoryBytes = maxMemoryBytes;
    }

    /**
     * Reconstructs all images of a file, one after the other: by encoding, set, repetition, phase, contrast, slice and
     * partition, the last fastest. Only one image's data are in memory at any time, in whatever order the file has them.
     *
     * @throws MrdException if the data are damaged, not Cartesian, do not fit into their encoded matrix, or one image
     *     would need more than half of the memory that Java may use
     */
    public static void reconstruct(MrdReader in, Sink out) throws IOException {
        new CartesianReconstruction(in, Runtime.getRuntime().maxMemory() / 2).run(out);
    }

    void run(Sink out) throws IOException {
        for (Map.Entry<ImageKey, ImageIndex.Readouts> entry : ImageIndex.of(in).entrySet()) {
            Encoding encoding = encoding(entry.getKey().encoding());
            ImageIndex.Readouts readouts = entry.getValue();
            Geometry geometry = Geometry.of(encoding, readouts.maxStep2());
            AcquisitionHeader first = in.acquisitionHeader(readouts.number(0));
            checkMemory(geometry, first.activeChannels());
            KSpace kspace = new KSpace(geometry, first.activeChannels());
            for (int i = 0; i < readouts.count(); i++) {
                Acquisition acquisition = in.acquisition(readouts.number(i));
                kspace.add(readouts.number(i), acquisition);
            }
            log.debug("{}: {} readouts", entry.getKey(), readouts.count());
            float[] magnitude = kspace.magnitude();
            checkFinite(entry.getKey(), magnitude);
            deliver(geometry, first, magnitude, out);
        }
    }

    private Encoding encoding(int ref) throws MrdException {
        if (ref >= in.header().encodings().size()) {
            throw new MrdException("an acquisition refers to encoding " + ref + " but the XML header has "
                    + in.header().encodings().size());
        }
        Encoding encoding = in.header().encodings().get(ref);
        if (!encoding.trajectory().equals("cartesian") && !encoding.trajectory().equals("epi")) {
            throw new MrdException("the trajectory is \"" + encoding.trajectory()
                    + "\"; only Cartesian data can be reconstructed here");
        }
        return encoding;
    }

    private void checkMemory(Geometry geometry, int coils) throws MrdException {
        long needed = geometry.memoryBytes(coils);
        if (needed > maxMemoryBytes || geometry.coilFloats() > Integer.MAX_VALUE - 8) {
            throw new MrdException(String.format(
                    Locale.ROOT,
                    "an image of %d x %d x %d with %d coils needs %d MB, more than the %d MB available;"
                            + " give Java more memory (-Xmx)",
                    geometry.x().grid(),
                    geometry.y().grid(),
                    geometry.z().grid(),
                    coils,
                    needed >> 20,
                    maxMemoryBytes >> 20));
        }
    }

    private static void checkFinite(ImageKey key, float[] magnitude) throws MrdException {
        for (float value : magnitude) {
            if (!Float.isFinite(value)) {
                throw new MrdException("the readouts of " + key + " hold values that are not numbers or too large");
            }
        }
    }

    private static void deliver(Geometry geometry, AcquisitionHeader head, float[] magnitude, Sink out)
            throws IOException {
        int columns = geometry.x().output();
        int rows = geometry.y().output();
        int partitions = geometry.z().output();
        double thicknessMm = geometry.z().spacingMm();
        boolean oriented = !head.readDirection().isZero()
                && !head.phaseDirection().isZero()
                && !head.sliceDirection().isZero();
        // A writer that knows no orientation leaves zeros; then the patient's axes are as good as any.
        Vector3 read = oriented ? head.readDirection() : new Vector3(1, 0, 0);
        Vector3 phase = oriented ? head.phaseDirection() : new Vector3(0, 1, 0);
        Vector3 slice = oriented ? head.sliceDirection() : new Vector3(0, 0, 1);
        EncodingCounters counters = head.idx();
        for (int partition = 0; partition < partitions; partition++) {
            double offsetMm = (partition - (partitions - 1) / 2.0) * thicknessMm;
            int from = partition * rows * columns;
            out.accept(new ReconImage(
                    columns,
                    rows,
                    partitions == 1 ? magnitude : Arrays.copyOfRange(magnitude, from, from + rows * columns),
                    head.positionMm().plus(slice.times(offsetMm)),
                    read,
                    phase,
                    slice,
                    geometry.x().spacingMm(),
                    geometry.y().spacingMm(),
                    thicknessMm,
                    counters,
                    partition,
                    partitions,
                    head.acquisitionTimeStamp(),
                    head.physiologyTimeStamp()));
        }
    }
}
