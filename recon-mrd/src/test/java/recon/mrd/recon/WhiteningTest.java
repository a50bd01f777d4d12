package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.TestImages;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.Image;
import recon.mrd.format.MrdHeader;
import recon.mrd.phantom.PhantomGenerator;
import recon.mrd.phantom.PhantomOptions;

class WhiteningTest {
    private static final int SAMPLES = 64;

    @Test
    void theMatrixIsThatOfAnExampleDoneByHand() {
        // L = [2, 0; 1+i, 2], so inverse(L) = [1/2, 0; -(1+i)/4, 1/2]
        double[][] psi = {{4, 0}, {2, 2, 6, 0}};
        Whitening whitening = Whitening.of(psi, 5, 0.5).orElseThrow();
        assertThat(whitening.coils()).isEqualTo(2);
        assertThat(whitening.row(0)).containsExactly(new double[] {0.5, 0}, within(1e-15));
        assertThat(whitening.row(1)).containsExactly(new double[] {-0.25, -0.25, 0.5, 0}, within(1e-15));
    }

    @Test
    void strongAndDependentNoiseBecomesEqualAndIndependent() {
        int coils = 6;
        NoiseMixer mixer = new NoiseMixer(coils, 3);
        List<Acquisition> scans = new ArrayList<>();
        NoiseCovariance noise = new NoiseCovariance();
        for (int i = 0; i < 20; i++) {
            Acquisition scan = mixer.scan(SAMPLES);
            scans.add(scan);
            noise.add(scan);
        }
        Whitening whitening = noise.whitening(1).orElseThrow();
        double[][] covariance = new double[coils][2 * coils];
        for (Acquisition scan : scans) {
            for (int sample = 0; sample < SAMPLES; sample++) {
                double[] white = whitened(whitening, scan.data(), sample);
                for (int i = 0; i < coils; i++) {
                    for (int j = 0; j < coils; j++) {
                        covariance[i][2 * j] += white[2 * i] * white[2 * j] + white[2 * i + 1] * white[2 * j + 1];
                        covariance[i][2 * j + 1] += white[2 * i + 1] * white[2 * j] - white[2 * i] * white[2 * j + 1];
                    }
                }
            }
        }
        for (int i = 0; i < coils; i++) {
            for (int j = 0; j < coils; j++) {
                // 2, for real and imaginary part have a variance of 1 each
                double scale = 2.0 * (20 * SAMPLES - 1);
                assertThat(covariance[i][2 * j] / scale).isCloseTo(i == j ? 1 : 0, within(1e-6));
                assertThat(covariance[i][2 * j + 1] / scale).isCloseTo(0, within(1e-6));
            }
        }
    }

    private static double[] whitened(Whitening whitening, float[] data, int sample) {
        double[] white = new double[2 * whitening.coils()];
        for (int coil = 0; coil < whitening.coils(); coil++) {
            double[] row = whitening.row(coil);
            for (int other = 0; other <= coil; other++) {
                int at = 2 * (other * SAMPLES + sample);
                white[2 * coil] += row[2 * other] * data[at] - row[2 * other + 1] * data[at + 1];
                white[2 * coil + 1] += row[2 * other] * data[at + 1] + row[2 * other + 1] * data[at];
            }
        }
        return white;
    }

    @Test
    void longerSamplesOfTheDataHaveLessNoise() {
        Whitening whitening = Whitening.of(new double[][] {{1, 0}}, 5, 1).orElseThrow();
        assertThat(whitening.factor(sampleTime(20))).isEqualTo(2);
        assertThat(whitening.factor(sampleTime(0))).isEqualTo(1);
        Whitening unknown = Whitening.of(new double[][] {{1, 0}}, 0, 1).orElseThrow();
        assertThat(unknown.factor(sampleTime(20))).isEqualTo(1);
    }

    private static AcquisitionHeader sampleTime(float us) {
        return AcquisitionHeader.builder().sampleTimeUs(us).build();
    }

    @Test
    void noiseThatIsNotOfFullRankGivesNothing() {
        NoiseCovariance silent = new NoiseCovariance();
        assertThat(silent.coils()).isEmpty();
        AcquisitionHeader head =
                AcquisitionHeader.builder().numberOfSamples(SAMPLES).channels(3).build();
        silent.add(new Acquisition(head, new float[0], new float[2 * SAMPLES * 3]));
        assertThat(silent.whitening(1)).isEmpty();

        NoiseCovariance few = new NoiseCovariance();
        few.add(new NoiseMixer(4, 1).scan(3));
        assertThat(few.whitening(1)).isEmpty();
        few.add(new NoiseMixer(4, 2).scan(SAMPLES));
        few.add(new NoiseMixer(5, 2).scan(SAMPLES));
        assertThat(few.coils()).hasValue(4);
        assertThat(few.whitening(1)).isPresent();
    }

    @Test
    void discardedSamplesAreNoNoise() {
        NoiseCovariance noise = new NoiseCovariance();
        float[] data = {1e9f, 0, 1, 0, 0, 1, -1, 0, 1e9f, 0};
        noise.add(new Acquisition(
                AcquisitionHeader.builder()
                        .numberOfSamples(5)
                        .channels(1)
                        .discardPre(1)
                        .discardPost(1)
                        .build(),
                new float[0],
                data));
        assertThat(noise.whitening(0.5).orElseThrow().row(0)[0]).isCloseTo(Math.sqrt(2 / 3.0), within(1e-12));
    }

