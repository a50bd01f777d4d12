package recon.mrd.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.mrd.dicom.Attribute;
import recon.mrd.dicom.DataSet;
import recon.mrd.dicom.DicomFile;
import recon.mrd.dicom.DicomFormatException;
import recon.mrd.dicom.DicomWriter;
import recon.mrd.dicom.Uid;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageSeries;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.PixelType;
import recon.mrd.format.Vector3;

class ContactSheetTest {
    @TempDir
    Path folder;

    private final List<IOException> unreadable = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        // PS3.3 C.11.2.1.2.1 for c = 2048, w = 4096: black up to 0, white above 4095.
        "2048,4096,0,0",
        "2048,4096,4095,255",
        "2048,4096,2047.5,128",
        "2048,4096,-5,0",
        "2048,4096,9999,255",
        // c = 0, w = 100: black at -50, white above 49; (-0.5 + 0.5) / 99 + 0.5 is the middle.
        "0,100,-50,0",
        "0,100,-0.5,128",
        "0,100,49,255",
        "0,100,24,191",
        // w = 1 is a threshold at c - 0.5.
        "10,1,9.5,0",
        "10,1,9.6,255"
    })
    void linearWindow(double center, double width, double value, int grey) {
        assertThat(new VoiWindow(center, width).grey(value)).isEqualTo(grey);
    }

    @Test
    void coveringWindowShowsLowAsBlackAndHighAsWhite() {
        VoiWindow window = VoiWindow.covering(-10, 30);
        assertThat(window.grey(-10)).isZero();
        assertThat(window.grey(10)).isEqualTo(128);
        assertThat(window.grey(30)).isEqualTo(255);
        assertThatThrownBy(() -> new VoiWindow(0, 0.5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pixelsOfEveryWidthAndSign() throws Exception {
        assertThat(grey(image(1, 3, 16, 12, 0, 0, 0, 0, 0x08, 0xff, 0xff))) // the bits above the 12 stored are ignored
                .containsExactly(0, 128, 255);
        assertThat(grey(image(1, 3, 16, 16, 1, 0, 0x80, 0, 0, 0xff, 0x7f))).containsExactly(0, 128, 255);
        assertThat(grey(image(1, 3, 16, 12, 1, 0, 0x08, 0, 0, 0xff, 0x07))).containsExactly(0, 128, 255);
        assertThat(grey(image(1, 4, 8, 8, 0, 0, 51, 102, 255))).containsExactly(0, 51, 102, 255);
        assertThat(grey(image(1, 4, 8, 8, 1, 0x80, 0, 0x40, 0x7f))).containsExactly(0, 128, 192, 255);
    }

    @Test
    void rescaleComesBeforeTheWindowAndInversionAfter() throws Exception {
        DataSet image = image(1, 4, 8, 8, 0, 0, 10, 20, 30)
                .putDecimals(Attribute.RescaleSlope, 2)
                .putDecimals(Attribute.RescaleIntercept, -10)
                .putDecimals(Attribute.WindowCenter, 20.5)
                .putDecimals(Attribute.WindowWidth, 41);
        assertThat(grey(image)).containsExactly(0, 64, 191, 255); // -10, 10, 30, 50 in a window from 0 to 40
        image.putText(Attribute.PhotometricInterpretation, "MONOCHROME1");
        assertThat(grey(image)).containsExactly(255, 191, 64, 0);
    }

    @Test
    void imagesThatCannotBeShownAreRefused() {
        DataSet good = image(1, 2, 8, 8, 0, 1, 2);
        assertThatThrownBy(() -> grey(image(5, 5, 16, 12, 0, 1, 2)))
                .isInstanceOf(DicomFormatException.class)
                .hasMessage("PixelData has 2 bytes, 5 rows of 5 columns need 50");
        assertThatThrownBy(() -> grey(image(65_535, 65_535, 16, 12, 0, 1, 2))).hasMessageContaining("need 8589672450");
        assertThatThrownBy(() -> grey(image(0, 2, 8, 8, 0))).hasMessage("Rows 0 is outside 1..65535");
        assertThatThrownBy(() -> grey(image(1, 1, 12, 8, 0, 1, 2))).hasMessage("BitsAllocated 12 is neither 8 nor 16");
        assertThatThrownBy(() -> grey(image(1, 1, 8, 9, 0, 1, 2))).hasMessage("BitsStored 9 is outside 1..8");
        assertThatThrownBy(() -> grey(new DataSet())).hasMessage("the data set has no Rows");
        good.putDecimals(Attribute.RescaleSlope, 1e308).putDecimals(Attribute.RescaleIntercept, 1.7e308);
        assertThatThrownBy(() -> grey(good)).hasMessageContaining("lead outside what a double holds");
        assertThatThrownBy(() -> grey(good.putText(Attribute.PhotometricInterpretation, "RGB")))
                .hasMessage("PhotometricInterpretation RGB is no grey image");
    }

    @Test
    void scalingKeepsMeansAndRepeatsPixels() {
        GreyImage image = new GreyImage(2, 2, 1, new byte[] {0, 100, (byte) 200, 101});
        assertThat(image.scaledTo(1, 1).pixels()).containsExactly(100);
        assertThat(image.scaledTo(4, 2).pixels()).containsExactly(0, 0, 100, 100, (byte) 200, (byte) 200, 101, 101);
    }

    @Test
    void sheetShowsTheImagesInTheOrderOfSeriesAndInstance() throws Exception {
        save("z.dcm", solid(10), 1, 2);
        save("sub/a.dcm", solid(250), 2, 1);
        save("y", solid(90), 1, 1);
        Files.writeString(folder.resolve("notes.txt"), "no image");
        Files.write(folder.resolve("broken.dcm"), Arrays.copyOf(Files.readAllBytes(folder.resolve("y")), 200));
        save("report.dcm", new DataSet(), 1, 1);
        Path png = folder.resolve("sheet.png");

        ContactSheet.Summary summary = ContactSheet.write(folder, png, unreadable::add);

        assertThat(summary).isEqualTo(new ContactSheet.Summary(3, 3, 1));
        assertThat(unreadable).singleElement().asString().contains(folder.resolve("broken.dcm") + ": ");
        BufferedImage sheet = ImageIO.read(png.toFile());
        int tile = 384; // the largest, since two columns would fit 512 each
        assertThat(sheet.getWidth()).isEqualTo(6 + 2 * (tile + 6));
        assertThat(grey(sheet, 6 + tile / 2, 6 + tile / 2)).isEqualTo(90);
        assertThat(grey(sheet, 6 + tile + 6 + tile / 2, 6 + tile / 2)).isEqualTo(10);
        assertThat(grey(sheet, 6 + tile / 2, 6 + tile + 16 + 6 + tile / 2)).isEqualTo(250);
        assertThat(grey(sheet, 2, 2)).isEqualTo(32);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void sheetHasTheModeOfAnyNewFile() throws Exception {
        assumeThat(Files.getFileStore(folder).supportsFileAttributeView("posix"))
                .as("skipped: needs a file system with POSIX modes")
                .isTrue();
        save("a.dcm", solid(10), 1, 1);
        Path png = folder.resolve("sheet.png");
        ContactSheet.write(folder, png, unreadable::add);
        Path other = Files.createFile(folder.resolve("other"));
        assertThat(Files.getPosixFilePermissions(png)).isEqualTo(Files.getPosixFilePermissions(other));
    }

    @Test
    void moreImagesThanTilesAreCounted() throws Exception {
        for (int i = 0; i < 70; i++) {
            save(i + ".dcm", solid(i), 1, i);
        }
        assertThat(ContactSheet.write(folder, folder.resolve("s.png"), unreadable::add))
                .isEqualTo(new ContactSheet.Summary(70, 64, 0));
        BufferedImage sheet = ImageIO.read(folder.resolve("s.png").toFile());
        assertThat(sheet.getWidth()).isEqualTo(6 + 8 * (128 + 6));
    }

    @Test
    void pixelsThatAreNotSquareKeepTheirShape() throws Exception {
        save("a.dcm", solid(200).putDecimals(Attribute.PixelSpacing, 1, 2), 1, 1);
        ContactSheet.write(folder, folder.resolve("s.png"), unreadable::add);
        BufferedImage sheet = ImageIO.read(folder.resolve("s.png").toFile());
        assertThat(grey(sheet, 6 + 10, 6 + 192)).isEqualTo(200);
        assertThat(grey(sheet, 6 + 192, 6 + 10)).isEqualTo(32); // twice as wide as high
    }

    @Test
    void withoutAnImageThereIsNoSheet() throws Exception {
        Path png = folder.resolve("s.png");
        assertThatThrownBy(() -> ContactSheet.write(folder, png, unreadable::add))
                .isInstanceOf(IOException.class)
                .hasMessage("no DICOM image that can be shown in " + folder);
        save("a.dcm", solid(1).putText(Attribute.PhotometricInterpretation, "RGB"), 1, 1);
        assertThatThrownBy(() -> ContactSheet.write(folder, png, unreadable::add))
                .hasMessageContaining("(1 DICOM file cannot be read)");
        assertThatThrownBy(() -> ContactSheet.write(folder.resolve("none"), png, unreadable::add))
                .hasMessageContaining("is no folder");
        assertThat(png).doesNotExist();
    }

    @Test
    void imagesOfIsmrmrdSeriesAreDrawnByPlane() throws Exception {
        byte[] pixels = new byte[2 * 2 * 4];
        Arrays.fill(pixels, 8, 16, (byte) 1);
        Image volume = Image.of(
                ImageHeader.builder().matrix(2, 2, 2).fieldOfViewMm(new Vector3(20, 20, 5)),
                new MetaAttributes().set("WindowCenter", "257").set("WindowWidth", "514"),
                pixels);
        byte[] red = new byte[2 * 3 * 4];
        for (int i = 0; i < 4; i++) {
            red[2 * i] = (byte) 200;
        }
        Image colour = Image.of(
                ImageHeader.builder()
                        .pixelType(PixelType.U16)
                        .matrix(2, 2, 1)
                        .channels(3)
                        .imageType(ImageType.RGB),
                new MetaAttributes(),
                red);
        Path png = folder.resolve("s.png");
        List<ImageSeries> series = List.of(ImageSeries.of("a", List.of(volume)), ImageSeries.of("b", List.of(colour)));
        assertThat(ContactSheet.write("x.h5", series, png)).isEqualTo(new ContactSheet.Summary(3, 3, 0));
        BufferedImage sheet = ImageIO.read(png.toFile());
        assertThat(grey(sheet, 6 + 192, 6 + 192)).isZero();
        assertThat(grey(sheet, 6 + 384 + 6 + 192, 6 + 192)).isEqualTo(128);
        assertThat(grey(sheet, 6 + 192, 6 + 384 + 16 + 6 + 192)).isEqualTo(60);
        assertThatThrownBy(() -> ContactSheet.write("x.h5", List.of(), png)).hasMessage("there is no image in x.h5");
    }

    private void save(String name, DataSet image, int series, int instance) throws IOException {
        image.putText(Attribute.SOPClassUID, Uid.MR_IMAGE_STORAGE)
                .putText(Attribute.SOPInstanceUID, "1.2." + instance)
                .putInts(Attribute.SeriesNumber, series)
                .putInts(Attribute.InstanceNumber, instance);
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        DicomWriter.write(DicomFile.of(image), file);
    }

    /** 4 x 4 pixels of one value, in a window that shows it as it is. */
    private static DataSet solid(int value) {
        int[] pixels = new int[16];
        Arrays.fill(pixels, value);
        return image(4, 4, 8, 8, 0, pixels)
                .putDecimals(Attribute.WindowCenter, 128)
                .putDecimals(Attribute.WindowWidth, 256);
    }

    private static DataSet image(int rows, int columns, int allocated, int stored, int representation, int... bytes) {
        byte[] pixels = new byte[bytes.length + (bytes.length & 1)];
        for (int i = 0; i < bytes.length; i++) {
            pixels[i] = (byte) bytes[i];
        }
        return new DataSet()
                .putInts(Attribute.Rows, rows)
                .putInts(Attribute.Columns, columns)
                .putInts(Attribute.BitsAllocated, allocated)
                .putInts(Attribute.BitsStored, stored)
                .putInts(Attribute.PixelRepresentation, representation)
                .putBytes(Attribute.PixelData, pixels);
    }

    private static int[] grey(DataSet image) throws DicomFormatException {
        byte[] pixels = GreyImage.of(image).pixels();
        int[] values = new int[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = pixels[i] & 0xff;
        }
        return values;
    }

    private static int grey(BufferedImage sheet, int x, int y) {
        return sheet.getRaster().getSample(x, y, 0);
    }
}
