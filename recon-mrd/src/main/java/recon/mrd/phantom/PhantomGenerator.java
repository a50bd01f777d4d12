package recon.mrd.phantom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import recon.mrd.file.MrdWriter;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.Vector3;
import recon.mrd.recon.CenteredFft;

/** Writes raw data of the Shepp-Logan phantom, line by line as a scanner would. */
public final class PhantomGenerator {
    private static final double TICK_MS = 2.5;
    private static final float SAMPLE_TIME_US = 5;
    private static final double SHAPE_OF_ENDS = 0.75;

    private final PhantomOptions options;
    private final Random random;
    private final int samples;
    private final double[][] coils;
    private double[][] kspace = new double[0][];
    private int kspaceSlice = -1;
    private long scanCounter;

    private PhantomGenerator(PhantomOptions options) {
        this.options = options;
        this.random = options.seed().isPresent() ? new Random(options.seed().getAsLong()) : new Random();
        this.samples = options.matrix() * options.oversampling();
        this.coils = BirdcageCoils.sensitivities(options.matrix(), options.coils());
    }

    /**
     * Writes a file with the group {@code dataset}; an existing file is replaced once the new one is whole.
     *
     * @throws IOException if it cannot be written
     */
    public static void generate(PhantomOptions options, Path file) throws IOException {
        try (MrdWriter writer = MrdWriter.create(file, PhantomHeader.of(options))) {
            new PhantomGenerator(options).write(writer);
            writer.commit();
        }
    }

    private void write(MrdWriter out) throws IOException {
        for (int i = 0; i < options.noiseScans(); i++) {
            AcquisitionHeader head =
                    head(0, EncodingCounters.ZERO, AcquisitionFlag.maskOf(AcquisitionFlag.NOISE_MEASUREMENT));
            out.write(readout(head, -1));
        }
        for (int repetition = 0; repetition < options.repetitions() * options.acceleration(); repetition++) {
            for (int slice = 0; slice < options.slices(); slice++) {
                writeLines(out, repetition, slice);
            }
        }
    }

    private void writeLines(MrdWriter out, int repetition, int slice) throws IOException {
        sampleSlice(slice);
        int step = options.acceleration();
        int first = repetition % step;
        for (int line = first; line < options.matrix(); line += step) {
            EncodingCounters idx = new EncodingCounters(line, 0, 0, slice, 0, 0, repetition, 0, 0);
            long flags = 0;
            if (line == first) {
                flags |= AcquisitionFlag.maskOf(AcquisitionFlag.FIRST_IN_ENCODE_STEP_1, AcquisitionFlag.FIRST_IN_SLICE);
                flags |= slice == 0 ? AcquisitionFlag.FIRST_IN_REPETITION.mask() : 0;
            }
            if (line + step >= options.matrix()) {
                flags |= AcquisitionFlag.maskOf(AcquisitionFlag.LAST_IN_ENCODE_STEP_1, AcquisitionFlag.LAST_IN_SLICE);
                flags |= slice == options.slices() - 1 ? AcquisitionFlag.LAST_IN_REPETITION.mask() : 0;
            }
            out.write(readout(head(slice, idx, flags), line));
        }
    }

    private AcquisitionHeader head(int slice, EncodingCounters idx, long flags) {
        double offsetMm = (slice - (options.slices() - 1) / 2.0) * PhantomHeader.THICKNESS_MM;
        double beganMs = options.time().toLocalTime().toNanoOfDay() / 1e6;
        long ticks = Math.round((beganMs + scanCounter * PhantomHeader.REPETITION_TIME_MS) / TICK_MS);
        return AcquisitionHeader.builder()
                .flags(flags)
                .measurementUid(1)
                .scanCounter(scanCounter++)
                .acquisitionTimeStamp(ticks)
                .numberOfSamples(samples)
                .channels(options.coils())
                .centerSample(samples / 2)
                .sampleTimeUs(SAMPLE_TIME_US)
                .positionMm(new Vector3(0, 0, (float) offsetMm))
                .idx(idx)
                .build();
    }

    /** One line of k-space with noise; line -1 is noise alone. */
    private Acquisition readout(AcquisitionHeader head, int line) {
        float[] data = new float[2 * samples * options.coils()];
        int to = 0;
        for (int coil = 0; coil < options.coils(); coil++) {
            for (int i = 0; i < 2 * samples; i++, to++) {
                double signal = line < 0 ? 0 : kspace[coil][2 * samples * line + i];
                data[to] = (float) (signal + options.noiseSigma() * random.nextGaussian());
            }
        }
        return new Acquisition(head, new float[0], data);
    }

    /** Makes the k-space of a slice without noise; kept until another slice is asked for. */
    private void sampleSlice(int slice) {
        if (slice == kspaceSlice) {
            return;
        }
        int n = options.matrix();
        double z = (slice - (options.slices() - 1) / 2.0) / (options.slices() / 2.0);
        double[] object = SheppLogan.image(n, Math.sqrt(1 - SHAPE_OF_ENDS * z * z));
        CenteredFft alongX = new CenteredFft(samples);
        CenteredFft alongY = new CenteredFft(n);
        int margin = (samples - n) / 2;
        kspace = new double[options.coils()][2 * samples * n];
        for (int coil = 0; coil < kspace.length; coil++) {
            double[] plane = kspace[coil];
            for (int row = 0; row < n; row++) {
                for (int column = 0; column < n; column++) {
                    int from = row * n + column;
                    int to = 2 * (row * samples + margin + column);
                    plane[to] = object[from] * coils[coil][2 * from];
                    plane[to + 1] = object[from] * coils[coil][2 * from + 1];
                }
                alongX.forward(plane, row * samples, 1);
            }
            for (int column = 0; column < samples; column++) {
                alongY.forward(plane, column, samples);
            }
        }
        kspaceSlice = slice;
    }
}
