package recon.mrd.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is written is read again, bit by bit; what is damaged is refused as {@link DicomFormatException} only. */
class DicomRoundTripTest {
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void everyDataSetComesBackAndItsBytesToo(@ForAll("dataSets") DataSet content) throws DicomFormatException {
        content.putText(Attribute.SOPClassUID, "1.2").putText(Attribute.SOPInstanceUID, "1.3");
        byte[] bytes = DicomWriter.toBytes(DicomFile.of(content));
        DicomFile read = DicomReader.parse(bytes);
        assertThat(read.content()).isEqualTo(content);
        assertThat(DicomWriter.toBytes(read)).isEqualTo(bytes);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void decimalStringsAreShortAndNear(@ForAll double value) {
        String text = DecimalString.of(value);
        assertThat(text).hasSizeLessThanOrEqualTo(16);
        TextRules.check(Vr.DS, text);
        assertThat(Math.abs(Double.parseDouble(text) - value)).isLessThanOrEqualTo(1e-9 * Math.abs(value));
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void randomBytesAreReadOrRefused(@ForAll @Size(max = 200) byte[] content) {
        readOrRefuse(DicomEncodingTest.file(
                Uid.EXPLICIT_VR_LITTLE_ENDIAN, HexFormat.of().formatHex(content)));
        readOrRefuse(DicomEncodingTest.file(
                Uid.IMPLICIT_VR_LITTLE_ENDIAN, HexFormat.of().formatHex(content)));
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void everyDataSetComesBackFromItsJson(@ForAll("dataSets") DataSet content) throws DicomFormatException {
        DataSet read = DicomJson.read(DicomJson.write(content));
        assertThat(read).isEqualTo(withoutBlanks(content, content.charset()));
        assertThat(DicomJson.write(read)).isEqualTo(DicomJson.write(content));
    }

    /** Blanks at the end of a text say nothing. */
    private static DataSet withoutBlanks(DataSet content, Charset around) {
        Charset charset = content.charset(around);
        DataSet to = new DataSet();
        for (Element element : content.elements()) {
            if (element instanceof Element.Sequence sequence) {
                to.put(new Element.Sequence(
                        sequence.tag(),
                        sequence.items().stream()
                                .map(item -> withoutBlanks(item, charset))
                                .toList()));
            } else if (element instanceof Element.Value value) {
                byte[] bytes = value.bytes();
                int end = bytes.length;
                while (value.vr().isText() && end > 0 && (bytes[end - 1] == ' ' || bytes[end - 1] == 0)) {
                    end--;
                }
                // Text that is none in its character set is kept as it is.
                boolean comesBack = !value.vr().usesCharacterSet()
                        || Arrays.equals(new String(bytes, charset).getBytes(charset), bytes);
                to.put(new Element.Value(value.tag(), value.vr(), comesBack ? Arrays.copyOf(bytes, end) : bytes));
            }
        }
        return to;
    }

    @Provide
    Arbitrary<DataSet> dataSets() {
        return dataSets(2);
    }

    private Arbitrary<DataSet> dataSets(int depth) {
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
        // Groups 8 to fffc, but not the one of items; element 0 would be a group length.
        Arbitrary<Integer> tags = Combinators.combine(
                        Arbitraries.integers().between(8, 0xfffc),
                        Arbitraries.integers().between(0x100, 0xffff))
                .as((group, element) -> group << 16 | element);
        Arbitrary<Vr> vrs = Arbitraries.of(Vr.class).filter(vr -> vr != Vr.SQ);
        Arbitrary<Element> values = Combinators.combine(tags, vrs, bytes).as(Element.Value::new);
        Arbitrary<String> names = Arbitraries.strings().all().ofMaxLength(80);
        Arbitrary<Element> elements = depth == 0
                ? values
                : Arbitraries.frequencyOf(
                        Tuple.of(4, values),
                        Tuple.of(
                                1,
                                Combinators.combine(
                                                tags, dataSets(depth - 1).list().ofMaxSize(3))
                                        .as(Element.Sequence::new)));
        return Combinators.combine(elements.list().ofMaxSize(6), names).as((list, name) -> {
            DataSet dataSet = new DataSet();
            list.forEach(dataSet::put);
            TextFit.fit(Vr.PN, name).ifPresent(fitting -> dataSet.putText(Attribute.PatientName, fitting));
            return dataSet;
        });
    }

    @Test
    void aFileCutAnywhereIsRefusedOrShorterByWholeElements() throws Exception {
        byte[] bytes = sample();
        List<Integer> ends = new ArrayList<>();
        for (int length = 0; length < bytes.length; length++) {
            if (readOrRefuse(Arrays.copyOf(bytes, length))) {
                ends.add(length);
            }
        }
        // One place per element after the transfer syntax was named: a data set may end where an element ends.
        DicomFile whole = DicomReader.parse(bytes);
        assertThat(ends)
                .hasSizeBetween(
                        1,
                        whole.meta().elements().size()
                                + whole.content().elements().size());
    }

    @Test
    void everyFlippedBitIsReadOrRefused() throws Exception {
        byte[] bytes = sample();
        int refused = 0;
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            refused += readOrRefuse(bytes) ? 0 : 1;
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void manyFlippedBytesAreReadOrRefused() throws Exception {
        byte[] bytes = sample();
        Random random = new Random(7);
        for (int round = 0; round < 5000; round++) {
            byte[] damaged = bytes.clone();
            for (int i = random.nextInt(20); i >= 0; i--) {
                damaged[132 + random.nextInt(bytes.length - 132)] = (byte) random.nextInt();
            }
            readOrRefuse(damaged);
        }
    }

    private static byte[] sample() {
        DataSet item = new DataSet()
                .putText(Attribute.CodeMeaning, "\u00fc")
                .putItems(
                        Attribute.ReferencedImageSequence,
                        List.of(new DataSet().putEmpty(Attribute.ReferencedSOPClassUID)));
        DataSet content = MrFixtures.series(MrFixtures.fullHeader(), MrFixtures.slices(1, 1), SeriesOptions.DEFAULT)
                .instance(1)
                .content()
                .putItems(Attribute.AnatomicRegionSequence, List.of(item));
        return DicomWriter.toBytes(DicomFile.of(content));
    }

    /** True if it was read; and then it can be used and written again. */
    private static boolean readOrRefuse(byte[] bytes) {
        DicomFile file;
        try {
            file = DicomReader.parse(bytes);
        } catch (DicomFormatException e) {
            assertThat(e).hasMessageMatching("(?s)(byte|no DICOM file|transfer syntax|the file meta).*");
            return false;
        }
        file.content().texts(Attribute.PatientName);
        file.content().decimals(Attribute.PixelSpacing);
        file.content().integer(Attribute.Rows);
        DicomWriter.toBytes(file);
        return true;
    }
}
