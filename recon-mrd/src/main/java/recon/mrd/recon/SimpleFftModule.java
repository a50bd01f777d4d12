package recon.mrd.recon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader.Space;
import recon.mrd.format.MrdItem;
import recon.mrd.format.PixelType;

/**
 * The plainest reconstruction: the readouts of a slice as they come, one line each, Fourier transform, root of the sum of
 * squares over the coils, scaled so that the largest pixel before cropping is {@code 2^BitsStored - 1}, in the header's
 * size. Noise scans are lines too; phase corrections are left out.
 */
public final class SimpleFftModule implements ReconModule {
    @Override
    public String name() {
        return "simplefft";
    }

    @Override
    public void run(ReconSession session) throws IOException, InterruptedException {
        Slices slices = new Slices(session);
        try (Collected collected = new Collected();
                InOrder behind = new InOrder("simplefft")) {
            List<Acquisition> lines = new ArrayList<>();
            for (Optional<MrdItem> next = session.next(); next.isPresent(); next = session.next()) {
                if (!(next.get() instanceof Acquisition line)) {
                    continue;
                }
                if (!line.head().has(AcquisitionFlag.PHASE_CORRECTION_DATA)) {
                    lines.add(line);
                    collected.add(line);
                }
                if (line.head().has(AcquisitionFlag.LAST_IN_SLICE)) {
                    lines = slices.handOver(behind, lines);
                    collected.clear();
                }
            }
            slices.handOver(behind, lines);
            behind.finish();
        }
    }

    /** Makes the images of one session. */
    private static final class Slices {
        private final ReconSession session;
        private final int largestPixel;
        private final Optional<Space> space;
        private CoilMagnitude transform = new CoilMagnitude(1, 1);

        Slices(ReconSession session) {
            this.session = session;
            this.largestPixel = ModuleImages.largestPixel(session.header());
            this.space = ModuleImages.reconSpace(session.header());
        }

        List<Acquisition> handOver(InOrder behind, List<Acquisition> lines) throws IOException, InterruptedException {
            if (!lines.isEmpty()) {
                behind.add(() -> session.send(image(lines)));
            }
            return new ArrayList<>();
        }

        private Image image(List<Acquisition> lines) throws MrdException, InterruptedException {
            AcquisitionHeader first = lines.get(0).head();
            int samples = first.numberOfSamples();
            int coils = first.activeChannels();
            for (Acquisition line : lines) {
                if (line.head().numberOfSamples() != samples || line.head().activeChannels() != coils) {
                    throw new MrdException("acquisition " + line.head().scanCounter() + " has "
                            + line.head().numberOfSamples() + " samples of "
                            + line.head().activeChannels()
                            + " channels, but the first of its slice has " + samples + " of " + coils);
                }
            }
            if (samples == 0 || coils == 0) {
                throw new MrdException("acquisition " + first.scanCounter() + " has no samples");
            }
            if ((long) samples * lines.size() > Integer.MAX_VALUE / 2 - 8) {
                throw new MrdException("a slice of " + lines.size() + " lines of " + samples
                        + " samples is too large; 1073741815 samples are the most");
            }
            if (transform.samples() != samples || transform.lines() != lines.size()) {
                transform = new CoilMagnitude(samples, lines.size());
            }
            double[] magnitude = transform.of(coils, (coil, line, into) -> {
                float[] data = lines.get(line).data();
                int from = 2 * coil * samples;
                for (int i = 0; i < 2 * samples; i++) {
                    into[i] = data[from + i];
                }
            });
            return image(first, magnitude);
        }

        private Image image(AcquisitionHeader first, double[] magnitude) {
            double max = 0;
            for (double value : magnitude) {
                max = Math.max(max, value);
            }
            double scale = largestPixel / max;
            CenteredCrop x =
                    CenteredCrop.of(transform.samples(), space.map(Space::x).orElse(0));
            CenteredCrop y =
                    CenteredCrop.of(transform.lines(), space.map(Space::y).orElse(0));
            short[] pixels = new short[x.size() * y.size()];
            for (int row = 0; row < y.size(); row++) {
                int line = y.index(row);
                for (int column = 0; column < x.size(); column++) {
                    double value = magnitude[x.index(column) * transform.lines() + line];
                    pixels[row * x.size() + column] = (short) Math.rint(value * scale);
                }
            }
            ImageHeaderBuilder head = ImageHeader.from(first)
                    .pixelType(PixelType.I16)
                    .matrix(x.size(), y.size(), 1)
                    .channels(1)
                    .imageIndex(1);
            space.ifPresent(some -> head.fieldOfViewMm(ModuleImages.fieldOfView(some)));
            MetaAttributes attributes =
                    new MetaAttributes().set("DataRole", "Image").set("ImageProcessingHistory", "FIRE", "PYTHON");
            ModuleImages.addWindow(attributes, largestPixel);
            ModuleImages.addDirections(attributes, head.build());
            return Image.of(head, attributes, pixels);
        }
    }
}
