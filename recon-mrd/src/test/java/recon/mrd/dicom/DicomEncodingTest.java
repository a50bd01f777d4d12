package recon.mrd.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes of elements as PS3.5 lays them out, written down by hand. */
class DicomEncodingTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void shortFormElementsInTheOrderOfTheirTags() throws Exception {
        DataSet content = instance().putInts(Attribute.Rows, 258).putText(Attribute.PatientName, "Doe^J");
        assertThat(contentHex(content))
                .endsWith("10001000" + "504e" + "0600" + "446f655e4a20" // (0010,0010) PN, padded with a space
                        + "28001000" + "5553" + "0200" + "0201"); // (0028,0010) US
    }

    @Test
    void longFormElementHasTwoReservedBytesAndThirtyTwoBitsOfLength() throws Exception {
        assertThat(contentHex(instance().putBytes(Attribute.PixelData, new byte[] {1, 2})))
                .endsWith("e07f1000" + "4f57" + "0000" + "02000000" + "0102");
    }

    @Test
    void uidsArePaddedWithNul() throws Exception {
        assertThat(contentHex(instance().putText(Attribute.StudyInstanceUID, "1.2")))
                .endsWith("20000d00" + "5549" + "0400" + "312e3200");
    }

    @Test
    void sequenceHoldsItemsWithTheirLengths() throws Exception {
        DataSet item = new DataSet().putText(Attribute.CodeValue, "T1");
        assertThat(contentHex(instance().putItems(Attribute.AnatomicRegionSequence, List.of(item, new DataSet()))))
                .endsWith("08001822" + "5351" + "0000" + "1a000000" // SQ of 26 bytes
                        + "feff00e0" + "0a000000" + "08000001" + "5348" + "0200" + "5431" // an item of 10 bytes
                        + "feff00e0" + "00000000"); // and an empty one
    }

    @Test
    void emptyElementHasNoValue() throws Exception {
        assertThat(contentHex(instance().putEmpty(Attribute.PatientID).putEmpty(Attribute.AnatomicRegionSequence)))
                .endsWith("08001822" + "5351" + "0000" + "00000000" + "10002000" + "4c4f" + "0000");
    }

    @Test
    void fileBeginsWithPreambleAndMetaGroup() {
        byte[] bytes = DicomWriter.toBytes(DicomFile.of(instance()));
        assertThat(Arrays.copyOf(bytes, 128)).containsOnly(0);
        assertThat(new String(bytes, 128, 4, StandardCharsets.US_ASCII)).isEqualTo("DICM");
        assertThat(HEX.formatHex(bytes, 132, 140)).isEqualTo("02000000" + "554c" + "0400");
        int groupLength = bytes[140] & 0xff;
        // The group ends where the data set begins: with SOPClassUID.
        assertThat(HEX.formatHex(bytes, 144 + groupLength, 144 + groupLength + 8))
                .isEqualTo("08001600" + "5549" + "1a00");
        assertThat(HEX.formatHex(bytes, 144, 158)).isEqualTo("02000100" + "4f42" + "0000" + "02000000" + "0001");
    }

    @Test
    void readsImplicitVrWithSequencesOfUndefinedLength() throws Exception {
        String content = "08001822" + "ffffffff" // AnatomicRegionSequence
                + "feff00e0" + "ffffffff" + "08000001" + "02000000" + "5431" + "feff0de0" + "00000000"
                + "feff00e0" + "0a000000" + "08000001" + "02000000" + "5432"
                + "feffdde0" + "00000000"
                + "09001000" + "04000000" + "41434d45" // private creator
                + "09000110" + "02000000" + "0708" // private, unknown
                + "10001000" + "04000000" + "446f6520"
                + "28001000" + "02000000" + "0201";
        DataSet read =
                DicomReader.parse(file(Uid.IMPLICIT_VR_LITTLE_ENDIAN, content)).content();
        assertThat(read.items(Attribute.AnatomicRegionSequence))
                .extracting(item -> item.text(Attribute.CodeValue).orElseThrow())
                .containsExactly("T1", "T2");
        assertThat(read.get(0x0009_0010))
                .hasValueSatisfying(e -> assertThat(e.vr()).isEqualTo(Vr.LO));
        assertThat(read.get(0x0009_1001)).contains(new Element.Value(0x0009_1001, Vr.UN, new byte[] {7, 8}));
        assertThat(read.text(Attribute.PatientName)).contains("Doe");
        assertThat(read.integer(Attribute.Rows)).hasValue(258);
    }

    @Test
    void implicitVrsAreThoseOfTheStandard() throws Exception {
        for (Attribute attribute : Attribute.values()) {
            if (attribute.tag() >>> 16 != DicomFormat.META_GROUP) {
                assertThat(StandardVrs.of(attribute.tag())).as("%s", attribute).contains(attribute.vr());
            }
        }
        assertThat(StandardVrs.of(0x6002_3000)).contains(Vr.OW);
        assertThat(StandardVrs.of(0x6003_3000)).isEmpty();
        String content = "400070a1" + "10000000" + "feff00e0" + "08000000" + "08000001" + "00000000";
        DataSet read =
                DicomReader.parse(file(Uid.IMPLICIT_VR_LITTLE_ENDIAN, content)).content();
        assertThat(read.get(0x0040_a170))
                .hasValueSatisfying(e -> assertThat(e.vr()).isEqualTo(Vr.SQ));
    }

    @Test
    void unknownVrOfUndefinedLengthIsASequenceInImplicitVr() throws Exception {
        String content = "09000110" + "554e" + "0000" + "ffffffff"
                + "feff00e0" + "ffffffff" + "28001000" + "02000000" + "0500" + "feff0de0" + "00000000"
                + "feffdde0" + "00000000";
        DataSet read =
                DicomReader.parse(file(Uid.EXPLICIT_VR_LITTLE_ENDIAN, content)).content();
        Element.Sequence sequence = (Element.Sequence) read.get(0x0009_1001).orElseThrow();
        assertThat(sequence.items().get(0).integer(Attribute.Rows)).hasValue(5);
    }

    @Test
    void implicitValueTooLongForItsShortFormBecomesUnknown() throws Exception {
        String content = "28000730" + "02000100" + "00".repeat(65_538); // (0028,3007) is none of the standard's
        String known = "10001000" + "00000100" + "20".repeat(65_536);
        DataSet read = DicomReader.parse(file(Uid.IMPLICIT_VR_LITTLE_ENDIAN, known + content))
                .content();
        assertThat(read.get(Attribute.PatientName.tag()).orElseThrow().vr()).isEqualTo(Vr.UN);
        DicomFile again = DicomReader.parse(DicomWriter.toBytes(new DicomFile(
                DicomReader.parse(file(Uid.IMPLICIT_VR_LITTLE_ENDIAN, known)).meta(), read)));
        assertThat(again.content()).isEqualTo(read);
    }

    @Test
    void retiredGroupLengthsAreReadAndNotWritten() throws Exception {
        DataSet read = DicomReader.parse(file(
                        Uid.IMPLICIT_VR_LITTLE_ENDIAN,
                        "10000000" + "04000000" + "0a000000" + "10001000" + "02000000" + "4120"))
                .content();
        assertThat(read.elements()).hasSize(2);
        read.putText(Attribute.SOPClassUID, "1.2").putText(Attribute.SOPInstanceUID, "1.3");
        assertThat(DicomReader.parse(DicomWriter.toBytes(DicomFile.of(read)))
                        .content()
                        .elements())
                .extracting(Element::tag)
                .containsExactly(0x0008_0016, 0x0008_0018, 0x0010_0010);
    }

    @Test
    void textInItemsFollowsTheCharacterSetAroundThem() throws Exception {
        String content = "08000500" + "4353" + "0a00" + HEX.formatHex("ISO_IR 100".getBytes(StandardCharsets.US_ASCII))
                + "08001822" + "5351" + "0000" + "12000000"
                + "feff00e0" + "0a000000" + "08000401" + "4c4f" + "0200" + "fc20";
        DataSet read =
                DicomReader.parse(file(Uid.EXPLICIT_VR_LITTLE_ENDIAN, content)).content();
        assertThat(read.items(Attribute.AnatomicRegionSequence).get(0).text(Attribute.CodeMeaning))
                .contains("\u00fc");
    }

    @Test
    void damageIsNamedWithPlaceValueAndLimit() {
        String rows = "28001000" + "5553" + "0200" + "0201";
        assertBroken(
                "28001000" + "5553" + "0a00" + "0201", "(0028,0010) Rows: length 10 is more than the 2 bytes left");
        assertBroken("28001000" + "5553" + "0100" + "02", "(0028,0010) Rows: length 1 is odd");
        assertBroken("28001000" + "7a7a" + "0200" + "0201", "0x7a7a is no value representation");
        assertBroken(rows + rows, "(0028,0010) Rows occurs twice");
        assertBroken(rows + "2800", "an element starts 2 bytes before the end of what holds it");
        assertBroken("e07f1000" + "4f57" + "0000" + "ffffffff", "(7fe0,0010) PixelData OW has an undefined length");
        assertBroken("e07f1000" + "4f57" + "0000", "the length of an element starts 2 bytes before the end");
        assertBroken("feff00e0" + "00000000", "(fffe,e000) where an element was expected");
        assertBroken(
                rows + "02000300" + "5549" + "0000", "(0002,0003) MediaStorageSOPInstanceUID is not allowed after");
        assertBroken(
                "08001822" + "5351" + "0000" + "ffffffff", "an item of (0008,2218) AnatomicRegionSequence starts 0");
        assertBroken("08001822" + "5351" + "0000" + "08000000" + "28001000" + "00000000", "where an item was expected");
        assertBroken(
                "08001822" + "5351" + "0000" + "08000000" + "feff00e0" + "02000000",
                "length 2 is more than the 0 bytes");
        assertThatThrownBy(() -> DicomReader.parse(new byte[200]))
                .isInstanceOf(DicomFormatException.class)
                .hasMessage("no DICOM file: no \"DICM\" at byte 128");
        assertThatThrownBy(() -> DicomReader.parse(file("1.2.840.10008.1.2.4.50", "")))
                .isInstanceOf(DicomFormatException.class)
                .hasMessageContaining("1.2.840.10008.1.2.4.50 is not supported");
        assertThatThrownBy(() -> DicomReader.parse(Arrays.copyOf(file("1.2", ""), 132)))
                .isInstanceOf(DicomFormatException.class)
                .hasMessageContaining("no transfer syntax");
    }

    @Test
    void sequencesNestNoDeeperThanTheLimit() throws Exception {
        String open = "08001822" + "5351" + "0000" + "ffffffff" + "feff00e0" + "ffffffff";
        String close = "feff0de0" + "00000000" + "feffdde0" + "00000000";
        byte[] deep = file(Uid.EXPLICIT_VR_LITTLE_ENDIAN, open.repeat(32) + close.repeat(32));
        DicomReader.parse(deep);
        assertBroken(open.repeat(33) + close.repeat(33), "nest deeper than 32");
    }

    @Test
    void moreItemsThanTheLimitAreRefused() {
        byte[] head = file(Uid.EXPLICIT_VR_LITTLE_ENDIAN, "08001822" + "5351" + "0000" + "ffffffff");
        byte[] bytes = Arrays.copyOf(head, head.length + 8 * (DicomFormat.MAX_ELEMENTS + 1));
        for (int at = head.length; at < bytes.length; at += 8) {
            System.arraycopy(HEX.parseHex("feff00e000000000"), 0, bytes, at, 8);
        }
        assertThatThrownBy(() -> DicomReader.parse(bytes))
                .isInstanceOf(DicomFormatException.class)
                .hasMessageContaining("more than 250000 elements");
    }

    @Test
    void writingLeavesTheWholeFileOrNothing(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("a.dcm");
        DicomFile file = DicomFile.of(instance());
        DicomWriter.write(file, path);
        assertThat(DicomReader.read(path).content()).isEqualTo(file.content());
        assertThat(DicomReader.looksLikeDicom(path)).isTrue();
        Files.createDirectories(folder.resolve("taken").resolve("inside"));
        assertThatThrownBy(() -> DicomWriter.write(file, folder.resolve("taken")))
                .isInstanceOf(java.io.IOException.class);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("a.dcm", "taken");
        }
        Files.write(folder.resolve("short"), new byte[3]);
        assertThat(DicomReader.looksLikeDicom(folder.resolve("short"))).isFalse();
        assertThatThrownBy(() -> DicomReader.read(folder.resolve("short")))
                .isInstanceOf(DicomFormatException.class)
                .hasMessageContaining("short: no DICOM file");
    }

    @Test
    void fileNeedsTheIdentityOfItsInstance() {
        assertThatThrownBy(() -> DicomFile.of(new DataSet()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the data set has no SOPClassUID");
    }

    private static DataSet instance() {
        return new DataSet()
                .putText(Attribute.SOPClassUID, Uid.MR_IMAGE_STORAGE)
                .putText(Attribute.SOPInstanceUID, "1.2.3");
    }

    private static String contentHex(DataSet content) throws DicomFormatException {
        byte[] bytes = DicomWriter.toBytes(DicomFile.of(content));
        assertThat(DicomReader.parse(bytes).content()).isEqualTo(content);
        return HEX.formatHex(bytes);
    }

    private static void assertBroken(String contentHex, String message) {
        assertThatThrownBy(() -> DicomReader.parse(file(Uid.EXPLICIT_VR_LITTLE_ENDIAN, contentHex)))
                .isInstanceOf(DicomFormatException.class)
                .hasMessageStartingWith("byte ")
                .hasMessageContaining(message);
    }

    /** A file whose meta group holds the transfer syntax only. */
    static byte[] file(String transferSyntax, String contentHex) {
        byte[] syntax = transferSyntax.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[128]);
        out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(HEX.parseHex("02001000" + "5549"));
        out.write(syntax.length + (syntax.length & 1));
        out.write(0);
        out.writeBytes(Arrays.copyOf(syntax, syntax.length + (syntax.length & 1)));
        out.writeBytes(HEX.parseHex(contentHex));
        return out.toByteArray();
    }
}
