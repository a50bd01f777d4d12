package recon.mrd.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.ImageSeries;
import recon.mrd.format.ImageType;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.PixelType;
import recon.mrd.format.Vector3;

/** From DICOM to ISMRMRD images and back, without other programs. */
class DicomExchangeTest {
    @TempDir
    Path folder;

    private final List<String> unreadable = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    /** 2 rows of 3 columns of 16 bits, in the coronal plane. */
    private static DataSet dicom(int series, int instance) {
        DataSet to = new DataSet()
                .putText(Attribute.SOPClassUID, Uid.MR_IMAGE_STORAGE)
                .putText(Attribute.SOPInstanceUID, "1.2." + series + "." + instance)
                .putText(Attribute.SeriesInstanceUID, "1.2." + series)
                .putText(Attribute.StudyInstanceUID, "1.2")
                .putText(Attribute.ImageType, "ORIGINAL", "PRIMARY", "P")
                .putText(Attribute.PatientName, "M\u00fcller^J\u00f6rg")
                .putText(Attribute.SeriesDescription, "flow/" + series)
                .putText(Attribute.SequenceName, "*fl2d1_v150fh")
                .putText(Attribute.AcquisitionTime, "010203.500000")
                .putText(Attribute.StudyDate, "20260102")
                .putText(Attribute.StudyTime, "030405.5")
                .putText(Attribute.PatientPosition, "HFP")
                .putDecimals(Attribute.TriggerTime, 100 * (instance % 2))
                .putDecimals(Attribute.MagneticFieldStrength, 1.5)
                .putDecimals(Attribute.ImagePositionPatient, 1, 2, instance)
                .putDecimals(Attribute.ImageOrientationPatient, 1, 0, 0, 0, 0, -1)
                .putDecimals(Attribute.PixelSpacing, 3, 2)
                .putDecimals(Attribute.SliceThickness, 5)
                .putDecimals(Attribute.SliceLocation, Math.floor(instance / 2.0))
                .putInts(Attribute.SeriesNumber, series)
                .putInts(Attribute.InstanceNumber, instance)
                .putItems(
                        Attribute.ReferencedImageSequence,
                        List.of(new DataSet().putText(Attribute.ReferencedSOPInstanceUID, "1.2.3"), new DataSet()))
                .put(new Element.Value(Attribute.FrameOfReferenceUID.tag(), Vr.UI, new byte[] {'1', '.', '0', '2'}))
                .put(new Element.Value(0x0009_0010, Vr.LO, new byte[] {'A'}))
                .put(new Element.Value(0x0009_1001, Vr.UN, new byte[300]));
        return pixels(to, 16, 12, 0, new byte[] {1, 0, 2, 0, 3, 0, 4, 0, 5, 0, (byte) instance, 6});
    }

    private static DataSet pixels(DataSet to, int allocated, int stored, int representation, byte[] pixels) {
        return to.putInts(Attribute.Rows, 2)
                .putInts(Attribute.Columns, 3)
                .putInts(Attribute.SamplesPerPixel, 1)
                .putText(Attribute.PhotometricInterpretation, "MONOCHROME2")
                .putInts(Attribute.BitsAllocated, allocated)
                .putInts(Attribute.BitsStored, stored)
                .putInts(Attribute.HighBit, stored - 1)
                .putInts(Attribute.PixelRepresentation, representation)
                .put(new Element.Value(Attribute.PixelData.tag(), allocated == 8 ? Vr.OB : Vr.OW, pixels));
    }

    private void save(String name, DataSet content) throws IOException {
        Path file = folder.resolve("in").resolve(name);
        Files.createDirectories(file.getParent());
        DicomWriter.write(DicomFile.of(content), file);
    }

    private DicomFolder scan(String name) throws IOException {
        return DicomFolder.scan(folder.resolve(name), e -> unreadable.add(e.getMessage()));
    }

