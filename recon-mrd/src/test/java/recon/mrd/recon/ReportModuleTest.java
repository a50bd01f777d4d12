package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdItem;
import recon.mrd.format.PixelType;
import recon.mrd.format.Vector3;

class ReportModuleTest {
    private static final float WHITE = 254.9745f;

    @Test
    void aPageSaysWhatTheHeaderSays() throws Exception {
        Path file = Path.of(ReportModuleTest.class
                .getResource("/recon/mrd/shepp64_py_clean.h5")
                .toURI());
        FakeSession session;
        try (MrdReader in = MrdReader.open(file)) {
            List<Acquisition> readouts = new ArrayList<>();
            for (int i = 0; i < in.count(); i++) {
                readouts.add(in.acquisition(i));
            }
            session = run(Optional.of(in.header()), readouts);
        }
        assertThat(session.images).hasSize(1);
        MetaAttributes attributes = MetaAttributes.parse(session.images.get(0).attributes());
        assertThat(attributes.names())
                .containsExactly(
                        "DataRole",
                        "ImageProcessingHistory",
                        "Keep_image_geometry",
                        "ImageRowDir",
                        "ImageColumnDir",
                        "protocolName",
                        "scanner",
                        "fieldOfView",
                        "matrixSize",
                        "inputData");
        assertThat(attributes.first("fieldOfView")).contains("512.0 x 256.0 x 5.0 mm^3");
        assertThat(attributes.first("matrixSize")).contains("128 x 64 x 1");
        assertThat(attributes.first("inputData")).contains("64 readouts");
        ImageHeader head = session.images.get(0).head();
        assertThat(head.pixelType()).isEqualTo(PixelType.F32);
        assertThat(head.columns()).isEqualTo(512);
        assertThat(head.rows()).isEqualTo(512);
        assertThat(head.fieldOfViewMm()).isEqualTo(new Vector3(512, 512, 1));
        assertThat(head.imageType()).isEqualTo(ImageType.MAGNITUDE);
        assertThat(head.imageIndex()).isZero();
        assertThat(head.imageSeriesIndex()).isZero();
    }

    @Test
    void thePageIsBlackButForItsLetters() throws Exception {
        Image page = run(Optional.empty(), List.of(readout())).images.get(0);
        StringBuilder firstLine = new StringBuilder();
        for (int y = 10; y < 20; y += 2) {
            for (int x = 10; x < 26; x += 2) {
                float pixel = page.buffer().getFloat(4 * (y * 512 + x));
                assertThat(pixel).isIn(0f, WHITE);
                firstLine.append(pixel == 0 ? '.' : '#');
            }
            firstLine.append('\n');
        }
        assertThat(firstLine).hasToString("""
                ##..##..
                #.#.#.#.
                ##..##..
                #...#.#.
                #...#.#.
                """); // P and R of protocolName
    }

    @Test
    void aPageForEachSliceOfReadoutsThatAreLines() throws Exception {
        FakeSession session = run(
                Optional.empty(),
                List.of(
                        readout(AcquisitionFlag.NOISE_MEASUREMENT),
                        readout(),
                        readout(AcquisitionFlag.LAST_IN_SLICE),
                        readout(AcquisitionFlag.NAVIGATION_DATA, AcquisitionFlag.LAST_IN_SLICE),
                        readout()));
        assertThat(inputs(session)).containsExactly("2 readouts", "1 readouts");
        MetaAttributes attributes = MetaAttributes.parse(session.images.get(0).attributes());
        assertThat(attributes.first("scanner")).contains("unknown");
        assertThat(attributes.first("protocolName")).contains("unknown");
    }

    @Test
    void aPageForEachSeriesOfImages() throws Exception {
        FakeSession session = run(
                Optional.of(RawData.header(
                        new MrdHeader.Space(8, 8, 1, 1, 1, 1),
                        new MrdHeader.Space(8, 8, 1, 1, 1, 1),
                        Map.of(),
                        "cartesian")),
                List.of(
                        image(1, ImageType.MAGNITUDE),
                        image(1, ImageType.PHASE),
                        image(1, ImageType.UNKNOWN),
                        image(2, ImageType.MAGNITUDE)));
        assertThat(session.images.get(0).head().imageType()).isEqualTo(ImageType.PHASE);
        assertThat(MetaAttributes.parse(session.images.get(0).attributes()).first("Keep_image_geometry"))
                .contains("1");
        session.images.remove(0);
        assertThat(inputs(session)).containsExactly("2 images", "1 images");
        assertThat(MetaAttributes.parse(session.images.get(0).attributes()).first("scanner"))
                .contains("unknown vendor unknown model unknown field strength");
    }

    private static List<String> inputs(FakeSession session) throws Exception {
        List<String> inputs = new ArrayList<>();
        for (Image image : session.images) {
            inputs.add(
                    MetaAttributes.parse(image.attributes()).first("inputData").orElseThrow());
        }
        return inputs;
    }

    private static Acquisition readout(AcquisitionFlag... flags) {
        return new Acquisition(AcquisitionHeader.builder().flags(flags).build(), new float[0], new float[0]);
    }

    private static Image image(int series, int type) {
        return Image.of(
                ImageHeader.builder().imageType(type).imageSeriesIndex(series), new MetaAttributes(), new short[1]);
    }

    private static FakeSession run(Optional<MrdHeader> header, List<? extends MrdItem> items) throws Exception {
        FakeSession session = new FakeSession(header, ReconParameters.NONE, items);
        new ReconModules().named("report").orElseThrow().run(session);
        return session;
    }
}
