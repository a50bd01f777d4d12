package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import recon.mrd.TestImages;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.Image;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdHeader.Counter;
import recon.mrd.format.MrdHeader.Limit;
import recon.mrd.format.MrdHeader.Space;
import recon.mrd.format.PixelType;
import recon.mrd.phantom.PhantomGenerator;
import recon.mrd.phantom.PhantomOptions;

/** Our reconstruction as data stream in: the same images as from a file, one by one as they are complete. */
class CartesianModuleTest {
    private static final Map<String, String> FLOAT = Map.of("output", "float");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void imagesOfAPhantomAreThoseOfItsFile(String prewhiten) throws Exception {
        Path file = phantom(2, 1, 3, 16);
        FakeSession session = run(file, Map.of("output", "float", "prewhiten", prewhiten));
        assertThat(session.texts).isEmpty();
        assertSame(session.images, TestImages.reconstruct(file, Boolean.parseBoolean(prewhiten)));
        assertThat(session.images).extracting(image -> image.head().slice()).containsExactly(0, 1, 2, 0, 1, 2);
        assertThat(session.images)
                .extracting(image -> image.head().imageIndex())
                .containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(session.images.get(3).head().repetition()).isEqualTo(1);
        assertThat(session.images.get(0).head().fieldOfViewMm().x()).isEqualTo(256);
        assertThat(session.images.get(0).head().pixelType()).isEqualTo(PixelType.F32);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shepp64_py_clean", "shepp64_cpp_clean"})
    void withoutPrewhiteningTheImageIsThatOfTheReference(String name) throws Exception {
        Path file = Path.of(TestImages.class.getResource(name + ".h5").toURI());
        FakeSession session = run(file, Map.of("output", "float", "prewhiten", "false"));
        float[] reference = TestImages.npy(
                Path.of(TestImages.class.getResource(name + "_cpprecon_cpp.npy").toURI()));
        Image last = session.images.get(session.images.size() - 1);
        assertThat(TestImages.normalizedRmsError(floats(last), reference)).isLessThan(1e-6);
    }

    @ParameterizedTest
    @CsvSource({"6,4,3,false", "5,3,4,true", "8,6,1,false"})
    void volumesAreFoundWithAndWithoutLimits(int nx, int ny, int nz, boolean limits) throws Exception {
        RawData raw = new RawData(nx, ny, nz);
        raw.addAllLines();
        Map<Counter, Limit> some =
                limits ? Map.of(Counter.KSPACE_ENCODING_STEP_2, new Limit(0, nz - 1, nz / 2)) : Map.of();
        Path file = raw.write(directory, raw.header(some));
        FakeSession session = run(file, FLOAT);
        assertThat(session.images).hasSize(1);
        assertThat(session.images.get(0).head().slices()).isEqualTo(nz);
        assertThat(floats(session.images.get(0)))
                .usingComparatorWithPrecision(2e-6f)
                .containsExactly(raw.expected());
        assertSame(session.images, TestImages.reconstruct(file));
    }

    @Test
    void aVolumeLeavesWithItsLastPartitionAlthoughEachIsFlagged() throws Exception {
        RawData raw = new RawData(4, 3, 3);
        for (int z = 0; z < 3; z++) {
            for (int y = 0; y < 3; y++) {
                AcquisitionFlag[] flags = y == 2 ? new AcquisitionFlag[] {AcquisitionFlag.LAST_IN_SLICE} : none();
                raw.add(
                        raw.head(new EncodingCounters(y, z, 0, 0, 0, 0, 0, 0, 0), flags)
                                .build(),
                        raw.line(y, z, 0, 4, 1));
            }
        }
        FakeSession session = run(raw, Map.of(Counter.KSPACE_ENCODING_STEP_2, new Limit(0, 2, 1)), FLOAT);
        assertThat(session.images).hasSize(1);
        assertThat(floats(session.images.get(0)))
                .usingComparatorWithPrecision(2e-6f)
                .containsExactly(raw.expected());
    }

    @Test
    void averagesAreAveragedUpToTheLastThatTheHeaderTellsOf() throws Exception {
        RawData raw = new RawData(6, 4, 1);
        for (int average = 0; average < 2; average++) {
            for (int y = 0; y < 4; y++) {
                AcquisitionFlag[] flags = y == 3 ? new AcquisitionFlag[] {AcquisitionFlag.LAST_IN_SLICE} : none();
                raw.add(
                        raw.head(new EncodingCounters(y, 0, average, 0, 0, 0, 0, 0, 0), flags)
                                .build(),
                        raw.line(y, 0, 0, 6, average == 0 ? 0.5 : 1.5));
            }
        }
        FakeSession session = run(raw, Map.of(Counter.AVERAGE, new Limit(0, 1, 0)), FLOAT);
        assertThat(session.images).hasSize(1);
        assertThat(floats(session.images.get(0)))
                .usingComparatorWithPrecision(2e-6f)
                .containsExactly(raw.expected());
        session = run(raw, Map.of(), FLOAT);
        assertThat(session.images).hasSize(2);
        assertThat(session.texts)
                .containsExactly("WARNING  readouts of an image came after the one that was flagged as its last, and"
                        + " make another image");
    }

    @Test
    void partialFourierAndInterleavedSlicesAreThoseOfTheFile() throws Exception {
        RawData raw = new RawData(6, 8, 1);
        for (int y = 3; y < 8; y++) {
            for (int slice = 0; slice < 3; slice++) {
                raw.add(
                        raw.head(new EncodingCounters(y - 3, 0, 0, slice, 0, 0, 0, 0, 0))
                                .build(),
                        raw.line(y, 0, 0, 6, 1 + slice));
            }
        }
        Map<Counter, Limit> limits = Map.of(Counter.KSPACE_ENCODING_STEP_1, new Limit(0, 4, 1));
        FakeSession session = run(raw, limits, FLOAT);
        assertThat(session.images).hasSize(3);
        assertSame(session.images, raw.reconstruct(directory, raw.header(limits)));
    }

    @Test
    void anImageLeavesWhenItsLastReadoutHasComeAndAnotherWhenTheNextRepetitionBegins() throws Exception {
        RawData raw = new RawData(4, 2, 1);
        for (int repetition = 0; repetition < 3; repetition++) {
            for (int y = 0; y < 2; y++) {
                AcquisitionFlag[] flags =
                        y == 1 && repetition == 0 ? new AcquisitionFlag[] {AcquisitionFlag.LAST_IN_REPETITION} : none();
                raw.add(
                        raw.head(new EncodingCounters(y, 0, 0, 0, 0, 0, repetition, 0, 0), flags)
                                .build(),
                        raw.line(y, 0, 0, 4, 1));
            }
        }
        List<Acquisition> readouts = readouts(raw.write(directory, raw.header(Map.of())));
        FakeSession session = new FakeSession(Optional.of(raw.header(Map.of())), new ReconParameters(FLOAT), List.of());
        CartesianStream stream = new CartesianStream(session);
        stream.add(readouts.subList(0, 1));
        assertThat(session.images).isEmpty();
        stream.add(readouts.subList(1, 2));
        assertThat(session.images).hasSize(1);
        stream.add(readouts.subList(2, 4));
        assertThat(session.images).hasSize(1);
        stream.add(readouts.subList(4, 6));
        assertThat(session.images).hasSize(2);
        stream.finish();
        assertThat(session.images)
                .extracting(image -> image.head().repetition())
                .containsExactly(0, 1, 2);
    }

    @Test
    void scaledImagesShareTheScaleOfTheFirst() throws Exception {
        RawData raw = new RawData(8, 8, 1);
        for (int slice = 0; slice < 3; slice++) {
            for (int y = 0; y < 8; y++) {
                raw.add(
                        raw.head(new EncodingCounters(y, 0, 0, slice, 0, 0, 0, 0, 0))
                                .build(),
                        raw.line(y, 0, 0, 8, slice == 0 ? 1 : slice == 1 ? 0.25 : 3));
            }
        }
        FakeSession session = run(raw, Map.of(), Map.of());
        assertThat(session.images).hasSize(3);
        assertThat(session.images.get(0).head().pixelType()).isEqualTo(PixelType.I16);
        double[] first = session.images.get(0).values();
        double[] second = session.images.get(1).values();
        double[] third = session.images.get(2).values();
        assertThat(maximum(first)).isEqualTo(2048);
        for (int i = 0; i < first.length; i++) {
            assertThat(second[i]).isCloseTo(first[i] / 4, within(0.76));
            assertThat(third[i]).isCloseTo(Math.min(4095, first[i] * 3), within(2.1));
        }
        assertThat(session.texts)
                .containsExactly(
                        "WARNING  an image is more than twice as bright as the first: pixels above 4095 are cut");
        MetaAttributes attributes = MetaAttributes.parse(session.images.get(1).attributes());
        assertThat(attributes.names())
                .containsExactly(
                        "DataRole",
                        "ImageProcessingHistory",
                        "WindowCenter",
                        "WindowWidth",
                        "ImageRowDir",
                        "ImageColumnDir",
                        "ImageScaleFactor");
        assertThat(attributes.first("WindowCenter")).contains("1024.0");
        double scale = Double.parseDouble(attributes.first("ImageScaleFactor").orElseThrow());
        assertThat(maximum(first) / scale).isCloseTo(maximumOf(raw.expected()), within(1e-3));
    }

    @Test
    void undersampledDataAreReconstructedWithAWarning() throws Exception {
        FakeSession session = run(phantom(1, 2, 1, 0), FLOAT);
        assertThat(session.images).hasSize(2);
        assertThat(session.texts)
                .containsExactly("WARNING  the data are undersampled (acceleration factor 2 x 1): the lines that were"
                        + " not sampled are taken for 0");
    }

    @Test
    void whatCannotBeReconstructedIsSaid() throws Exception {
        RawData raw = new RawData(4, 2, 1);
        raw.addAllLines();
        assertThatThrownBy(() -> run(raw, Map.of(), Map.of("output", "png")))
                .isInstanceOf(MrdException.class)
                .hasMessage("the parameter output is \"png\"; scaled or float belongs there");
        FakeSession headless = new FakeSession(Optional.empty(), ReconParameters.NONE, List.of());
        assertThatThrownBy(() -> new CartesianModule().run(headless)).hasMessageContaining("without an XML header");
        FakeSession empty = new FakeSession(Optional.of(raw.header(Map.of())), ReconParameters.NONE, List.of());
        assertThatThrownBy(() -> new CartesianModule().run(empty))
                .hasMessage("none of the 0 readouts samples an image");
        raw.add(raw.head(new EncodingCounters(2, 0, 0, 0, 0, 0, 0, 0, 0)).build(), raw.line(0, 0, 0, 4, 1));
        assertThatThrownBy(() -> run(raw, Map.of(), Map.of())).hasMessageStartingWith("acquisition 2: kspace_encode");
    }

    private static final long ONE = oneImage();

    private static long oneImage() {
        try {
            return Geometry.of(small().encodings().get(0), 0).memoryBytes(4);
        } catch (MrdException e) {
            throw new AssertionError(e);
        }
    }

    private static MrdHeader small() {
        Space space = new Space(64, 64, 1, 64, 64, 1);
        return RawData.header(space, space, Map.of(), "cartesian");
    }

    private static CartesianImages images(long mostBytes) {
        return new CartesianImages(small(), true, new MemoryShare(mostBytes, mostBytes / 16), warning -> {});
    }

    @Test
    void manyImagesAtOnceAreRefusedBeforeTheMemoryIsTaken() throws Exception {
        RawData raw = new RawData(64, 64, 1);
        try (CartesianImages images = images(2 * ONE + ONE / 2)) {
            for (int slice = 0; slice < 2; slice++) {
                begin(images, raw, slice);
            }
            assertThatThrownBy(() -> begin(images, raw, 2))
                    .hasMessageContaining("an image of 64 x 64 x 1 with 4 coils needs");
        }
    }

    @Test
    void aFinishedImageGivesItsMemoryBack() throws Exception {
        RawData raw = new RawData(64, 64, 1);
        try (CartesianImages images = images(ONE)) {
            for (int slice = 0; slice < 5; slice++) {
                CartesianImage image = begin(images, raw, slice);
                assertThat(image.finish()).hasSize(64 * 64);
                assertThatThrownBy(() -> begin(images, raw, 9)).isInstanceOf(MrdException.class);
                image.release();
            }
        }
    }

    @Test
    void sessionsShareTheMemoryAndOneThatNeedsLittleHasItAllTheSame() throws Exception {
        RawData raw = new RawData(64, 64, 1);
        long most = 20 * ONE;
        try (CartesianImages much = images(most);
                CartesianImages more = images(most);
                CartesianImages little = images(most);
                Collected readouts = new Collected(new MemoryShare(most, most / 16))) {
            for (int slice = 0; slice < 15; slice++) {
                begin(much, raw, slice);
            }
            for (int slice = 0; slice < 5; slice++) {
                begin(more, raw, slice);
            }
            assertThatThrownBy(() -> begin(more, raw, 5))
                    .isInstanceOf(MrdException.class)
                    .hasMessageContaining("this session keeps")
                    .hasMessageContaining("and others");
            begin(little, raw, 0);
            Acquisition line = new Acquisition(
                    raw.head(new EncodingCounters(0, 0, 0, 0, 0, 0, 0, 0, 0)).build(), new float[0], new float[128]);
            readouts.add(line);
        }
        try (CartesianImages all = images(most)) {
            for (int slice = 0; slice < 20; slice++) {
                begin(all, raw, slice);
            }
        }
    }

    private static CartesianImage begin(CartesianImages images, RawData raw, int slice) throws Exception {
        var head = raw.head(new EncodingCounters(0, 0, 0, slice, 0, 0, 0, 0, 0))
                .channels(4)
                .build();
        return images.begin(ImageKey.of(0, head).orElseThrow(), head, 0);
    }

    private Path phantom(int repetitions, int acceleration, int slices, int noiseScans) throws Exception {
        Path file = directory.resolve("phantom.h5");
        PhantomGenerator.generate(
                new PhantomOptions(
                        32,
                        3,
                        2,
                        repetitions,
                        acceleration,
                        slices,
                        0.05,
                        noiseScans,
                        OptionalLong.of(5),
                        LocalDateTime.of(2026, 1, 2, 3, 4, 5)),
                file);
        return file;
    }

    private FakeSession run(RawData raw, Map<Counter, Limit> limits, Map<String, String> parameters) throws Exception {
        return run(raw.write(directory, raw.header(limits)), parameters);
    }

    private static FakeSession run(Path file, Map<String, String> parameters) throws Exception {
        try (MrdReader in = MrdReader.open(file)) {
            FakeSession session =
                    new FakeSession(Optional.of(in.header()), new ReconParameters(parameters), readouts(file));
            new CartesianModule().run(session);
            return session;
        }
    }

    private static List<Acquisition> readouts(Path file) throws Exception {
        List<Acquisition> readouts = new ArrayList<>();
        try (MrdReader in = MrdReader.open(file)) {
            for (int i = 0; i < in.count(); i++) {
                readouts.add(in.acquisition(i));
            }
        }
        return readouts;
    }

    private static void assertSame(List<Image> images, List<ReconImage> expected) {
        List<float[]> planes = new ArrayList<>();
        for (Image image : images) {
            float[] pixels = floats(image);
            int plane = image.head().columns() * image.head().rows();
            for (int z = 0; z < image.head().slices(); z++) {
                planes.add(java.util.Arrays.copyOfRange(pixels, z * plane, (z + 1) * plane));
            }
        }
        assertThat(planes).hasSameSizeAs(expected);
        for (int i = 0; i < planes.size(); i++) {
            assertThat(planes.get(i))
                    .as("image %d", i)
                    .isEqualTo(expected.get(i).magnitude());
        }
    }

    private static float[] floats(Image image) {
        float[] pixels = new float[image.pixels().length / Float.BYTES];
        image.buffer().asFloatBuffer().get(pixels);
        return pixels;
    }

    private static double maximum(double[] values) {
        return java.util.Arrays.stream(values).max().orElseThrow();
    }

    private static double maximumOf(float[] values) {
        double maximum = 0;
        for (float value : values) {
            maximum = Math.max(maximum, value);
        }
        return maximum;
    }

    private static AcquisitionFlag[] none() {
        return new AcquisitionFlag[0];
    }
}
