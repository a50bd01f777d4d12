package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import recon.mrd.TestImages;
import recon.mrd.file.MrdReader;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader.Counter;
import recon.mrd.format.MrdHeader.Limit;
import recon.mrd.format.MrdHeader.Space;
import recon.mrd.format.Vector3;

class CartesianReconstructionTest {
    private static final float PRECISION = 2e-6f;

    @TempDir
    Path directory;

    @Test
    void imageOfAFileOfThePythonLibraryAgreesWithTheReferenceReconstruction() throws Exception {
        List<ReconImage> images = TestImages.reconstruct(resource("shepp64_py_clean.h5"));
        assertThat(images).hasSize(1);
        float[] reference = TestImages.npy(resource("shepp64_py_clean_cpprecon_cpp.npy"));
        assertThat(images.get(0).columns()).isEqualTo(64);
        assertThat(images.get(0).rows()).isEqualTo(64);
        assertThat(TestImages.normalizedRmsError(images.get(0).magnitude(), reference))
                .isLessThan(1e-6);
    }

    @ParameterizedTest
    @CsvSource({"8,6,1", "7,5,1", "8,5,1", "1,4,1", "6,4,3", "5,3,4", "4,4,2"})
    void imageIsTheInverseTransformOfTheLines(int nx, int ny, int nz) throws Exception {
        RawData raw = new RawData(nx, ny, nz);
        raw.addAllLines();
        List<ReconImage> images = raw.reconstruct(directory, raw.header(Map.of()));
        assertThat(images).hasSize(nz);
        float[] all = new float[nx * ny * nz];
        for (int z = 0; z < nz; z++) {
            assertThat(images.get(z).partition()).isEqualTo(z);
            System.arraycopy(images.get(z).magnitude(), 0, all, z * nx * ny, nx * ny);
        }
        assertThat(all).usingComparatorWithPrecision(PRECISION).containsExactly(raw.expected());
    }

    @Test
    void centreOfTheLimitsGoesToTheCentreOfTheMatrix() throws Exception {
        RawData raw = new RawData(6, 8, 1);
        for (int y = 0; y < 3; y++) {
            raw.clear(y); // partial Fourier: the first lines are not acquired, and the counter starts at the fourth
        }
        for (int y = 3; y < 8; y++) {
            raw.add(raw.head(step1(y - 3)).build(), raw.line(y, 0, 0, 6, 1));
        }
        Map<Counter, Limit> limits = Map.of(Counter.KSPACE_ENCODING_STEP_1, new Limit(0, 4, 1));
        assertImage(raw, limits);
    }

    @Test
    void averagesAreAveragedLineByLine() throws Exception {
        RawData raw = new RawData(6, 4, 1);
        for (int y = 0; y < 4; y++) {
            for (int average = 0; average < (y == 2 ? 1 : 2); average++) {
                EncodingCounters idx = new EncodingCounters(y, 0, average, 0, 0, 0, 0, 0, 0);
                double scale = y == 2 ? 1 : average == 0 ? 0.5 : 1.5;
                raw.add(raw.head(idx).build(), raw.line(y, 0, 0, 6, scale));
            }
        }
        assertImage(raw, Map.of());
    }

    @ParameterizedTest
    @EnumSource(
            value = AcquisitionFlag.class,
            names = {
                "NOISE_MEASUREMENT",
                "PARALLEL_CALIBRATION",
                "NAVIGATION_DATA",
                "PHASE_CORRECTION_DATA",
                "HP_FEEDBACK_DATA",
                "DUMMY_SCAN_DATA",
                "RT_FEEDBACK_DATA",
                "SURFACE_COIL_CORRECTION_SCAN_DATA",
                "PHASE_STABILIZATION_REFERENCE",
                "PHASE_STABILIZATION"
            })
    void lineThatDoesNotSampleTheImageIsLeftOut(AcquisitionFlag flag) throws Exception {
        RawData raw = new RawData(6, 4, 1);
        raw.add(raw.head(step1(1), flag).build(), raw.line(0, 0, 0, 6, 100));
        raw.addAllLines();
        // also where its shape or place fits nowhere
        raw.add(raw.head(step1(60000), flag).numberOfSamples(1).channels(3).build(), new float[6]);
        assertImage(raw, Map.of());
    }

