package recon.mrd.recon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.Image;
import recon.mrd.format.MrdItem;

/**
 * Turns bright into dark. Images come in groups of one series, and those that are no magnitudes go back as they are; raw
 * data are reconstructed slice by slice first ({@link LineSorting}).
 */
public final class InvertContrastModule implements ReconModule {
    /** What is no line of an image, by its flags. */
    static final long NO_LINES = AcquisitionFlag.maskOf(
            AcquisitionFlag.NOISE_MEASUREMENT,
            AcquisitionFlag.PARALLEL_CALIBRATION,
            AcquisitionFlag.NAVIGATION_DATA,
            AcquisitionFlag.PHASE_CORRECTION_DATA);

    @Override
    public String name() {
        return "invertcontrast";
    }

    @Override
    public void run(ReconSession session) throws IOException, InterruptedException {
        try (InOrder behind = new InOrder("invertcontrast");
                Groups groups = new Groups(session, behind)) {
            for (Optional<MrdItem> next = session.next(); next.isPresent(); next = session.next()) {
                if (next.get() instanceof Acquisition readout) {
                    groups.add(readout);
                } else if (next.get() instanceof Image image) {
                    groups.add(image);
                }
            }
            groups.handOverLines();
            groups.handOverImages();
            behind.finish();
        }
    }

    /** What belongs together of one session. */
    private static final class Groups implements AutoCloseable {
        private final Collected collectedLines = new Collected();
        private final Collected collectedImages = new Collected();
        private final ReconSession session;
        private final InOrder behind;
        private final LineSorting sorting;
        private final ContrastInversion inversion;
        private List<Acquisition> lines = new ArrayList<>();
        private List<Image> images = new ArrayList<>();
        private int series;

        Groups(ReconSession session, InOrder behind) {
            this.session = session;
            this.behind = behind;
            this.sorting = new LineSorting(session.header());
            this.inversion = new ContrastInversion(session.header(), session.parameters());
        }

        void add(Acquisition readout) throws IOException, InterruptedException {
            if ((readout.head().flags() & NO_LINES) == 0) {
                lines.add(readout);
                collectedLines.add(readout);
            }
            if (readout.head().has(AcquisitionFlag.LAST_IN_SLICE)) {
                handOverLines();
            }
        }

        void add(Image image) throws IOException, InterruptedException {
            if (image.head().imageSeriesIndex() != series) {
                handOverImages();
                series = image.head().imageSeriesIndex();
            }
            if (ModuleImages.isMagnitude(image)) {
                images.add(image);
                collectedImages.add(image);
            } else {
                behind.add(() -> session.send(ModuleImages.kept(image)));
            }
        }

        void handOverLines() throws IOException, InterruptedException {
            if (!lines.isEmpty()) {
                List<Acquisition> slice = lines;
                behind.add(() -> reconstruct(slice));
                lines = new ArrayList<>();
                collectedLines.clear();
            }
        }

        private void reconstruct(List<Acquisition> slice) throws IOException, InterruptedException {
            long start = System.nanoTime();
            List<Image> made = sorting.images(slice);
            session.send(processingTime(start));
            send(inversion.of(made));
        }

        void handOverImages() throws IOException, InterruptedException {
            if (!images.isEmpty()) {
                List<Image> group = images;
                behind.add(() -> send(inversion.of(group)));
                images = new ArrayList<>();
                collectedImages.clear();
            }
        }

        private void send(List<Image> some) throws IOException {
            for (Image image : some) {
                session.send(image);
            }
        }

        @Override
        public void close() {
            collectedLines.close();
            collectedImages.close();
        }
    }

    /** @param start as {@link System#nanoTime()} said */
    static String processingTime(long start) {
        return String.format(Locale.ROOT, "INFO     Total processing time: %.2f ms", (System.nanoTime() - start) / 1e6);
    }
}
