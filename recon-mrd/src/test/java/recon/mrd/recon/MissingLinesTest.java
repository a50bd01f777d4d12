package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import recon.mrd.TestImages;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Acquisition;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdHeader.Counter;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.MrdHeader.Limit;
import recon.mrd.format.MrdHeader.Space;
import recon.mrd.phantom.PhantomGenerator;
import recon.mrd.phantom.PhantomOptions;

/** An image of which lines are missing is said to be one, in files and as data stream in. */
class MissingLinesTest {
    private static final Map<Counter, Limit> EIGHT = Map.of(Counter.KSPACE_ENCODING_STEP_1, new Limit(0, 7, 4));
    private static final Map<Counter, Limit> EIGHT_BY_THREE = Map.of(
            Counter.KSPACE_ENCODING_STEP_1, new Limit(0, 7, 4), Counter.KSPACE_ENCODING_STEP_2, new Limit(0, 2, 1));

    @TempDir
    Path directory;

    @Test
    void aScanThatWasCutOffIsSaidToBeOneWithItsFirstIncompleteImage() throws Exception {
        RawData raw = new RawData(4, 8, 1);
        for (int slice = 0; slice < 4; slice++) {
            for (int y = 0; y < (slice == 0 ? 8 : 3); y++) {
                add(raw, y, 0, 0, slice);
            }
        }
        assertThat(warnings(raw, raw.header(EIGHT)))
                .containsExactly("image slice 1: 3 of 8 lines came; the others are 0");
    }

    @Test
    void theImageIsNamedByAllCountersThatAreNotZero() throws Exception {
        RawData raw = new RawData(4, 8, 1);
        raw.add(raw.head(new EncodingCounters(0, 0, 0, 5, 1, 2, 3, 4, 0)).build(), raw.line(0, 0, 0, 4, 1));
        assertThat(warnings(raw, raw.header(EIGHT)))
                .containsExactly(
                        "image slice 5, contrast 1, phase 2, repetition 3, set 4: 1 of 8 lines came; the others"
                                + " are 0");
    }

    @Test
    void averagesAndRepeatedLinesCountOnce() throws Exception {
        RawData raw = new RawData(4, 8, 1);
        for (int average = 0; average < 4; average++) {
            for (int y = 0; y < 6; y++) {
                add(raw, y, 0, average, 0);
                add(raw, y, 0, average, 0);
            }
        }
        assertThat(warnings(raw, raw.header(EIGHT)))
                .containsExactly("image slice 0: 6 of 8 lines came; the others are 0");
    }

    @Test
    void aVolumeLacksLinesOfItsPartitions() throws Exception {
        RawData raw = new RawData(4, 8, 3);
        for (int y = 0; y < 8; y++) {
            add(raw, y, 0, 0, 0);
            add(raw, y, 1, 0, 0);
        }
        add(raw, 0, 2, 0, 0);
        assertThat(warnings(raw, raw.header(EIGHT_BY_THREE)))
                .containsExactly("image slice 0: 17 of 24 lines came; the others are 0");
        for (int y = 1; y < 8; y++) {
            add(raw, y, 2, 0, 0);
        }
        assertThat(warnings(raw, raw.header(EIGHT_BY_THREE))).isEmpty();
    }

    /** Lines 0 and 1, of whatever the header says about them. */
    @ParameterizedTest
    @CsvSource({"0, 1, 4", "0, 1, 1", "0, 1, 0", "0, 0, 0", "7, 0, 4", "4, 5, 4"})
    void asManyLinesAsTheLimitsTellOfAreEnough(int minimum, int maximum, int center) throws Exception {
        RawData raw = new RawData(4, 8, 1);
        add(raw, 0, 0, 0, 0);
        add(raw, 1, 0, 0, 0);
        Map<Counter, Limit> limits = Map.of(Counter.KSPACE_ENCODING_STEP_1, new Limit(minimum, maximum, center));
        assertThat(warnings(raw, raw.header(limits))).isEmpty();
    }

    @Test
    void withoutLimitsNothingIsKnown() throws Exception {
        RawData raw = new RawData(4, 8, 3);
        add(raw, 0, 0, 0, 0);
        add(raw, 1, 1, 0, 0);
        assertThat(warnings(raw, raw.header(Map.of()))).isEmpty();
        assertThat(warnings(raw, raw.header(EIGHT))).isEmpty();
    }

