package recon.mrd.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.TestImages;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.MrdHeader;
import recon.mrd.recon.ReconImage;

class PhantomGeneratorTest {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 12, 0);

    @TempDir
    Path directory;

    @Test
    void phantomHasItsKnownValues() {
        double[] image = SheppLogan.image(101, 1);
        assertThat(image[0]).isZero();
        assertThat(image[50 * 101 + 50]).as("centre").isEqualTo(0.2, within(1e-12));
        assertThat(image[5 * 101 + 50]).as("skull at y = -0.9").isEqualTo(1, within(1e-12));
        assertThat(image[68 * 101 + 50]).as("upper ellipse at y = 0.36").isEqualTo(0.3, within(1e-12));
        assertThat(image[50 * 101 + 61]).as("right ventricle at x = 0.22").isEqualTo(0, within(1e-12));
        assertThat(SheppLogan.image(101, 0.5)[5 * 101 + 50])
                .as("a smaller one ends before")
                .isZero();
    }

    @Test
    void coilsSquareUpToOneEverywhere() {
        double[][] maps = BirdcageCoils.sensitivities(9, 5);
        for (int at = 0; at < 2 * 81; at += 2) {
            double power = 0;
            for (double[] map : maps) {
                power += map[at] * map[at] + map[at + 1] * map[at + 1];
            }
            assertThat(power).isEqualTo(1, within(1e-12));
        }
    }

    @Test
    void withoutNoiseEverySampleIsThatOfThePythonGenerator() throws Exception {
        Path file = directory.resolve("p.h5");
        PhantomGenerator.generate(new PhantomOptions(64, 8, 2, 1, 1, 1, 0, 32, OptionalLong.empty(), TIME), file);
        Path reference =
                Path.of(TestImages.class.getResource("shepp64_py_clean.h5").toURI());
        try (MrdReader ours = MrdReader.open(file);
                MrdReader theirs = MrdReader.open(reference)) {
            assertThat(ours.count()).isEqualTo(theirs.count());
            for (int i = 0; i < ours.count(); i++) {
                Acquisition a = ours.acquisition(i);
                Acquisition b = theirs.acquisition(i);
                assertThat(a.head().flags()).isEqualTo(b.head().flags());
                assertThat(a.head().idx()).isEqualTo(b.head().idx());
                assertThat(a.data()).usingComparatorWithPrecision(1e-5f).containsExactly(b.data());
            }
        }
    }

    @Test
    void seedMakesTheSameBytes() throws Exception {
        PhantomOptions options = new PhantomOptions(16, 2, 2, 1, 1, 1, 0.05, 4, OptionalLong.of(5), TIME);
        Path one = directory.resolve("1.h5");
        Path two = directory.resolve("2.h5");
        PhantomGenerator.generate(options, one);
        PhantomGenerator.generate(options, two);
        assertThat(one).hasSameBinaryContentAs(two);
        PhantomGenerator.generate(new PhantomOptions(16, 2, 2, 1, 1, 1, 0.05, 4, OptionalLong.of(6), TIME), two);
        assertThat(Files.mismatch(one, two)).isNotNegative();
    }

    @Test
    void slicesLieFiveMillimetresApartAroundTheOriginAndShrinkTowardsTheEnds() throws Exception {
        Path file = directory.resolve("s.h5");
        PhantomGenerator.generate(new PhantomOptions(32, 2, 1, 2, 1, 3, 0, 0, OptionalLong.empty(), TIME), file);
        List<ReconImage> images = TestImages.reconstruct(file);
        assertThat(images).extracting(image -> image.positionMm().z()).containsExactly(-5f, 0f, 5f, -5f, 0f, 5f);
        assertThat(images).extracting(image -> image.counters().slice()).containsExactly(0, 1, 2, 0, 1, 2);
        assertThat(images).extracting(image -> image.counters().repetition()).containsExactly(0, 0, 0, 1, 1, 1);
        assertThat(sum(images.get(0))).isLessThan(0.9 * sum(images.get(1)));
        assertThat(images.get(1).sliceThicknessMm()).isEqualTo(5);
        assertThat(images.get(1).columnSpacingMm()).isEqualTo(8);
    }

    @Test
    void acceleratedRepetitionsTakeTheLinesInTurn() throws Exception {
        Path file = directory.resolve("a.h5");
        PhantomGenerator.generate(new PhantomOptions(8, 1, 1, 1, 3, 1, 0, 0, OptionalLong.empty(), TIME), file);
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(in.header().encodings().get(0).accelerationFactor1()).isEqualTo(3);
            int[] lines = {0, 3, 6, 1, 4, 7, 2, 5};
            int[] repetitions = {0, 0, 0, 1, 1, 1, 2, 2};
            for (int i = 0; i < lines.length; i++) {
                AcquisitionHeader head = in.acquisitionHeader(i);
                assertThat(head.idx().kspaceEncodeStep1()).isEqualTo(lines[i]);
                assertThat(head.idx().repetition()).isEqualTo(repetitions[i]);
                assertThat(head.has(AcquisitionFlag.LAST_IN_SLICE)).isEqualTo(i == 2 || i == 5 || i == 7);
                assertThat(head.has(AcquisitionFlag.FIRST_IN_REPETITION)).isEqualTo(i == 0 || i == 3 || i == 6);
            }
        }
    }

    @Test
    void headerComesBackFromItsXml() throws Exception {
        MrdHeader header = PhantomHeader.of(PhantomOptions.defaults(TIME));
        assertThat(MrdHeader.parse(header.toXml())).isEqualTo(header);
        assertThat(header.measurement().seriesTime()).hasValue("12:00:00");
    }

    @Test
    void optionsOutOfRangeAreRefusedWithTheirRange() {
        assertThatThrownBy(() -> new PhantomOptions(7, 1, 1, 1, 1, 1, 0, 0, OptionalLong.empty(), TIME))
                .hasMessage("matrix 7 is outside 8..1024");
        assertThatThrownBy(() -> new PhantomOptions(8, 1, 1, 1, 1, 1, -1, 0, OptionalLong.empty(), TIME))
                .hasMessageContaining("noise -1.0");
        assertThatThrownBy(() -> SheppLogan.image(1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static double sum(ReconImage image) {
        double sum = 0;
        for (float value : image.magnitude()) {
            sum += value;
        }
        return sum;
    }
}