    /** One coil has ten times the noise, and all hear the same disturbance: weighted by their noise they show less of it. */
    @Test
    void imagesHaveLessNoiseAfterIt(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("phantom.h5");
        PhantomGenerator.generate(
                new PhantomOptions(64, 4, 2, 1, 1, 1, 0, 0, OptionalLong.of(1), LocalDateTime.of(2026, 1, 1, 1, 1)),
                file);
        NoiseMixer mixer = new NoiseMixer(4, 7);
        List<Acquisition> noisy = new ArrayList<>();
        List<Acquisition> clean = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            noisy.add(mixer.scan(128));
        }
        clean.addAll(noisy);
        MrdHeader header;
        try (MrdReader in = MrdReader.open(file)) {
            header = in.header();
            for (int i = 0; i < in.count(); i++) {
                Acquisition line = in.acquisition(i);
                clean.add(line);
                float[] data = mixer.scan(128).data();
                for (int k = 0; k < data.length; k++) {
                    data[k] = line.data()[k] + 0.01f * data[k];
                }
                noisy.add(new Acquisition(line.head(), new float[0], data));
            }
        }
        double plain = error(header, noisy, clean, "false");
        double whitened = error(header, noisy, clean, "true");
        assertThat(plain).isGreaterThan(0.1);
        assertThat(whitened).isLessThan(plain / 3);
    }

    private static double error(MrdHeader header, List<Acquisition> noisy, List<Acquisition> clean, String prewhiten)
            throws Exception {
        return TestImages.normalizedRmsError(image(header, noisy, prewhiten), image(header, clean, prewhiten));
    }

    private static float[] image(MrdHeader header, List<Acquisition> readouts, String prewhiten) throws Exception {
        FakeSession session = new FakeSession(
                Optional.of(header), new ReconParameters(Map.of("output", "float", "prewhiten", prewhiten)), readouts);
        new CartesianModule().run(session);
        Image image = session.images.get(0);
        assertThat(session.texts).isEmpty();
        float[] pixels = new float[image.pixels().length / Float.BYTES];
        image.buffer().asFloatBuffer().get(pixels);
        return pixels;
    }

    @Test
    void noiseThatCannotBeUsedIsSaid() throws Exception {
        RawData raw = new RawData(8, 4, 1);
        raw.addAllLines();
        List<Acquisition> readouts = new ArrayList<>();
        readouts.add(new NoiseMixer(2, 1).scan(SAMPLES));
        for (int y = 0; y < 4; y++) {
            readouts.add(new Acquisition(
                    raw.head(new recon.mrd.format.EncodingCounters(y, 0, 0, 0, 0, 0, 0, 0, 0))
                            .build(),
                    new float[0],
                    raw.line(y, 0, 0, 8, 1)));
        }
        assertThat(texts(raw, readouts))
                .containsExactly(
                        "WARNING  the noise scans have 2 channels, the data 1: the images are made without prewhitening");
        readouts.set(0, new NoiseMixer(1, 1).scan(0));
        assertThat(texts(raw, readouts)).isEmpty();
        readouts.set(
                0,
                new Acquisition(
                        AcquisitionHeader.builder()
                                .numberOfSamples(4)
                                .channels(1)
                                .flags(AcquisitionFlag.NOISE_MEASUREMENT)
                                .build(),
                        new float[0],
                        new float[8]));
        assertThat(texts(raw, readouts))
                .singleElement()
                .asString()
                .startsWith("WARNING  the covariance of the noise scans is not positive definite");
    }

    private static List<String> texts(RawData raw, List<Acquisition> readouts) throws Exception {
        FakeSession session = new FakeSession(Optional.of(raw.header(Map.of())), ReconParameters.NONE, readouts);
        new CartesianModule().run(session);
        assertThat(session.images).hasSize(1);
        return session.texts;
    }

    /** Noise of several coils, one of them the loudest, that have much in common. */
    private static final class NoiseMixer {
        private final Random random;
        private final int coils;

        NoiseMixer(int coils, long seed) {
            this.coils = coils;
            this.random = new Random(seed);
        }

        Acquisition scan(int samples) {
            float[] data = new float[2 * samples * coils];
            for (int i = 0; i < samples; i++) {
                double real = 5 * random.nextGaussian();
                double imaginary = 5 * random.nextGaussian();
                for (int coil = 0; coil < coils; coil++) {
                    double own = coil == 0 ? 10 : 1;
                    double turn = 0.7 * coil;
                    int at = 2 * (coil * samples + i);
                    data[at] =
                            (float) (Math.cos(turn) * real - Math.sin(turn) * imaginary + own * random.nextGaussian());
                    data[at + 1] =
                            (float) (Math.sin(turn) * real + Math.cos(turn) * imaginary + own * random.nextGaussian());
                }
            }
            AcquisitionHeader head = AcquisitionHeader.builder()
                    .numberOfSamples(samples)
                    .channels(coils)
                    .sampleTimeUs(5)
                    .flags(AcquisitionFlag.NOISE_MEASUREMENT)
                    .build();
            return new Acquisition(head, new float[0], data);
        }
    }
}
