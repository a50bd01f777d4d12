package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.mrd.TestImages;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdItem;
import recon.mrd.format.PixelType;

class AnalyzeFlowModuleTest {
    private static final int SLICES = 2;
    private static final int PHASES = 7;
    private static final int PIXELS = 4 * 5;

    /** The arrays [slice, phase, y, x] were made with NumPy 2.4: diff, abs and mean along the phases, rint. */
    @ParameterizedTest
    @CsvSource({"u16, <u2, U16", "i16, <i2, I16"})
    void pixelsAreThoseOfNumpy(String name, String type, PixelType pixelType) throws Exception {
        ByteBuffer input = TestImages.npy(resource("flow_" + name + ".npy"), type);
        ByteBuffer expected = TestImages.npy(resource("flow_" + name + "_analyzeflow.npy"), "<i2");
        List<Image> images = new ArrayList<>();
        for (int slice = 0; slice < SLICES; slice++) {
            for (int phase = 0; phase < PHASES; phase++) {
                byte[] pixels = new byte[2 * PIXELS];
                input.get(pixels);
                images.add(
                        0, Image.of(head(slice, phase).matrix(5, 4, 1).pixelType(pixelType), direction("z"), pixels));
            }
        }
        List<Image> out = run(images).images;
        ByteBuffer actual = ByteBuffer.allocate(2 * SLICES * PHASES * PIXELS).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < out.size(); i++) {
            ImageHeader head = out.get(i).head();
            assertThat(head.imageIndex()).isEqualTo(i);
            assertThat(head.slice()).isEqualTo(i / PHASES);
            assertThat(head.phase()).isEqualTo(i % PHASES);
            assertThat(head.pixelType()).isEqualTo(PixelType.I16);
            actual.put(out.get(i).pixels());
        }
        assertThat(actual.flip()).isEqualTo(expected.slice());
    }

    @Test
    void aSeriesForEachDirectionInTheOrderOfTheirNames() throws Exception {
        FakeSession session = run(List.of(
                image(0, 0, "R_TO_L", 2048),
                image(0, 0, "A_TO_P", 0),
                image(0, 1, "R_TO_L", 4095),
                image(0, 1, "A_TO_P", 3000),
                image(0, 1, "A_TO_P", 1024)));
        assertThat(session.images)
                .extracting(image -> image.head().imageSeriesIndex())
                .containsExactly(10, 10, 11, 11);
        // Two phases have no third difference: nothing is set to rest. Of two images of one phase the later counts.
        assertThat(session.images)
                .extracting(image -> image.buffer().getShort(0))
                .containsExactly((short) -4095, (short) Math.rint(-1024 * 4095 / 2048.0), (short) 0, (short)
                        Math.rint(2047 * 4095 / 2048.0));
        MetaAttributes attributes = MetaAttributes.parse(session.images.get(0).attributes());
        assertThat(attributes.names())
                .containsExactly(
                        "FlowDirDisplay",
                        "DataRole",
                        "ImageProcessingHistory",
                        "WindowCenter",
                        "WindowWidth",
                        "Keep_image_geometry",
                        "ImageRowDir",
                        "ImageColumnDir");
        assertThat(attributes.all("ImageProcessingHistory")).containsExactly("FIRE", "PYTHON");
        assertThat(attributes.first("WindowWidth")).contains("4096");
        assertThat(session.texts)
                .singleElement()
                .asString()
                .matches("INFO     Total processing time: \\d+\\.\\d\\d ms");
    }

    @Test
    void whatIsNoPhaseImageGoesBackAsItCame() throws Exception {
        Image magnitude = Image.of(
                ImageHeader.builder().imageType(ImageType.MAGNITUDE).imageSeriesIndex(3),
                new MetaAttributes(),
                new short[] {7});
        Acquisition readout = new Acquisition(AcquisitionHeader.builder().build(), new float[0], new float[0]);
        FakeSession session = run(List.of(magnitude, readout));
        assertThat(session.images).containsExactly(magnitude);
        assertThat(session.texts)
                .containsExactly("INFO     Received an ismrmrd.Acquisition which is ignored by this analysis");
    }

    @Test
    void floatsAreComparedAsTheyAre() throws Exception {
        List<Image> images = new ArrayList<>();
        float[][] courses = {{2048, 2049, 2047, 2048, 2050}, {0, 4000, 0, 4000, 0}, {2048, 2048, 2048, 2298.25f, 2048}};
        for (int phase = 0; phase < courses[0].length; phase++) {
            ByteBuffer pixels = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
            for (float[] course : courses) {
                pixels.putFloat(course[phase]);
            }
            images.add(
                    Image.of(head(0, phase).matrix(3, 1, 1).pixelType(PixelType.F32), direction("z"), pixels.array()));
        }
        List<Image> out = run(images).images;
        assertThat(out).hasSize(5);
        assertThat(out.get(1).values()).containsExactly(2, 0, 0);
        assertThat(out.get(3).values()).containsExactly(0, 0, 0);
        assertThat(out.get(4).values()).containsExactly(4, 0, 0);
    }

    @Test
    void whatIsMissingOrDoesNotFitIsNamed() {
        assertThatThrownBy(() -> run(List.of(image(0, 65535, "z", 1))))
                .isInstanceOf(MrdException.class)
                .hasMessage("1 phase images of z came, but there are 1 slices of 65536 phases: one of each belongs");
        assertThatThrownBy(() -> run(List.of(image(0, 1, "z", 1), image(0, 1, "z", 1))))
                .hasMessage("no phase image of z came for slice 0, phase 0");
        assertThatThrownBy(() -> run(List.of(image(0, 0, "z", 1, 2), image(0, 1, "z", 1))))
                .hasMessage(
                        "a phase image has 1 x 1 x 1 pixels of 1 channels of I16, but the first of its direction has"
                                + " 2 x 1 x 1 pixels of 1 channels of I16; all must be alike, of one slice and channel");
        assertThatThrownBy(() -> run(List.of(Image.of(head(2, 1), new MetaAttributes(), new short[1]))))
                .hasMessage("a phase image of slice 2, phase 1 does not say which way is flow (FlowDirDisplay)");
    }

    private static ImageHeaderBuilder head(int slice, int phase) {
        return ImageHeader.builder().imageType(ImageType.PHASE).slice(slice).phase(phase);
    }

    private static MetaAttributes direction(String name) {
        return new MetaAttributes().set("FlowDirDisplay", name);
    }

    private static Image image(int slice, int phase, String direction, int... pixels) {
        short[] row = new short[pixels.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = (short) pixels[i];
        }
        return Image.of(head(slice, phase).matrix(row.length, 1, 1), direction(direction), row);
    }

    private static FakeSession run(List<? extends MrdItem> items) throws Exception {
        FakeSession session = new FakeSession(Optional.empty(), ReconParameters.NONE, items);
        new ReconModules().named("analyzeflow").orElseThrow().run(session);
        return session;
    }

    private static Path resource(String name) throws Exception {
        return Path.of(
                AnalyzeFlowModuleTest.class.getResource("/recon/mrd/" + name).toURI());
    }
}
