package recon.mrd.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.PixelType;
import recon.mrd.format.Vector3;

class ModuleSeriesTest {
    @TempDir
    Path directory;

    @Test
    void wholeNumbersAreStoredAsTheyAreWithTheWindowOfTheModule() throws Exception {
        MetaAttributes meta = new MetaAttributes()
                .set("WindowCenter", "2048.0")
                .set("WindowWidth", "4096")
                .set("ImageComments", "a comment")
                .set("SequenceDescriptionAdditional", "FIRE");
        List<DataSet> files = write(SeriesOptions.DEFAULT, Image.of(head(), meta, new short[] {0, 7, 4095, 1, 2, 3}));
        DataSet file = files.get(0);
        assertThat(stored(file)).containsExactly(0, 7, 4095, 1, 2, 3);
        assertThat(file.integer(Attribute.BitsStored)).hasValue(12);
        assertThat(file.integer(Attribute.PixelRepresentation)).hasValue(0);
        assertThat(file.decimal(Attribute.WindowCenter)).hasValue(2048);
        assertThat(file.text(Attribute.ImageComments)).contains("a comment");
        assertThat(file.text(Attribute.SeriesDescription)).contains("T1 axial_FIRE");
        assertThat(file.decimals(Attribute.PixelSpacing)).containsExactly(15, 10);
        assertThat(file.texts(Attribute.ImageType)).containsExactly("ORIGINAL", "PRIMARY", "M");
    }

    @Test
    void negativeNumbersKeepTheirSign() throws Exception {
        DataSet file = write(
                        SeriesOptions.DEFAULT,
                        Image.of(
                                head().imageType(ImageType.PHASE),
                                new MetaAttributes().set("WindowCenter", "none"),
                                new short[] {-4096, 7, 4095, 1, 2, 3}))
                .get(0);
        assertThat(stored(file)).containsExactly(-4096, 7, 4095, 1, 2, 3);
        assertThat(file.integer(Attribute.PixelRepresentation)).hasValue(1);
        assertThat(file.integer(Attribute.BitsStored)).hasValue(13);
        assertThat(file.integer(Attribute.HighBit)).hasValue(12);
        assertThat(file.decimal(Attribute.WindowCenter)).hasValue(0);
        assertThat(file.decimal(Attribute.WindowWidth)).hasValue(8192);
        assertThat(file.texts(Attribute.ImageType)).containsExactly("ORIGINAL", "PRIMARY", "P");
    }

    @Test
    void numbersWithFractionsAreScaledOverTheSeries() throws Exception {
        List<DataSet> files = write(
                SeriesOptions.parse(Map.of("bits_stored", "10", "window_center", "33", "window_width", "600")),
                image(PixelType.F32, 0, 0.6, 0.25, 1, Double.NaN, Double.POSITIVE_INFINITY),
                image(PixelType.F32, 2, 0, 0, 0, 0, 0));
        assertThat(stored(files.get(0))).startsWith(0, 307, 128).endsWith(0, 1023);
        assertThat(stored(files.get(1))).startsWith(1023, 0);
        assertThat(files.get(0).integer(Attribute.BitsStored)).hasValue(10);
        assertThat(files.get(0).decimal(Attribute.WindowCenter).orElseThrow()).isCloseTo(33 * 2 / 1023.0, within(1e-9));
        assertThat(files.get(0).decimal(Attribute.WindowWidth).orElseThrow()).isCloseTo(600 * 2 / 1023.0, within(1e-9));
        assertThat(files.get(1).integer(Attribute.InstanceNumber)).hasValue(2);
        assertThat(values(files.get(0))).startsWith(new double[] {0, 0.6, 0.25, 1}, within(0.5 * 2 / 1023));
    }

    @Test
    void doublesBelowZeroAndLargeWholeNumbersAreScaledToo() throws Exception {
        DataSet signed = write(SeriesOptions.DEFAULT, image(PixelType.F64, -1.5, 0, 1, 0, 0, 0))
                .get(0);
        assertThat(stored(signed)).startsWith(0, 2457, 4095);
        assertThat(values(signed)).startsWith(new double[] {-1.5, 0, 1}, within(2.5 / 4095));
        assertThat(signed.decimal(Attribute.RescaleIntercept)).hasValue(-1.5);
        DataSet large = write(SeriesOptions.DEFAULT, image(PixelType.I32, 0, 1 << 20, 1 << 19, 0, 0, 0))
                .get(0);
        assertThat(stored(large)).startsWith(0, 4095);
        assertThat(values(large)).startsWith(new double[] {0, 1 << 20, 1 << 19}, within(129.0));
        assertThat(stored(write(SeriesOptions.DEFAULT, image(PixelType.U32, 0, 60000, 5, 0, 0, 0))
                        .get(0)))
                .startsWith(0, 60000 - 65536, 5); // 16 bits without sign, read with one
    }