    @Test
    void limitsBeyondTheMatrixTellOfNoMoreThanIt() throws Exception {
        RawData raw = new RawData(4, 8, 1);
        raw.addAllLines();
        Map<Counter, Limit> limits = Map.of(Counter.KSPACE_ENCODING_STEP_1, new Limit(0, 65535, 4));
        assertThat(warnings(raw, raw.header(limits))).isEmpty();
    }

    @Test
    void linesBeyondTheResolutionThatIsAskedForAreNotMissed() throws Exception {
        RawData raw = new RawData(8, 8, 1);
        for (int y = 1; y < 6; y++) {
            raw.add(raw.head(new EncodingCounters(y, 0, 0, 0, 0, 0, 0, 0, 0)).build(), raw.line(y, 0, 0, 8, 1));
        }
        Space space = new Space(8, 8, 1, 8, 8, 1);
        MrdHeader coarse = RawData.header(space, new Space(4, 4, 1, 8, 8, 1), EIGHT, "cartesian");
        assertThat(warnings(raw, coarse)).isEmpty();
        MrdHeader fine = RawData.header(space, new Space(16, 16, 1, 8, 8, 1), EIGHT, "cartesian");
        assertThat(warnings(raw, fine)).containsExactly("image slice 0: 5 of 8 lines came; the others are 0");
    }

    @Test
    void ofUndersampledDataOnlyTheAccelerationIsSaid() throws Exception {
        RawData raw = new RawData(4, 8, 1);
        add(raw, 0, 0, 0, 0);
        Space space = new Space(4, 8, 1, 4, 8, 1);
        MrdHeader plain = raw.header(EIGHT);
        MrdHeader header = new MrdHeader(
                plain.subject(),
                plain.study(),
                plain.measurement(),
                plain.system(),
                plain.h1ResonanceFrequencyHz(),
                List.of(new Encoding(space, space, EIGHT, "cartesian", 2, 1, OptionalInt.empty())),
                plain.sequence(),
                plain.user());
        assertThat(warnings(raw, header)).singleElement().asString().startsWith("the data are undersampled");
    }

    @ParameterizedTest
    @CsvSource({"32,1,1,1,0", "33,1,3,4,16", "32,2,2,2,0", "33,3,1,2,8"})
    void aWholePhantomLacksNothing(int matrix, int acceleration, int repetitions, int slices, int noiseScans)
            throws Exception {
        Path file = directory.resolve("phantom.h5");
        PhantomOptions options = new PhantomOptions(
                matrix,
                2,
                2,
                repetitions,
                acceleration,
                slices,
                0.05,
                noiseScans,
                OptionalLong.of(5),
                LocalDateTime.of(2026, 1, 2, 3, 4, 5));
        PhantomGenerator.generate(options, file);
        assertThat(warnings(file)).hasSize(acceleration == 1 ? 0 : 1).noneMatch(text -> text.contains("lines came"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shepp64_py_clean.h5", "shepp64_cpp_clean.h5"})
    void wholeFilesOfOthersLackNothing(String name) throws Exception {
        assertThat(warnings(Path.of(TestImages.class.getResource(name).toURI())))
                .noneMatch(text -> text.contains("lines came"));
    }

    private static void add(RawData raw, int y, int z, int average, int slice) {
        raw.add(
                raw.head(new EncodingCounters(y, z, average, slice, 0, 0, 0, 0, 0))
                        .build(),
                raw.line(y, z, 0, 4, 1));
    }

    private List<String> warnings(RawData raw, MrdHeader header) throws Exception {
        return warnings(raw.write(directory, header));
    }

    /** What is said about a file, which is the same as about a session that sends it. */
    private static List<String> warnings(Path file) throws Exception {
        List<String> ofFile = new ArrayList<>();
        try (MrdReader in = MrdReader.open(file)) {
            try (CartesianReconstruction all =
                    new CartesianReconstruction(in, true, CartesianImages.halfOfTheMemory(), ofFile::add)) {
                all.run(image -> {});
            }
            List<Acquisition> readouts = new ArrayList<>();
            for (int i = 0; i < in.count(); i++) {
                readouts.add(in.acquisition(i));
            }
            FakeSession session =
                    new FakeSession(Optional.of(in.header()), new ReconParameters(Map.of("output", "float")), readouts);
            new CartesianModule().run(session);
            assertThat(session.texts)
                    .containsExactlyElementsOf(
                            ofFile.stream().map("WARNING  "::concat).toList());
        }
        return ofFile;
    }
}
