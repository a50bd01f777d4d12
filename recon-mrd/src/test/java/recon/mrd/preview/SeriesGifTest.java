package recon.mrd.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.ImageSeries;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.PixelType;

class SeriesGifTest {
    @TempDir
    Path folder;

    private static ImageHeaderBuilder head() {
        return ImageHeader.builder().matrix(20, 10, 1);
    }

    /** Each pixel one more than the one before. */
    private static Image ramp(int slice, MetaAttributes meta) {
        short[] pixels = new short[200];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (short) i;
        }
        return Image.of(head().slice(slice), meta, pixels);
    }

    private List<BufferedImage> frames(double scale, boolean mosaic, Image... images) throws Exception {
        Path gif = folder.resolve("a.gif");
        int count = new SeriesGif(ImageSeries.of("s", List.of(images)), scale, mosaic).write(gif);
        List<BufferedImage> frames = new ArrayList<>();
        try (ImageInputStream in = ImageIO.createImageInputStream(gif.toFile())) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
            reader.setInput(in);
            for (int i = 0; i < reader.getNumImages(true); i++) {
                frames.add(reader.read(i));
            }
        }
        assertThat(frames).hasSize(count);
        return frames;
    }

    private static int red(BufferedImage frame, int x, int y) {
        return frame.getRGB(x, y) >> 16 & 255;
    }

    @Test
    void greyGoesFromTheFifthToTheNinetyFifthPercentile() throws Exception {
        List<BufferedImage> frames = frames(1, false, ramp(0, new MetaAttributes()), ramp(0, new MetaAttributes()));
        assertThat(frames).hasSize(2);
        double low = 0.05 * 199;
        double high = 0.95 * 199;
        for (int i : new int[] {0, 9, 50, 100, 180, 199}) {
            int expected = (int) Math.max(0, Math.min(255, (i - low) * 255 / (high - low)));
            assertThat(red(frames.get(1), i % 20, i / 20)).as("pixel " + i).isEqualTo(expected);
        }
        String bytes = Files.readString(folder.resolve("a.gif"), StandardCharsets.ISO_8859_1);
        assertThat(bytes)
                .startsWith("GIF89a")
                .contains("NETSCAPE2.0\u0003\u0001\u0000\u0000\u0000") // for ever
                .contains("!\u00f9\u0004\u0000\u0004\u0000"); // 4 hundredths of a second
    }

    @Test
    void aWindowComesFirst() throws Exception {
        MetaAttributes meta = new MetaAttributes().set("WindowCenter", "100.0").set("WindowWidth", "100");
        BufferedImage frame = frames(1, false, ramp(0, meta)).get(0);
        assertThat(red(frame, 10, 2)).isZero(); // 50
        assertThat(red(frame, 0, 5)).isEqualTo(127); // 100, truncated
        assertThat(red(frame, 10, 7)).isEqualTo(255); // 150
    }

    @Test
    void slicesLieBesideEachOtherInAMosaic() throws Exception {
        MetaAttributes none = new MetaAttributes();
        List<BufferedImage> frames =
                frames(0.5, true, ramp(0, none), ramp(1, none), ramp(0, none), ramp(1, none), ramp(0, none));
        assertThat(frames).hasSize(3);
        assertThat(frames.get(0).getWidth()).isEqualTo(20);
        assertThat(frames.get(0).getHeight()).isEqualTo(5);
    }

    @Test
    void linesAreDrawnInTheirColourWhereTheyAreVisible() throws Exception {
        MetaAttributes meta = new MetaAttributes()
                .set("ROI_a", "0.000000", "1.000000", "0", "1", "0", "1", "2", "2", "12", "2")
                .set("ROI_hidden", "1", "0", "0", "1", "0", "0", "0", "8", "19", "8")
                .set("ROI_broken", "1", "x");
        BufferedImage frame = frames(2, false, ramp(0, meta)).get(0);
        assertThat(frame.getWidth()).isEqualTo(40);
        assertThat(frame.getRGB(14, 4) & 0xffffff).isEqualTo(0x00ff00);
        int plain = frame.getRGB(14, 16);
        assertThat(plain & 255).isEqualTo(plain >> 8 & 255);
    }

    @Test
    void coloursAndComplexPixelsAreShown() throws Exception {
        byte[] rgb = new byte[2 * 3 * 200];
        for (int i = 0; i < 200; i++) {
            rgb[2 * i] = (byte) 200;
        }
        Image colour = Image.of(
                head().pixelType(PixelType.U16).channels(3).imageType(ImageType.RGB), new MetaAttributes(), rgb);
        assertThat(frames(1, false, colour).get(0).getRGB(3, 3) & 0xffffff).isEqualTo(0xc80000);
        Image complex = Image.of(head().pixelType(PixelType.COMPLEX_F64), new MetaAttributes(), new byte[16 * 200]);
        assertThat(red(frames(1, false, complex).get(0), 0, 0)).isZero();
    }

    @Test
    void whatCannotBeShownIsRefused() {
        assertThatThrownBy(() -> frames(0, false)).hasMessage("scale 0.0 is not above 0 and at most 16");
        assertThatThrownBy(() -> frames(1, false)).hasMessage("s holds no image");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFrameThatIsTooLargeIsRefusedBeforeItTakesMemory() {
        Image large = Image.of(ImageHeader.builder().matrix(60_000, 2, 1), new MetaAttributes(), new short[120_000]);
        assertThatThrownBy(() -> frames(16, false, large))
                .hasMessage("a frame of 960000 x 32 pixels is larger than 16384 x 16384; make it smaller");
        Image[] slices = new Image[1000];
        for (int i = 0; i < slices.length; i++) {
            slices[i] = ramp(i, new MetaAttributes());
        }
        assertThatThrownBy(() -> frames(16, true, slices))
                .hasMessage("a frame of 320000 x 160 pixels is larger than 16384 x 16384; make it smaller");
    }

    @Test
    void theSlicesOfAVolumeFollowEachOther() throws Exception {
        MetaAttributes meta = new MetaAttributes().set("WindowCenter", "128").set("WindowWidth", "256");
        short[] pixels = new short[400];
        Arrays.fill(pixels, 200, 400, (short) 100);
        Image volume = Image.of(ImageHeader.builder().matrix(20, 10, 2), meta, pixels);
        List<BufferedImage> frames = frames(1, false, volume, ramp(0, meta));
        assertThat(red(frames.get(0), 3, 3)).isZero();
        assertThat(red(frames.get(1), 3, 3)).isEqualTo(99); // 100 * 255 / 256, truncated
        assertThat(red(frames.get(2), 3, 3)).isEqualTo(62); // 63
    }
}
