package recon.mrd.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.TestImages;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;
import recon.mrd.format.PixelType;
import recon.mrd.format.Waveform;

/** Images, waveforms and texts in files. */
class MrdItemsFileTest {
    @TempDir
    Path directory;

    @Property(tries = 40)
    void imagesComeBackAsTheyWereWrittenSeriesBySeries(
            @ForAll long seed,
            @ForAll @IntRange(max = 60) int count,
            @ForAll @IntRange(min = 1, max = 12) int seriesCount)
            throws IOException {
        Random random = new Random(seed);
        List<ImageShape> shapes = new ArrayList<>();
        for (int i = 0; i < seriesCount; i++) {
            shapes.add(RandomItems.shape(random));
        }
        Map<String, List<Image>> written = new TreeMap<>();
        List<MrdItem> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int series = random.nextInt(seriesCount);
            Image image = RandomItems.image(random, series, shapes.get(series));
            items.add(image);
            written.computeIfAbsent("image_" + series, name -> new ArrayList<>())
                    .add(image);
        }
        inTemporaryFile(file -> {
            write(file, items, Map.of(MrdText.CONFIG, ""));
            try (MrdReader in = MrdReader.open(file)) {
                assertThat(in.count()).isZero();
                assertThat(images(in)).isEqualTo(written);
            }
        });
    }

    @Test
    void anInterruptOfTheWriterLosesNothing() throws IOException {
        List<MrdItem> images = List.of(RandomItems.image(new Random(1), 0, RandomItems.shape(new Random(2))));
        Path file = directory.resolve("a.h5");
        Thread.currentThread().interrupt();
        try {
            write(file, images, Map.of(MrdText.XML, ""));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(images(in)).containsOnlyKeys("image_0");
        }
    }

    @Property(tries = 25)
    void waveformsComeBackAsTheyWereWritten(@ForAll long seed, @ForAll @IntRange(max = 600) int count)
            throws IOException {
        Random random = new Random(seed);
        List<MrdItem> waveforms = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waveforms.add(RandomItems.waveform(random));
        }
        inTemporaryFile(file -> {
            write(file, waveforms, Map.of(MrdText.XML, ""));
            try (MrdReader in = MrdReader.open(file)) {
                assertThat(waveforms(in)).isEqualTo(waveforms);
            }
        });
    }

    @Test
    void textsAreThoseThatWereWrittenLast() throws Exception {
        Path file = directory.resolve("a.h5");
        write(file, List.of(), Map.of(MrdText.CONFIG, "<c/>", MrdText.CONFIG_FILE, "simplefft"));
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(in.text(MrdText.CONFIG)).contains("<c/>");
            assertThat(in.text(MrdText.CONFIG_FILE)).contains("simplefft");
            assertThat(in.text(MrdText.CONFIG_ADDITIONAL)).isEmpty();
            assertThat(in.text(MrdText.XML)).isEmpty();
            assertThat(in.xml()).isEmpty();
            assertThatThrownBy(in::header)
                    .isInstanceOf(MrdException.class)
                    .hasMessage(file + ": there is no XML header in group dataset");
            assertThatThrownBy(() -> in.acquisition(0))
                    .isInstanceOf(MrdException.class)
                    .hasMessage(file + ": there are no acquisitions in group dataset");
            assertThatThrownBy(() -> in.waveform(0)).isInstanceOf(MrdException.class);
        }
        try (MrdWriter out = MrdWriter.create(file, "b", "Dummy XML header")) {
            out.write(MrdText.CONFIG_ADDITIONAL, "{}");
            out.write(MrdText.CONFIG_ADDITIONAL, "{\"parameters\": {\"ü\": 1}}");
            out.commit();
        }
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(in.text(MrdText.CONFIG_ADDITIONAL)).contains("{\"parameters\": {\"ü\": 1}}");
            assertThat(in.xml()).isEqualTo("Dummy XML header");
            assertThatThrownBy(in::header).isInstanceOf(MrdException.class).hasMessageStartingWith(file + ": ");
        }
    }

    @Test
    void imageOfAnotherSizeOrTypeInASeriesIsRefusedWithBoth() throws Exception {
        Random random = new Random(1);
        Path file = directory.resolve("a.h5");
        Image first = RandomItems.image(random, 7, new ImageShape(PixelType.I16, 1, 1, 3, 4));
        try (MrdWriter out = MrdWriter.create(file, "dataset")) {
            out.write(first);
            assertThatThrownBy(() -> out.write(RandomItems.image(random, 7, new ImageShape(PixelType.F32, 1, 1, 3, 5))))
                    .isInstanceOf(MrdException.class)
                    .hasMessage(
                            "an image of 5 x 3 x 1 of 1 channels of F32 cannot be added to image_7, whose images are"
                                    + " 4 x 3 x 1 of 1 channels of I16; give it another image_series_index");
            assertThatThrownBy(() -> out.write(RandomItems.image(random, 8, new ImageShape(PixelType.F32, 1, 1, 0, 5))))
                    .isInstanceOf(MrdException.class)
                    .hasMessageContaining("outside 1..2147483647");
            out.commit();
        }
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(images(in)).isEqualTo(Map.of("image_7", List.of(first)));
        }
    }

    @Test
    void lengthOfTheAttributesIsWrittenAsItIs() throws Exception {
        Path file = directory.resolve("a.h5");
        ImageHeader head = ImageHeader.builder()
                .pixelType(PixelType.U16)
                .channels(1)
                .matrix(1, 1, 1)
                .attributeBytes(999)
                .build();
        write(file, List.of(new Image(head, "ab", new byte[2])), Map.of());
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(in.images().get(0).header(0).attributeBytes()).isEqualTo(2);
        }
    }

    @Test
    void seriesOfThePythonLibraryAreRead() throws Exception {
        Path file = Path.of(TestImages.class.getResource("img_multiseries.h5").toURI());
        assertThat(MrdReader.groups(file)).containsExactly("dataset");
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(in.images().stream().map(ImageGroup::name)).containsExactly("image_0", "image_1", "image_2");
            assertThat(in.images().stream().map(ImageGroup::count)).containsExactly(3, 2, 2);
            ImageGroup first = in.images().get(0);
            Image image = first.image(2);
            assertThat(image.head()).isEqualTo(first.header(2));
            assertThat(image.head().columns()).isEqualTo(16);
            assertThat(image.head().rows()).isEqualTo(12);
            assertThat(image.head().imageSeriesIndex()).isZero();
            MetaAttributes attributes = MetaAttributes.parse(image.attributes());
            assertThat(attributes.all("SeriesDescription")).containsExactly("mag");
            assertThat(attributes.all("K")).containsExactly("a", "b");
            for (ImageGroup series : in.images()) {
                for (int i = 0; i < series.count(); i++) {
                    Image any = series.image(i);
                    assertThat(any.head().imageSeriesIndex())
                            .hasToString(series.name().substring("image_".length()));
                    assertThat(Arrays.stream(any.values()).anyMatch(value -> value != 0))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void fileOfTheCppLibraryIsReadWithoutTheArraysBesideItsData() throws Exception {
        Path file = Path.of(TestImages.class.getResource("shepp64_cpp_clean.h5").toURI());
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(in.count()).isEqualTo(64);
            assertThat(in.images()).isEmpty();
            assertThat(in.waveformCount()).isZero();
            assertThat(in.header().encodings()).hasSize(1);
            assertThat(in.acquisition(63).head().idx().kspaceEncodeStep1()).isEqualTo(63);
        }
    }

    static void write(Path file, List<? extends MrdItem> items, Map<MrdText, String> texts) throws IOException {
        try (MrdWriter out = MrdWriter.create(file, MrdWriter.DEFAULT_GROUP)) {
            for (Map.Entry<MrdText, String> text : texts.entrySet()) {
                out.write(text.getKey(), text.getValue());
            }
            for (MrdItem item : items) {
                out.write(item);
            }
            out.commit();
        }
    }

    static Map<String, List<Image>> images(MrdReader in) throws IOException {
        Map<String, List<Image>> found = new TreeMap<>();
        for (ImageGroup group : in.images()) {
            List<Image> images = new ArrayList<>();
            for (int i = 0; i < group.count(); i++) {
                images.add(group.image(i));
            }
            found.put(group.name(), images);
        }
        return found;
    }

    static List<Waveform> waveforms(MrdReader in) throws IOException {
        List<Waveform> found = new ArrayList<>();
        for (int i = 0; i < in.waveformCount(); i++) {
            found.add(in.waveform(i));
        }
        return found;
    }

    /** What is done with a file. */
    interface Use {
        void with(Path file) throws IOException;
    }

    static void inTemporaryFile(Use use) throws IOException {
        Path folder = Files.createTempDirectory("mrd");
        Path file = folder.resolve("a.h5");
        try {
            use.with(file);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }
}
