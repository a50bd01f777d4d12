package recon.mrd.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.ExternalTool;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.PixelType;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeader;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/** The example of a module that is an executable. */
class FilterImageExampleTest {
    private static final int[][] KERNEL = {{-1, -1, -1}, {-1, 8, -1}, {-1, -1, -1}};
    private static final int COLUMNS = 7;
    private static final int ROWS = 5;

    @TempDir
    private Path directory;

    @Test
    void edgesOfAllPixelTypesComeBackAndOtherDataAreNoHindrance() throws Exception {
        ExternalTool python = ExternalTool.find("python3", "python3");
        List<Image> images = new ArrayList<>();
        for (PixelType type : PixelType.values()) {
            images.add(random(ImageHeader.builder().pixelType(type).imageSeriesIndex(type.code())));
        }
        images.add(random(ImageHeader.builder().pixelType(PixelType.U16).imageType(ImageType.RGB)));
        Path sent = directory.resolve("sent.bin");
        Files.write(sent, sent(images));
        String script = Path.of("src/examples/filterimage").toAbsolutePath().toString();
        MrdInput in = new MrdInput(new ByteArrayInputStream(python.filter(directory, sent, script)), 1 << 20);
        for (Image image : images) {
            Image answer = (Image) ((MrdMessage.Data) in.read().orElseThrow()).item();
            assertThat(answer.head()).isEqualTo(image.head());
            assertThat(answer.attributes()).isEqualTo(image.attributes());
            if (image.head().pixelType().isComplex() || image.head().imageType() == ImageType.RGB) {
                assertThat(answer).isEqualTo(image);
            } else {
                assertThat(answer.values()).as(image.toString()).containsExactly(expected(image));
            }
        }
        assertThat(in.read()).contains(new MrdMessage.Close());
        assertThat(in.read()).isEmpty();
    }

    private static byte[] sent(List<Image> images) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MrdOutput out = new MrdOutput(bytes);
        out.write(new MrdMessage.ConfigFile("filterimage"));
        out.write(new MrdMessage.Header("Dummy XML header"));
        out.write(new MrdMessage.Text("{\"parameters\": {}}"));
        AcquisitionHeader readout = AcquisitionHeader.builder()
                .numberOfSamples(3)
                .channels(2)
                .trajectoryDimensions(2)
                .build();
        out.write(new MrdMessage.Data(new Acquisition(readout, new float[6], new float[12])));
        WaveformHeader waveform = new WaveformHeader(1, 0, 0, 0, 0, 3, 2, 2500, 0);
        out.write(new MrdMessage.Data(new Waveform(waveform, new int[6])));
        for (Image image : images) {
            out.write(new MrdMessage.Data(image));
        }
        out.write(new MrdMessage.Close());
        out.flush();
        return bytes.toByteArray();
    }

    /** Two slices of two channels, whose whole numbers fill their type. */
    private static Image random(ImageHeaderBuilder builder) {
        ImageHeader head = builder.matrix(COLUMNS, ROWS, 2).channels(2).build();
        int count = (int) head.pixels();
        ByteBuffer pixels =
                ByteBuffer.allocate(count * head.pixelType().bytes()).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(11);
        while (pixels.hasRemaining()) {
            switch (head.pixelType()) {
                case F32, COMPLEX_F32 -> pixels.putFloat(random.nextInt(4096) / 4f);
                case F64, COMPLEX_F64 -> pixels.putDouble(random.nextInt(4096) / 4.0);
                default -> pixels.putShort((short) random.nextInt(1 << 16));
            }
        }
        return Image.of(head.toBuilder(), new MetaAttributes().set("ImageComments", "\u00e4"), pixels.array());
    }

    private static double[] expected(Image image) throws Exception {
        double largest = switch (image.head().pixelType()) {
            case U16 -> 65535;
            case I16 -> 32767;
            case U32 -> 4294967295.0;
            case I32 -> 2147483647;
            default -> Double.MAX_VALUE;
        };
        double[] in = image.values();
        double[] out = in.clone();
        for (int i = 0; i < out.length; i++) {
            int x = i % COLUMNS;
            int y = i / COLUMNS % ROWS;
            if (x > 0 && x < COLUMNS - 1 && y > 0 && y < ROWS - 1) {
                double sum = 0;
                for (int row = -1; row <= 1; row++) {
                    for (int column = -1; column <= 1; column++) {
                        sum += KERNEL[row + 1][column + 1] * in[i + row * COLUMNS + column];
                    }
                }
                out[i] = Math.min(Math.max(sum, 0), largest);
            }
        }
        return out;
    }
}