    @Test
    void valuesCloserThanADecimalStringTellsStayWithinTheStoredRange() {
        double low = -1000000.123456789;
        double high = low + 1e-5;
        double intercept = -1000000.1234567; // 16 characters
        StoredPixels scale = new StoredPixels(low, high, 1e-5 / 65535, intercept, 16);
        byte[] stored = scale.stored(new double[] {low, high}, 0, 2);
        assertThat(Byte.toUnsignedInt(stored[1])).as("darkest").isZero();
        assertThat(Byte.toUnsignedInt(stored[3])).as("brightest").isGreaterThan(250);
    }

    @Test
    void wholeNumbersAreStoredAsTheyAreWhateverTheirType() throws Exception {
        DataSet file = write(SeriesOptions.DEFAULT, image(PixelType.F32, 0, 1, 2, 3, -7, Double.POSITIVE_INFINITY))
                .get(0);
        assertThat(stored(file)).containsExactly(0, 1, 2, 3, -7, 3);
        assertThat(file.decimal(Attribute.RescaleSlope)).isEmpty();
    }

    @Test
    void aWindowNarrowerThanOneIsExact() throws Exception {
        DataSet file = write(SeriesOptions.DEFAULT, image(PixelType.F32, 0, 0.25, 0.5, 0, 0, 0))
                .get(0);
        assertThat(file.decimal(Attribute.WindowCenter)).hasValue(0.25);
        assertThat(file.decimal(Attribute.WindowWidth)).hasValue(0.5);
        assertThat(file.text(Attribute.VOILUTFunction)).contains("LINEAR_EXACT");
        DataSet wide = write(
                        SeriesOptions.parse(Map.of("window_width", "20000")),
                        image(PixelType.F32, 0, 0.25, 0.5, 0, 0, 0))
                .get(0);
        assertThat(wide.decimal(Attribute.WindowWidth).orElseThrow()).isCloseTo(20000 * 0.5 / 4095, within(1e-9));
        assertThat(wide.text(Attribute.VOILUTFunction)).isEmpty();
    }

    @Test
    void complexPixelsBecomeMagnitudes() throws Exception {
        ByteBuffer pixels = ByteBuffer.allocate(6 * 8).order(ByteOrder.LITTLE_ENDIAN);
        pixels.putFloat(3).putFloat(4).putFloat(-10);
        Image image = Image.of(head().pixelType(PixelType.COMPLEX_F32), new MetaAttributes(), pixels.array());
        assertThat(values(write(SeriesOptions.DEFAULT, image).get(0))).containsExactly(5, 10, 0, 0, 0, 0);
    }

