package recon.mrd.recon;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.mrd.file.MrdReader;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.MrdException;
import recon.mrd.format.Vector3;

/** The images of a file of Cartesian raw data ({@link CartesianImages}). */
public final class CartesianReconstruction implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CartesianReconstruction.class);

    private final MrdReader in;
    private final CartesianImages images;

    /** Receives the images in the order of the series. */
    @FunctionalInterface
    public interface Sink {
        void accept(ReconImage image) throws IOException;
    }

    CartesianReconstruction(MrdReader in, boolean prewhiten, MemoryShare memory, CartesianImages.Warnings warnings)
            throws MrdException {
        this.in = in;
        this.images = new CartesianImages(in.header(), prewhiten, memory, warnings);
    }

    /**
     * Reconstructs all images of a file, one after the other: by encoding, set, repetition, phase, contrast, slice and
     * partition, the last fastest. Only one image's data are in memory at any time, in whatever order the file has them.
     *
     * @param prewhiten whether noise scans, where there are any, make the noise of the coils equal and independent first
     * @throws MrdException if the data are damaged, not Cartesian, do not fit into their encoded matrix, or one image
     *     would need more than half of the memory that Java may use
     */
    public static void reconstruct(MrdReader in, boolean prewhiten, Sink out) throws IOException {
        try (CartesianReconstruction all =
                new CartesianReconstruction(in, prewhiten, CartesianImages.halfOfTheMemory(), log::warn)) {
            all.run(out);
        }
    }

    void run(Sink out) throws IOException {
        ImageIndex index = ImageIndex.of(in);
        for (int i = 0; i < index.noise().count(); i++) {
            images.addNoise(in.acquisition(index.noise().number(i)));
        }
        for (Map.Entry<ImageKey, ImageIndex.Readouts> entry : index.images().entrySet()) {
            ImageIndex.Readouts readouts = entry.getValue();
            AcquisitionHeader first = in.acquisitionHeader(readouts.number(0));
            CartesianImage image = images.begin(entry.getKey(), first, readouts.maxStep2());
            for (int i = 0; i < readouts.count(); i++) {
                image.add(readouts.number(i), in.acquisition(readouts.number(i)));
            }
            log.debug("{}: {} readouts", entry.getKey(), readouts.count());
            deliver(image.geometry(), first, image.finish(), out);
            image.release();
        }
    }

    @Override
    public void close() {
        images.close();
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