    @Test
    void calibrationThatIsImagingTooIsUsed() throws Exception {
        RawData raw = new RawData(6, 4, 1);
        for (int y = 0; y < 4; y++) {
            raw.add(
                    raw.head(step1(y), AcquisitionFlag.PARALLEL_CALIBRATION_AND_IMAGING)
                            .build(),
                    raw.line(y, 0, 0, 6, 1));
        }
        assertImage(raw, Map.of());
    }

    @Test
    void discardedSamplesAreDroppedAndReversedLinesTurned() throws Exception {
        RawData raw = new RawData(6, 4, 1);
        for (int y = 0; y < 4; y++) {
            boolean reverse = y % 2 == 1;
            float[] line = raw.line(y, 0, 0, 6, 1);
            float[] padded = new float[2 * 9];
            Arrays.fill(padded, 1e6f);
            for (int i = 0; i < 6; i++) {
                int to = 2 + (reverse ? 5 - i : i);
                padded[2 * to] = line[2 * i];
                padded[2 * to + 1] = line[2 * i + 1];
            }
            AcquisitionFlag[] flags =
                    reverse ? new AcquisitionFlag[] {AcquisitionFlag.REVERSE} : new AcquisitionFlag[0];
            raw.add(
                    raw.head(step1(y), flags)
                            .numberOfSamples(9)
                            .discardPre(2)
                            .discardPost(1)
                            .centerSample(5)
                            .build(),
                    padded);
        }
        assertImage(raw, Map.of());
    }