    private List<Image> images() throws IOException {
        List<Image> images = new ArrayList<>();
        scan("in").read(images::add);
        return images;
    }

    /** What images of one series become. */
    private List<DataSet> exported(Optional<MrdHeader> header, Image... images) throws IOException {
        Path out = Files.createTempDirectory(folder, "out");
        DicomExport export = new DicomExport(header, out, MrFixtures.countingUuids(), MrFixtures.CREATED, notices::add);
        List<DataSet> all = new ArrayList<>();
        for (Path file : export.write(ImageSeries.of("image_7", List.of(images)))) {
            all.add(DicomReader.read(file).content());
        }
        return all;
    }

    @Test
    void imagesAreSortedBySeriesAndInstance() throws Exception {
        save("b/2.DCM", dicom(5, 2));
        save("b/1.ima", dicom(5, 10));
        save("no-suffix", dicom(5, 3));
        save("z.dcm", dicom(2, 1));
        save(".hidden.dcm", dicom(2, 7));
        DataSet report = dicom(1, 1);
        report.remove(Attribute.PixelData);
        save("report", report);
        Files.writeString(folder.resolve("in/notes.txt"), "no image");
        DicomFolder found = scan("in");
        assertThat(found.withoutPixels()).containsExactly(folder.resolve("in/report"));
        assertThat(found.notDicom()).containsExactly(folder.resolve("in/notes.txt"));
        List<Image> images = images();
        assertThat(images).extracting(i -> i.head().imageSeriesIndex()).containsExactly(0, 1, 1, 1);
        assertThat(images).extracting(i -> i.head().imageIndex()).containsExactly(1, 2, 3, 10);
        assertThat(images).extracting(i -> i.head().slice()).containsExactly(0, 0, 0, 1);
        assertThat(images).extracting(i -> i.head().phase()).containsExactly(0, 0, 1, 0);
    }

    @Test
    void headersSayWhatTheAttributesSaid() throws Exception {
        save("1.dcm", dicom(5, 1));
        Image image = images().get(0);
        assertThat(image.head().imageType()).isEqualTo(ImageType.PHASE);
        assertThat(image.head().fieldOfViewMm()).isEqualTo(new Vector3(6, 6, 5)); // along the columns, along the rows
        assertThat(image.head().positionMm()).isEqualTo(new Vector3(1, 2, 1));
        assertThat(image.head().readDirection()).isEqualTo(new Vector3(1, 0, 0));
        assertThat(image.head().phaseDirection()).isEqualTo(new Vector3(0, 0, -1));
        assertThat(image.head().sliceDirection()).isEqualTo(new Vector3(0, 1, 0));
        assertThat(image.head().acquisitionTimeStamp()).isEqualTo(3_723_500 * 10 / 25);
        assertThat(image.head().physiologyTimeStamp()).containsExactly(40L, 0L, 0L);
        MetaAttributes meta = MetaAttributes.parse(image.attributes());
        assertThat(meta.names())
                .containsExactly(
                        "FlowVelocity", "FlowDirDisplay", "SequenceDescription", "DicomJson", "DicomPixelSha256");
        assertThat(meta.first("FlowVelocity")).contains("150.0");
        assertThat(meta.first("FlowDirDisplay")).contains("FLOW_DIR_F_TO_H");
        MrdHeader header = scan("in").header();
        assertThat(header.measurement().protocolName()).contains("flow/5");
        assertThat(header.study().date()).contains("2026-01-02");
        assertThat(header.study().time()).contains("03:04:05.5");
        assertThat(header.h1ResonanceFrequencyHz()).hasValue(63_870_000);
        assertThat(MrdHeader.parse(header.toXml())).isEqualTo(header);
    }