    @Test
    void coloursAreInterleavedInASecondaryCapture() throws Exception {
        ImageHeaderBuilder head = head().channels(3).imageType(ImageType.RGB).pixelType(PixelType.U16);
        ByteBuffer pixels = ByteBuffer.allocate(2 * 18).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 18; i++) {
            pixels.putShort((short) (10 * i));
        }
        DataSet file = write(SeriesOptions.DEFAULT, Image.of(head, new MetaAttributes(), pixels.array()))
                .get(0);
        assertThat(file.bytes(Attribute.PixelData).orElseThrow()).startsWith(0, 60, 120, 10, 70, (byte) 130);
        assertThat(file.text(Attribute.SOPClassUID)).contains(Uid.SECONDARY_CAPTURE_IMAGE_STORAGE);
        assertThat(file.text(Attribute.PhotometricInterpretation)).contains("RGB");
        assertThat(file.get(Attribute.WindowCenter.tag())).isEmpty();
    }

    @Test
    void slicesAndChannelsAreInstancesAndSeriesAreNumberedInOneStudy() throws Exception {
        short[] pixels = new short[2 * 2 * 6];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (short) i;
        }
        Image volume = Image.of(
                head().matrix(3, 2, 2).channels(2).fieldOfViewMm(new Vector3(30, 30, 10)),
                new MetaAttributes(),
                pixels);
        Image other = Image.of(head().imageSeriesIndex(1), new MetaAttributes(), new short[6]);
        List<DataSet> files = write(SeriesOptions.parse(Map.of("series_number", "7")), volume, other);
        assertThat(files).hasSize(5);
        assertThat(stored(files.get(1))).startsWith(6);
        assertThat(stored(files.get(2))).startsWith(12);
        assertThat(files.get(0).decimals(Attribute.ImagePositionPatient)[2]).isEqualTo(-2.5);
        assertThat(files.get(1).decimals(Attribute.ImagePositionPatient)[2]).isEqualTo(2.5);
        assertThat(files.get(4).integer(Attribute.SeriesNumber)).hasValue(8);
        assertThat(files)
                .extracting(file -> file.text(Attribute.StudyInstanceUID))
                .containsOnly(Optional.of("1.2.3.4"));
        assertThat(files.get(4).text(Attribute.SeriesInstanceUID))
                .isNotEqualTo(files.get(0).text(Attribute.SeriesInstanceUID));
    }

    @Test
    void withoutAHeaderAllSeriesAreOfOneFreshStudy() throws Exception {
        ModuleSeries.write(
                Optional.empty(),
                List.of(
                        image(PixelType.F32, 1, 2, 3, 4, 5, 6),
                        Image.of(head().imageSeriesIndex(1), new MetaAttributes(), new short[6])),
                SeriesOptions.DEFAULT,
                directory);
        List<DataSet> files = read();
        assertThat(files.get(0).text(Attribute.StudyInstanceUID))
                .isPresent()
                .isEqualTo(files.get(1).text(Attribute.StudyInstanceUID));
    }

    @Test
    void anEmptyImageIsRefused() {
        Image empty = Image.of(head().matrix(0, 2, 1), new MetaAttributes(), new short[0]);
        assertThatThrownBy(() -> write(SeriesOptions.DEFAULT, empty))
                .isInstanceOf(MrdException.class)
                .hasMessageContaining("an image of 0 x 2 x 1 pixels of 1 channels");
    }

    /** Three columns and two rows of 10 mm x 15 mm. */
    private static ImageHeaderBuilder head() {
        return ImageHeader.builder()
                .matrix(3, 2, 1)
                .channels(1)
                .imageType(ImageType.MAGNITUDE)
                .fieldOfViewMm(new Vector3(30, 30, 5))
                .readDirection(new Vector3(1, 0, 0))
                .phaseDirection(new Vector3(0, 1, 0))
                .sliceDirection(new Vector3(0, 0, 1));
    }

    private static Image image(PixelType type, double... values) {
        ByteBuffer pixels = ByteBuffer.allocate(type.bytes() * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (type) {
                case F32 -> pixels.putFloat((float) value);
                case F64 -> pixels.putDouble(value);
                default -> pixels.putInt((int) value);
            }
        }
        return Image.of(head().pixelType(type), new MetaAttributes(), pixels.array());
    }

    private List<DataSet> write(SeriesOptions options, Image... images) throws Exception {
        MrdHeader header = MrFixtures.fullHeader();
        try (Stream<Path> old = Files.list(directory)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        ModuleSeries.write(Optional.of(header), List.of(images), options, directory);
        return read();
    }

    private List<DataSet> read() throws Exception {
        List<DataSet> files = new ArrayList<>();
        try (Stream<Path> written = Files.list(directory)) {
            for (Path file : written.sorted().toList()) {
                files.add(DicomReader.read(file).content());
            }
        }
        return files;
    }

    private static int[] stored(DataSet file) {
        ByteBuffer in =
                ByteBuffer.wrap(file.bytes(Attribute.PixelData).orElseThrow()).order(ByteOrder.LITTLE_ENDIAN);
        int[] values = new int[in.remaining() / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.getShort();
        }
        return values;
    }

    /** What the stored ones mean. */
    private static double[] values(DataSet file) {
        double slope = file.decimal(Attribute.RescaleSlope).orElse(1);
        double intercept = file.decimal(Attribute.RescaleIntercept).orElse(0);
        return Arrays.stream(stored(file))
                .mapToDouble(value -> value * slope + intercept)
                .toArray();
    }
}