    @Test
    void asymmetricEchoIsPlacedByItsCentreSample() throws Exception {
        RawData raw = new RawData(8, 4, 1);
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 2; x++) {
                raw.kspace[2 * (y * 8 + x)] = 0;
                raw.kspace[2 * (y * 8 + x) + 1] = 0;
            }
            raw.add(raw.head(step1(y)).numberOfSamples(6).centerSample(2).build(), raw.line(y, 0, 2, 8, 1));
        }
        assertImage(raw, Map.of());
    }

    @Test
    void eachCounterMakesAnImageInWhateverOrderTheLinesCome() throws Exception {
        RawData raw = new RawData(4, 4, 1);
        List<EncodingCounters> lines = new ArrayList<>();
        for (int image = 0; image < 32; image++) {
            for (int y = 0; y < 4; y++) {
                lines.add(new EncodingCounters(
                        y, 0, 0, image & 1, image >> 1 & 1, image >> 2 & 1, image >> 3 & 1, image >> 4, 0));
            }
        }
        Collections.shuffle(lines, new Random(2));
        for (EncodingCounters idx : lines) {
            double scale =
                    1 + idx.slice() + 2 * idx.contrast() + 4 * idx.phase() + 8 * idx.repetition() + 16 * idx.set();
            raw.add(raw.head(idx).build(), raw.line(idx.kspaceEncodeStep1(), 0, 0, 4, scale));
        }
        List<ReconImage> images = raw.reconstruct(directory, raw.header(Map.of()));
        assertThat(images).hasSize(32);
        float first = images.get(0).maximum();
        for (ReconImage image : images) {
            EncodingCounters c = image.counters();
            int expected = 1 + c.slice() + 2 * c.contrast() + 4 * c.phase() + 8 * c.repetition() + 16 * c.set();
            assertThat(image.maximum() / first).isCloseTo(expected, within(1e-4f));
        }
        assertThat(images).extracting(image -> image.counters().slice()).startsWith(0, 1, 0, 1);
        assertThat(images).extracting(image -> image.counters().set()).startsWith(0, 0, 0, 0);
    }

    @Test
    void geometryComesFromTheFirstReadoutAndTheFieldsOfView() throws Exception {
        RawData raw = new RawData(8, 4, 4);
        for (int z = 0; z < 4; z++) {
            for (int y = 0; y < 4; y++) {
                AcquisitionHeader head = raw.head(new EncodingCounters(y, z, 0, 0, 0, 0, 0, 0, 0))
                        .positionMm(new Vector3(10, 20, 30))
                        .readDirection(new Vector3(0, 1, 0))
                        .phaseDirection(new Vector3(0, 0, 1))
                        .sliceDirection(new Vector3(1, 0, 0))
                        .acquisitionTimeStamp(100 + y + 4 * z)
                        .physiologyTimeStamp(List.of(7L, 8L, 9L))
                        .build();
                raw.add(head, raw.line(y, z, 0, 8, 1));
            }
        }
        List<ReconImage> images = raw.reconstruct(
                directory,
                RawData.header(new Space(8, 4, 4, 160, 60, 12), new Space(4, 4, 2, 80, 60, 6), Map.of(), "cartesian"));
        assertThat(images).hasSize(2);
        ReconImage image = images.get(0);
        assertThat(image.columns()).isEqualTo(4);
        assertThat(image.columnSpacingMm()).isEqualTo(20);
        assertThat(image.rowSpacingMm()).isEqualTo(15);
        assertThat(image.sliceThicknessMm()).isEqualTo(3);
        assertThat(image.positionMm()).isEqualTo(new Vector3(8.5f, 20, 30));
        assertThat(images.get(1).positionMm()).isEqualTo(new Vector3(11.5f, 20, 30));
        assertThat(image.readDirection()).isEqualTo(new Vector3(0, 1, 0));
        assertThat(image.acquisitionTimeStamp()).isEqualTo(100);
        assertThat(image.physiologyTimeStamp()).containsExactly(7L, 8L, 9L);
    }

    @Test
    void withoutDirectionsTheAxesOfThePatientAreTaken() throws Exception {
        RawData raw = new RawData(4, 1, 1);
        AcquisitionHeader head = raw.head(EncodingCounters.ZERO)
                .readDirection(Vector3.ZERO)
                .phaseDirection(Vector3.ZERO)
                .sliceDirection(Vector3.ZERO)
                .build();
        raw.add(head, raw.line(0, 0, 0, 4, 1));
        ReconImage image = raw.reconstruct(directory, raw.header(Map.of())).get(0);
        assertThat(image.readDirection()).isEqualTo(new Vector3(1, 0, 0));
        assertThat(image.sliceDirection()).isEqualTo(new Vector3(0, 0, 1));
    }

    @Test
    void finerPixelsAreInterpolatedByZeros() throws Exception {
        RawData small = new RawData(4, 4, 1);
        small.addAllLines();
        List<ReconImage> images = small.reconstruct(
                directory,
                RawData.header(new Space(4, 4, 1, 40, 40, 1), new Space(8, 8, 1, 40, 40, 1), Map.of(), "cartesian"));
        RawData large = new RawData(8, 8, 1);
        Arrays.fill(large.kspace, 0);
        for (int y = 0; y < 4; y++) {
            System.arraycopy(small.kspace, 2 * 4 * y, large.kspace, 2 * (8 * (y + 2) + 2), 8);
        }
        assertThat(images.get(0).columnSpacingMm()).isEqualTo(5);
        assertThat(images.get(0).magnitude())
                .usingComparatorWithPrecision(PRECISION)
                .containsExactly(large.expected());
    }

    @Test
    void lineOutsideTheMatrixIsNamed() throws Exception {
        RawData raw = new RawData(4, 4, 1);
        raw.addAllLines();
        raw.add(raw.head(step1(4)).build(), raw.line(0, 0, 0, 4, 1));
        assertThatThrownBy(() -> raw.reconstruct(directory, raw.header(Map.of())))
                .isInstanceOf(MrdException.class)
                .hasMessage("acquisition 4: kspace_encode_step_1 4, with 2 at the centre, lies outside the encoded"
                        + " matrix of 4 lines");
    }

    @Test
    void readoutThatDoesNotFitIsNamed() throws Exception {
        RawData raw = new RawData(4, 1, 1);
        raw.add(raw.head(step1(0)).numberOfSamples(5).build(), new float[10]);
        assertThatThrownBy(() -> raw.reconstruct(directory, raw.header(Map.of())))
                .isInstanceOf(MrdException.class)
                .hasMessageStartingWith("acquisition 0: samples 0 to 4 around sample 2 do not fit");
    }

    @Test
    void changeOfChannelsIsNamed() throws Exception {
        RawData raw = new RawData(4, 2, 1);
        raw.addAllLines();
        raw.add(raw.head(step1(0)).channels(2).build(), new float[16]);
        assertThatThrownBy(() -> raw.reconstruct(directory, raw.header(Map.of())))
                .hasMessage("acquisition 2 has 2 channels where the image began with 1");
    }

    @Test
    void valuesThatAreNoNumbersAreRefused() throws Exception {
        RawData raw = new RawData(4, 1, 1);
        raw.kspace[0] = Double.NaN;
        raw.addAllLines();
        assertThatThrownBy(() -> raw.reconstruct(directory, raw.header(Map.of())))
                .isInstanceOf(MrdException.class)
                .hasMessageContaining("not numbers");
    }

    @Test
    void noiseAloneAndOtherTrajectoriesAndMissingEncodingsAreRefused() throws Exception {
        RawData raw = new RawData(4, 1, 1);
        raw.add(raw.head(step1(0), AcquisitionFlag.NOISE_MEASUREMENT).build(), raw.line(0, 0, 0, 4, 1));
        assertThatThrownBy(() -> raw.reconstruct(directory, raw.header(Map.of())))
                .hasMessageStartingWith("none of the 1 acquisitions");
        raw.addAllLines();
        Space space = new Space(4, 1, 1, 4, 1, 1);
        assertThatThrownBy(() -> raw.reconstruct(directory, RawData.header(space, space, Map.of(), "spiral")))
                .hasMessageContaining("the trajectory is \"spiral\"");
        raw.add(raw.head(step1(0)).encodingSpaceRef(3).build(), raw.line(0, 0, 0, 4, 1));
        assertThatThrownBy(() -> raw.reconstruct(directory, raw.header(Map.of())))
                .hasMessage("an acquisition refers to encoding 3 but the XML header has 1");
    }

    @Test
    void compressedReadoutIsRefused() throws Exception {
        RawData raw = new RawData(4, 1, 1);
        raw.add(raw.head(step1(0), AcquisitionFlag.COMPRESSION_2).build(), raw.line(0, 0, 0, 4, 1));
        assertThatThrownBy(() -> raw.reconstruct(directory, raw.header(Map.of())))
                .hasMessageContaining("acquisition 0 is compressed");
    }

    @Test
    void absurdMatrixIsRefusedBeforeMemoryIsTaken() throws Exception {
        RawData raw = new RawData(4, 1, 1);
        raw.add(raw.head(new EncodingCounters(0, 1, 0, 0, 0, 0, 0, 0, 0)).build(), raw.line(0, 0, 0, 4, 1));
        Space space = new Space(65535, 65535, 65535, 1, 1, 1);
        assertThatThrownBy(() -> raw.reconstruct(directory, RawData.header(space, space, Map.of(), "cartesian")))
                .isInstanceOf(MrdException.class)
                .hasMessageContaining("an image of 65535 x 65535 x 65535 with 1 coils needs")
                .hasMessageContaining("-Xmx");
        Path file = raw.write(directory, raw.header(Map.of()));
        try (MrdReader in = MrdReader.open(file)) {
            assertThatThrownBy(() -> new CartesianReconstruction(in, true, new MemoryShare(100, 0), warning -> {})
                            .run(image -> {}))
                    .hasMessageContaining("of the 0 MB that are half of Java's memory");
        }
    }

    @Test
    void fieldsOfViewThatContradictTheMatricesAreRefused() throws Exception {
        RawData raw = new RawData(4, 1, 1);
        raw.addAllLines();
        assertThatThrownBy(() -> raw.reconstruct(
                        directory,
                        RawData.header(
                                new Space(4, 1, 1, 1e6, 1, 1), new Space(4, 1, 1, 1, 1, 1), Map.of(), "cartesian")))
                .hasMessageContaining("in x the header encodes 4 elements over 1000000.0 mm");
        assertThatThrownBy(() -> raw.reconstruct(
                        directory,
                        RawData.header(
                                new Space(0, 1, 1, 1, 1, 1), new Space(4, 1, 1, 1, 1, 1), Map.of(), "cartesian")))
                .hasMessageContaining("size 0 in x");
    }

    private void assertImage(RawData raw, Map<Counter, Limit> limits) throws Exception {
        List<ReconImage> images = raw.reconstruct(directory, raw.header(limits));
        assertThat(images).hasSize(1);
        assertThat(images.get(0).magnitude())
                .usingComparatorWithPrecision(PRECISION)
                .containsExactly(raw.expected());
    }

    private static EncodingCounters step1(int line) {
        return new EncodingCounters(line, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static Path resource(String name) throws Exception {
        return Path.of(TestImages.class.getResource(name).toURI());
    }
}