    @Test
    void escapesOfANameDoNotBreakTheHeader() throws Exception {
        DataSet content = dicom(5, 1);
        content.putText(Attribute.SpecificCharacterSet, "", "ISO 2022 IR 87")
                .put(new Element.Value(
                        Attribute.PatientName.tag(),
                        Vr.PN,
                        "A=\u001b$B;3\u001b(B".getBytes(StandardCharsets.US_ASCII)));
        save("1.dcm", content);
        MrdHeader header = scan("in").header();
        assertThat(MrdHeader.parse(header.toXml()).subject().patientName()).contains("A=?$B;3?(B");
        assertThat(exported(Optional.empty(), images().get(0))).containsExactly(content);
    }

    @Test
    void whatIsNotChangedComesBackTagByTag() throws Exception {
        List<DataSet> before = List.of(
                dicom(5, 1),
                pixels(dicom(5, 2), 16, 16, 1, new byte[] {1, -1, 2, -1, 3, 0, 4, 0, 5, 0, 6, 6}),
                pixels(dicom(5, 3), 8, 8, 0, new byte[] {1, 2, 3, 4, 5, -1}),
                pixels(dicom(5, 4), 8, 8, 1, new byte[] {1, 2, 3, 4, 5, -1}),
                colour(dicom(5, 5), 0),
                colour(dicom(5, 6), 1));
        for (DataSet content : before) {
            save(content.integer(Attribute.InstanceNumber).orElseThrow() + ".dcm", content);
        }
        List<DataSet> after = new ArrayList<>();
        for (Image image : images()) {
            after.addAll(exported(Optional.empty(), image));
        }
        assertThat(after).containsExactlyInAnyOrderElementsOf(before);
    }

