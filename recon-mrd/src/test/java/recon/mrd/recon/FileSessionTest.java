package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.TestImages;
import recon.mrd.file.MrdReader;
import recon.mrd.file.MrdWriter;
import recon.mrd.format.Acquisition;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdItem;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeader;

class FileSessionTest {
    @TempDir
    Path directory;

    private final List<Image> images = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    @Test
    void aModuleMakesOfAFileWhatItMakesOfASession() throws Exception {
        Path file = Path.of(TestImages.class.getResource("shepp64_py_clean.h5").toURI());
        try (MrdReader in = MrdReader.open(file)) {
            new InvertContrastModule().run(session(in));
        }
        assertThat(images).hasSize(1);
        assertThat(images.get(0).buffer())
                .isEqualTo(TestImages.npy(
                                Path.of(TestImages.class
                                        .getResource("shepp64_py_clean_invertcontrast_image_0.npy")
                                        .toURI()),
                                "<i2")
                        .slice());
        assertThat(texts).singleElement().asString().startsWith("INFO     Total processing time");
    }

    @Test
    void waveformsComeBeforeReadoutsAndImagesOnlyWhereThereAreNone() throws Exception {
        RawData raw = new RawData(4, 2, 1);
        raw.addAllLines();
        Path file = raw.write(directory, raw.header(Map.of()));
        try (MrdWriter out = MrdWriter.append(file, MrdWriter.DEFAULT_GROUP)) {
            out.write(new Waveform(new WaveformHeader(1, 0, 0, 0, 0, 3, 1, 1, 0), new int[3]));
            out.write(image(0, 0));
            out.commit();
        }
        try (MrdReader in = MrdReader.open(file)) {
            List<MrdItem> items = drain(session(in));
            assertThat(items).hasSize(3);
            assertThat(items.get(0)).isInstanceOf(Waveform.class);
            assertThat(items.subList(1, 3)).allMatch(Acquisition.class::isInstance);
        }
    }

    @Test
    void imagesOfAFileWithoutAHeaderComeGroupByGroup() throws Exception {
        Path file = directory.resolve("images.h5");
        try (MrdWriter out = MrdWriter.create(file, "dataset")) {
            out.write(image(2, 1));
            out.write(image(0, 2));
            out.write(image(2, 3));
            out.commit();
        }
        try (MrdReader in = MrdReader.open(file)) {
            FileSession session = session(in);
            assertThat(session.header()).isEmpty();
            assertThat(session.xml()).isEmpty();
            assertThat(session.config()).isEqualTo("test");
            assertThat(drain(session))
                    .extracting(item -> ((Image) item).head().imageIndex())
                    .containsExactly(2, 1, 3);
        }
    }

    private FileSession session(MrdReader in) throws Exception {
        return new FileSession(in, "test", ReconParameters.NONE, images::add, texts::add);
    }

    private static List<MrdItem> drain(ReconSession session) throws Exception {
        List<MrdItem> items = new ArrayList<>();
        for (Optional<MrdItem> next = session.next(); next.isPresent(); next = session.next()) {
            items.add(next.get());
        }
        return items;
    }

    private static Image image(int series, int index) {
        return Image.of(
                ImageHeader.builder()
                        .matrix(2, 1, 1)
                        .channels(1)
                        .imageSeriesIndex(series)
                        .imageIndex(index),
                new MetaAttributes(),
                new short[2]);
    }
}
