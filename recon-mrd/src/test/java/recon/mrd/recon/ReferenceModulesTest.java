package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.mrd.TestImages;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.MrdItem;
import recon.mrd.format.PixelType;

/** What the modules make of the reference data, to the pixel, and of data that they cannot use. */
class ReferenceModulesTest {
    private final ReconModules modules = new ReconModules();

    @ParameterizedTest
    @CsvSource({
        "simplefft, shepp64_py_clean, shepp64_py_clean_simplefft_image_0, '', <i2",
        "simplefft, shepp64_cpp_clean, shepp64_cpp_clean_simplefft_image_0, '', <i2",
        "invertcontrast, shepp64_py_clean, shepp64_py_clean_invertcontrast_image_0, '', <i2",
        "invertcontrast, shepp64_cpp_clean, shepp64_cpp_clean_invertcontrast_image_0, '', <i2",
        "invertcontrast, shepp64_py_clean, opt_roi_image_0, roi, <i2",
        "invertcontrast, shepp64_py_clean, opt_rgb_image_0, rgb, <u2",
    })
    void imagesAreThoseOfTheReference(String module, String input, String output, String option, String type)
            throws Exception {
        FakeSession session = run(module, resource(input + ".h5"), Map.of("options", option));
        ByteBuffer expected = TestImages.npy(resource(output + ".npy"), type);
        assertThat(session.images).hasSize(1);
        assertThat(session.images.get(0).buffer()).isEqualTo(expected.slice());
        assertThat(session.images.get(0).head().pixelType())
                .isEqualTo(type.equals("<u2") ? PixelType.U16 : PixelType.I16);
    }

    @Test
    void aRegionIsDrawnNearTheCorner() throws Exception {
        FakeSession session = run("invertcontrast", resource("shepp64_py_clean.h5"), Map.of("options", "roi"));
        MetaAttributes attributes = MetaAttributes.parse(session.images.get(0).attributes());
        List<String> region = attributes.all("ROI_example");
        assertThat(region).hasSize(6 + 2 * 50).startsWith("1.000000", "0.000000", "0.000000", "1.000000", "0", "1");
        for (String number : region.subList(6, region.size())) {
            assertThat(Double.parseDouble(number)).isBetween(51.2 - 1e-5, 57.6 + 1e-5);
        }
        assertThat(attributes.names())
                .containsExactly(
                        "DataRole",
                        "ImageProcessingHistory",
                        "Keep_image_geometry",
                        "WindowCenter",
                        "WindowWidth",
                        "SequenceDescriptionAdditional",
                        "ROI_example",
                        "ImageRowDir",
                        "ImageColumnDir");
        assertThat(session.texts)
                .singleElement()
                .asString()
                .matches("INFO     Total processing time: \\d+\\.\\d\\d ms");
    }

    @Test
    void coloursSayThatTheyAre() throws Exception {
        FakeSession session = run("invertcontrast", resource("shepp64_py_clean.h5"), Map.of("options", "rgb"));
        MetaAttributes attributes = MetaAttributes.parse(session.images.get(0).attributes());
        assertThat(attributes.all("ImageProcessingHistory")).containsExactly("PYTHON", "INVERT", "RGB");
        assertThat(attributes.first("SequenceDescriptionAdditional")).contains("FIRE_RGB");
        assertThat(attributes.first("InternalSend")).contains("1");
        assertThat(attributes.has("WindowCenter")).isFalse();
        assertThat(session.images.get(0).head().imageType()).isEqualTo(6);
        assertThat(session.images.get(0).head().channels()).isEqualTo(3);
    }

    @Test
    void originalsGoFirst() throws Exception {
        Image image = Image.of(
                ImageHeader.builder().matrix(2, 1, 1).imageType(1).imageSeriesIndex(3),
                new MetaAttributes(),
                new short[] {0, 100});
        FakeSession session = session(List.of(image), Map.of("sendOriginal", "TRUE", "options", "colormap"));
        modules.named("invertcontrast").orElseThrow().run(session);
        assertThat(session.images).hasSize(2);
        assertThat(session.images.get(0).values()).containsExactly(0, 100);
        assertThat(session.images.get(0).head().imageSeriesIndex()).isEqualTo(99);
        assertThat(session.images.get(1).values()).containsExactly(4095, 0);
        assertThat(session.images.get(1).head().imageSeriesIndex()).isEqualTo(3);
        assertThat(MetaAttributes.parse(session.images.get(1).attributes()).first("LUTFileName"))
                .contains("MicroDeltaHotMetal.pal");
    }

    @Test
    void aSliceOfUnequalReadoutsIsRefused() {
        Acquisition one = readout(4, 2);
        Acquisition other = readout(5, 2, AcquisitionFlag.LAST_IN_SLICE);
        assertThatThrownBy(() -> modules.named("simplefft").orElseThrow().run(session(List.of(one, other), Map.of())))
                .isInstanceOf(MrdException.class)
                .hasMessage("acquisition 0 has 5 samples of 2 channels, but the first of its slice has 4 of 2");
        assertThatThrownBy(() ->
                        modules.named("simplefft").orElseThrow().run(session(List.of(readout(0, 2)), Map.of())))
                .hasMessage("acquisition 0 has no samples");
        assertThatThrownBy(() -> modules.named("invertcontrast").orElseThrow().run(session(List.of(one), Map.of())))
                .hasMessage("raw data without an XML header that says how they are encoded");
    }

    @Test
    void whatIsLeftAtTheEndIsAnImageToo() throws Exception {
        FakeSession session = session(List.of(readout(4, 2), readout(4, 2)), Map.of());
        modules.named("simplefft").orElseThrow().run(session);
        assertThat(session.images).hasSize(1);
        assertThat(session.images.get(0).head().columns()).isEqualTo(4);
        assertThat(session.images.get(0).head().rows()).isEqualTo(2);
    }

    private static Acquisition readout(int samples, int channels, AcquisitionFlag... flags) {
        AcquisitionHeader head = AcquisitionHeader.builder()
                .numberOfSamples(samples)
                .channels(channels)
                .flags(flags)
                .build();
        float[] data = new float[2 * samples * channels];
        Arrays.fill(data, 1);
        return new Acquisition(head, new float[0], data);
    }

    private static FakeSession session(List<? extends MrdItem> items, Map<String, String> parameters) {
        return new FakeSession(Optional.<MrdHeader>empty(), new ReconParameters(parameters), items);
    }

    private FakeSession run(String module, Path file, Map<String, String> parameters) throws Exception {
        try (MrdReader in = MrdReader.open(file)) {
            List<Acquisition> items = new ArrayList<>();
            for (int i = 0; i < in.count(); i++) {
                items.add(in.acquisition(i));
            }
            FakeSession session = new FakeSession(Optional.of(in.header()), new ReconParameters(parameters), items);
            modules.named(module).orElseThrow().run(session);
            return session;
        }
    }

    private static Path resource(String name) throws Exception {
        return Path.of(
                ReferenceModulesTest.class.getResource("/recon/mrd/" + name).toURI());
    }
}