    private static DataSet colour(DataSet to, int planar) {
        byte[] pixels = new byte[18];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 13);
        }
        return pixels(to, 8, 8, 0, pixels)
                .putInts(Attribute.SamplesPerPixel, 3)
                .putInts(Attribute.PlanarConfiguration, planar)
                .putText(Attribute.PhotometricInterpretation, "RGB");
    }

    private static Image changed(Image from, UnaryOperator<ImageHeaderBuilder> head, String... meta) throws Exception {
        MetaAttributes attributes = MetaAttributes.parse(from.attributes());
        for (int i = 0; i < meta.length; i += 2) {
            attributes.set(meta[i], meta[i + 1].split(","));
        }
        return Image.of(head.apply(from.head().toBuilder()), attributes, from.pixels());
    }

    @Test
    void changesOfTheHeaderAreChangesOfTheAttributes() throws Exception {
        save("1.dcm", dicom(5, 1));
        Image image = images().get(0);
        DataSet to = exported(
                        Optional.empty(),
                        changed(
                                image,
                                head -> head.acquisitionTimeStamp(4_000_001)
                                        .physiologyTimeStamp(List.of(3L, 0L, 0L))
                                        .fieldOfViewMm(new Vector3(8, 9, 7))
                                        .positionMm(new Vector3(4, 5, 6)),
                                "ImageRowDir",
                                "0,1,0",
                                "ImageColumnDir",
                                "0,0,1",
                                "WindowCenter",
                                "50.0",
                                "WindowWidth",
                                "99"))
                .get(0);
        assertThat(to.text(Attribute.AcquisitionTime)).contains("024640.002500");
        assertThat(to.decimal(Attribute.TriggerTime)).hasValue(7.5);
        assertThat(to.decimals(Attribute.PixelSpacing)).containsExactly(4, 3);
        assertThat(to.decimal(Attribute.SliceThickness)).hasValue(7);
        assertThat(to.decimals(Attribute.ImagePositionPatient)).containsExactly(4, 5, 6);
        assertThat(to.decimals(Attribute.ImageOrientationPatient)).containsExactly(0, 1, 0, 0, 0, 1);
        assertThat(to.decimal(Attribute.WindowCenter)).hasValue(50);
        assertThat(to.text(Attribute.SOPInstanceUID)).contains("1.2.5.1");
    }

    @Test
    void changedPixelsMakeANewInstanceOfANewSeries() throws Exception {
        save("1.dcm", dicom(5, 1));
        save("2.dcm", dicom(5, 2));
        List<Image> images = new ArrayList<>();
        for (Image image : images()) {
            image.pixels()[0] = 99;
            images.add(changed(
                    image, head -> head.imageType(ImageType.MAGNITUDE), "SequenceDescriptionAdditional", "FIRE"));
        }
        List<DataSet> after = exported(Optional.empty(), images.toArray(Image[]::new));
        DataSet first = after.get(0);
        assertThat(first.texts(Attribute.ImageType)).containsExactly("DERIVED", "PRIMARY", "M");
        assertThat(first.text(Attribute.SeriesDescription)).contains("flow/5_FIRE");
        assertThat(first.bytes(Attribute.PixelData)).contains(new byte[] {99, 0, 2, 0, 3, 0, 4, 0, 5, 0, 1, 6});
        assertThat(first.integer(Attribute.BitsStored)).hasValue(12);
        assertThat(after)
                .extracting(d -> d.text(Attribute.SOPInstanceUID).orElseThrow())
                .doesNotHaveDuplicates();
        assertThat(after)
                .extracting(d -> d.text(Attribute.SeriesInstanceUID).orElseThrow())
                .containsOnly("2.25.5");
        assertThat(first.text(Attribute.StudyInstanceUID)).contains("1.2");
        assertThat(first.text(Attribute.PatientName)).contains("M\u00fcller^J\u00f6rg");
    }

    @Test
    void changedPixelsOfAnotherTypeAreDescribedAsTheyAre() throws Exception {
        save("1.dcm", dicom(5, 1));
        Image image = images().get(0);
        byte[] floats = new byte[6 * Float.BYTES];
        ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).putFloat(0.5f).putFloat(-0.5f);
        DataSet to = exported(
                        Optional.empty(),
                        new Image(
                                image.head().toBuilder()
                                        .pixelType(PixelType.F32)
                                        .build(),
                                image.attributes(),
                                floats))
                .get(0);
        assertThat(to.integer(Attribute.BitsStored)).hasValue(16);
        assertThat(to.decimal(Attribute.RescaleIntercept)).hasValue(-0.5);
        assertThat(to.decimal(Attribute.RescaleSlope).orElseThrow()).isBetween(1 / 65536.0, 1 / 65534.0);
        byte[] negative = new byte[12];
        negative[1] = -1;
        DataSet signed = exported(
                        Optional.empty(),
                        new Image(
                                image.head().toBuilder()
                                        .pixelType(PixelType.I16)
                                        .build(),
                                image.attributes(),
                                negative))
                .get(0);
        assertThat(signed.integer(Attribute.PixelRepresentation)).hasValue(1);
        assertThat(signed.bytes(Attribute.PixelData)).contains(negative);
    }

    @Test
    void anImageThatNeverWasDicomBecomesOne() throws Exception {
        ImageHeaderBuilder head =
                TestHeads.head().pixelType(PixelType.U16).matrix(3, 2, 2).channels(2);
        byte[] pixels = new byte[2 * 24];
        for (int i = 0; i < 24; i++) {
            pixels[2 * i] = (byte) i;
        }
        MetaAttributes meta = new MetaAttributes()
                .set("SequenceDescription", "gre")
                .set("SequenceDescriptionAdditional", "FIRE")
                .set("ImageComments", "fine");
        List<DataSet> all = exported(Optional.of(MrFixtures.fullHeader()), Image.of(head, meta, pixels));
        assertThat(all).hasSize(4);
        DataSet last = all.get(3);
        assertThat(last.text(Attribute.SeriesDescription)).contains("gre_FIRE");
        assertThat(last.text(Attribute.ImageComments)).contains("fine");
        assertThat(last.integer(Attribute.SeriesNumber)).hasValue(7);
        assertThat(last.integer(Attribute.InstanceNumber)).hasValue(4);
        assertThat(last.bytes(Attribute.PixelData)).contains(new byte[] {18, 0, 19, 0, 20, 0, 21, 0, 22, 0, 23, 0});
        // The position is the centre of the volume: 6 mm in two slices, 30 x 20 mm in plane.
        assertThat(all.get(0).decimals(Attribute.ImagePositionPatient)).containsExactly(-10, -5, -1.5);
        assertThat(last.decimals(Attribute.ImagePositionPatient)).containsExactly(-10, -5, 1.5);
        assertThat(last.decimals(Attribute.PixelSpacing)).containsExactly(10, 10);
        assertThat(last.decimal(Attribute.WindowCenter)).hasValue(12); // 0 to 23 are 12 - 24 / 2 and 12 + 24 / 2 - 1
        assertThat(all)
                .extracting(d -> d.text(Attribute.SeriesInstanceUID))
                .containsOnly(last.text(Attribute.SeriesInstanceUID));
        assertThat(last.text(Attribute.StudyInstanceUID)).contains("1.2.3.4");
    }

    @Test
    void complexImagesBecomeTheirMagnitudeAndColoursCaptures() throws Exception {
        byte[] complex = new byte[6 * 8];
        ByteBuffer.wrap(complex)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(3)
                .putFloat(-4)
                .putFloat(0.5f);
        DataSet magnitude = exported(
                        Optional.empty(),
                        Image.of(
                                TestHeads.head()
                                        .pixelType(PixelType.COMPLEX_F32)
                                        .imageType(ImageType.COMPLEX),
                                new MetaAttributes(),
                                complex))
                .get(0);
        double slope = magnitude.decimal(Attribute.RescaleSlope).orElseThrow();
        ByteBuffer stored = ByteBuffer.wrap(magnitude.bytes(Attribute.PixelData).orElseThrow())
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat((stored.getShort() & 0xffff) * slope).isBetween(4.9999, 5.0001);
        assertThat((stored.getShort() & 0xffff) * slope).isBetween(0.4999, 0.5001);
        byte[] rgb = new byte[2 * 18];
        rgb[0] = 10;
        rgb[2 * 6] = 20;
        rgb[2 * 12] = 30;
        DataSet colour = exported(
                        Optional.empty(),
                        Image.of(
                                TestHeads.head()
                                        .pixelType(PixelType.U16)
                                        .channels(3)
                                        .imageType(ImageType.RGB),
                                new MetaAttributes(),
                                rgb))
                .get(0);
        assertThat(colour.text(Attribute.SOPClassUID)).contains(Uid.SECONDARY_CAPTURE_IMAGE_STORAGE);
        assertThat(colour.bytes(Attribute.PixelData).orElseThrow()).startsWith(10, 20, 30, 0);
    }

    @Test
    void whatCannotBeReadIsNamedWithItsFile() throws Exception {
        assertThatThrownBy(() -> scan("none")).hasMessageContaining("none: no such folder");
        Files.createDirectories(folder.resolve("in"));
        assertThatThrownBy(this::images).hasMessageContaining("there is no DICOM image in");
        save("a.dcm", dicom(1, 1).putInts(Attribute.NumberOfFrames, 12));
        save("b.dcm", dicom(1, 1).putText(Attribute.PhotometricInterpretation, "PALETTE COLOR"));
        save("c.dcm", dicom(1, 1).putInts(Attribute.Rows, 3));
        Files.write(folder.resolve("in/d.dcm"), DicomEncodingTest.file("1.2.840.10008.1.2.4.90", ""));
        Files.writeString(folder.resolve("in/e.dcm"), "nothing");
        assertThatThrownBy(this::images)
                .isInstanceOf(DicomFormatException.class)
                .hasMessage("there is no DICOM image that can be read in " + folder.resolve("in"));
        assertThat(unreadable)
                .satisfiesExactly(
                        a -> assertThat(a).contains("a.dcm: NumberOfFrames is 12; only images of one frame"),
                        b -> assertThat(b).contains("b.dcm: PALETTE COLOR pixels of 1 samples of 16 bits"),
                        c -> assertThat(c).contains("c.dcm: PixelData has 12 bytes, 3 rows of 3 columns"),
                        d -> assertThat(d).contains("d.dcm: ", "JPEG 2000", "1.2.840.10008.1.2.4.90"),
                        e -> assertThat(e).contains("e.dcm: no DICOM file"));
    }

    @Test
    void oneThatHasChangedSinceItWasFoundIsLeftOut() throws Exception {
        save("a.dcm", dicom(1, 1));
        save("b.dcm", dicom(1, 2));
        DicomFolder found = scan("in");
        Files.delete(folder.resolve("in/a.dcm"));
        List<Image> images = new ArrayList<>();
        assertThat(found.read(images::add)).isEqualTo(1);
        assertThat(images).hasSize(1);
        assertThat(found.unreadable()).isEqualTo(1);
        assertThat(unreadable).containsExactly(folder.resolve("in/a.dcm").toString());
        Files.delete(folder.resolve("in/b.dcm"));
        assertThatThrownBy(() -> found.read(images::add)).hasMessageContaining("can be read any more");
    }

    @Test
    void whatIsAssumedOfASeriesIsSaidOnce() throws Exception {
        Image bare = Image.of(
                ImageHeader.builder()
                        .matrix(3, 2, 1)
                        .readDirection(Vector3.ZERO)
                        .phaseDirection(Vector3.ZERO),
                new MetaAttributes(),
                new short[6]);
        exported(Optional.empty(), bare, bare);
        assertThat(notices)
                .containsExactly(
                        "image_7: the images have no field of view; pixels of 1 mm are written",
                        "image_7: the images have no directions; they are written as axial");
        notices.clear();
        Image oblique =
                Image.of(TestHeads.head().readDirection(new Vector3(1, 1, 0)), new MetaAttributes(), new short[6]);
        exported(Optional.empty(), oblique);
        assertThat(notices)
                .singleElement()
                .asString()
                .startsWith("image_7: read_dir (1.0, 1.0, 0.0) and phase_dir (")
                .endsWith(") are no pair of orthogonal unit vectors; they are written as axial");
    }

    @Test
    void damagedAttributesAreNamedWithTheirImage() {
        for (String json : List.of("W10=", "e3")) {
            MetaAttributes meta = new MetaAttributes().set("DicomJson", json);
            Image image = Image.of(TestHeads.head().pixelType(PixelType.U16), meta, new byte[12]);
            assertThatThrownBy(() -> exported(Optional.empty(), image))
                    .hasMessageStartingWith("image 0 of image_7: DICOM JSON");
        }
    }

    @Test
    void whatAnEmptyDicomJsonLacksIsMade() throws Exception {
        MetaAttributes meta = new MetaAttributes().set("DicomJson", "e30"); // {}
        DataSet to = exported(Optional.empty(), Image.of(TestHeads.head().pixelType(PixelType.U16), meta, new byte[12]))
                .get(0);
        assertThat(to.text(Attribute.SOPClassUID)).contains(Uid.MR_IMAGE_STORAGE);
        assertThat(to.texts(Attribute.ImageType)).containsExactly("DERIVED", "PRIMARY", "M");
        assertThat(to.text(Attribute.StudyInstanceUID)).isPresent();
        assertThat(to.integer(Attribute.InstanceNumber)).hasValue(1);
    }

    /** 3 x 2 pixels of 10 mm. */
    private static final class TestHeads {
        static ImageHeaderBuilder head() {
            return recon.mrd.format.ImageHeader.builder()
                    .matrix(3, 2, 1)
                    .fieldOfViewMm(new Vector3(30, 20, 6))
                    .imageSeriesIndex(7);
        }
    }
}
