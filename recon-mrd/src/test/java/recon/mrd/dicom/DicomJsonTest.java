package recon.mrd.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of values as PS3.18 annex F has them. */
class DicomJsonTest {
    private static final int PRIVATE = 0x0009_1001;

    @Test
    void valuesHaveTheFormOfTheirRepresentation() throws Exception {
        DataSet from = new DataSet()
                .putText(Attribute.ImageType, "ORIGINAL", "", "M")
                .putText(Attribute.PatientName, "Yamada^Tarou=\u5c71\u7530^\u592a\u90ce=", "Doe^J")
                .put(text(Attribute.EchoTime, "1.50\\+2 \\007"))
                .putInts(Attribute.Rows, 65535)
                .putItems(
                        Attribute.AnatomicRegionSequence,
                        List.of(new DataSet().putText(Attribute.CodeValue, "T1"), new DataSet()))
                .putEmpty(Attribute.PatientID)
                .put(new Element.Value(PRIVATE, Vr.OB, new byte[] {1, 2}))
                .put(new Element.Value(PRIVATE + 1, Vr.AT, new byte[] {0x10, 0, 0x20, 1}))
                .put(new Element.Value(PRIVATE + 2, Vr.UV, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}))
                .put(new Element.Value(PRIVATE + 3, Vr.FL, Numbers.encode(Vr.FL, 0.1, -2)))
                .put(new Element.Value(PRIVATE + 4, Vr.FD, Numbers.encode(Vr.FD, Double.NaN)))
                .putBytes(Attribute.PixelData, new byte[4]);
        String json = DicomJson.write(from);
        assertThat(json)
                .contains("\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]}")
                .contains("\"00080008\":{\"vr\":\"CS\",\"Value\":[\"ORIGINAL\",null,\"M\"]}")
                .contains("\"00180081\":{\"vr\":\"DS\",\"Value\":[1.50,\"+2 \",\"007\"]}")
                .contains("\"00280010\":{\"vr\":\"US\",\"Value\":[65535]}")
                .contains(
                        "\"00082218\":{\"vr\":\"SQ\",\"Value\":[{\"00080100\":{\"vr\":\"SH\",\"Value\":[\"T1\"]}},{}]}")
                .contains("\"00100020\":{\"vr\":\"LO\"}")
                .contains("{\"vr\":\"OB\",\"InlineBinary\":\"AQI=\"}")
                .contains("{\"vr\":\"AT\",\"Value\":[\"00100120\"]}")
                .contains("{\"vr\":\"UV\",\"Value\":[18446744073709551615]}")
                .contains("{\"vr\":\"FL\",\"Value\":[0.1,-2.0]}")
                .contains("{\"vr\":\"FD\",\"InlineBinary\":\"")
                .contains("{\"Alphabetic\":\"Doe^J\"}")
                .doesNotContain("7FE00010");
        DataSet read = DicomJson.read(json);
        from.remove(Attribute.PixelData);
        assertThat(read).isEqualTo(from);
    }

    @Test
    void namesHaveGroups() throws Exception {
        String json = DicomJson.write(new DataSet().putText(Attribute.PatientName, "A^B==C"));
        assertThat(json).contains("[{\"Alphabetic\":\"A^B\",\"Phonetic\":\"C\"}]");
        assertThat(DicomJson.read(json).text(Attribute.PatientName)).contains("A^B==C");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO_IR 100", "ISO_IR 144", "ISO_IR 192", "GB18030", "\\ISO 2022 IR 87", ""})
    void bytesOfEveryCharacterSetComeBack(String set) throws Exception {
        DataSet from = new DataSet().put(text(Attribute.SpecificCharacterSet, set));
        Charset charset = from.charset();
        String name = set.contains("2022") ? "Yamada=\u001b$B;3ED\u001b(B" : "\u00fc\u0416\u5c71";
        byte[] bytes = name.getBytes(charset);
        from.put(new Element.Value(Attribute.PatientName.tag(), Vr.PN, bytes));
        from.put(new Element.Value(
                Attribute.PatientComments.tag(), Vr.LT, new byte[] {(byte) 0xff, (byte) 0x80, 65, 66}));
        assertThat(DicomJson.read(DicomJson.write(from))).isEqualTo(from);
    }

    @Test
    void whatTheCharacterSetCannotHoldMakesItUtf8() throws Exception {
        DataSet read = DicomJson.read("{\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 100\"]},"
                + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"\u5c71\"}]}}");
        assertThat(read.text(Attribute.SpecificCharacterSet)).contains("ISO_IR 192");
        assertThat(read.text(Attribute.PatientName)).contains("\u5c71");
    }

    @Test
    void decimalsOfOtherProgramsAreCutToSixteenCharacters() throws Exception {
        DataSet read = DicomJson.read("{\"00280030\":{\"vr\":\"DS\",\"Value\":[0.33333333333333331, 1]}}");
        assertThat(read.texts(Attribute.PixelSpacing)).containsExactly("0.33333333333333", "1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                              | DICOM JSON: ",
                "[]                                             | no object where a data set belongs",
                "{} {}                                          | there is more behind the data set",
                "{\"x\":{}}                                     | \"x\" is no tag",
                "{\"FFFEE000\":{\"vr\":\"UN\"}}                 | is no tag",
                "{\"00280010\":3}                               | Rows is no object",
                "{\"00280010\":{}}                              | Rows has no vr",
                "{\"00280010\":{\"vr\":\"zz\"}}                 | is no value representation",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[65536]}} | Rows US has the value \"65536\"",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[1.5]}} | has the value \"1.5\"",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[1e999999999]}} | has the value",
                "{\"00280010\":{\"vr\":\"US\",\"Value\":[null]}} | has the value \"null\"",
                "{\"00280010\":{\"vr\":\"OB\",\"Value\":[1]}}   | where an InlineBinary belongs",
                "{\"00080008\":{\"vr\":\"CS\",\"Value\":[{}]}}  | has a value that is no text"
            })
    void whatIsNoneIsRefused(String json, String words) {
        assertThatThrownBy(() -> DicomJson.read(json))
                .isInstanceOf(DicomFormatException.class)
                .hasMessageStartingWith("DICOM JSON: ")
                .hasMessageContaining(words);
    }

    @Test
    void sequencesNestNoDeeperThanTheLimit() throws Exception {
        String open = "{\"00082218\":{\"vr\":\"SQ\",\"Value\":[";
        DicomJson.read(open.repeat(30) + "]}}".repeat(30));
        assertThatThrownBy(() -> DicomJson.read(open.repeat(40) + "]}}".repeat(40)))
                .isInstanceOf(DicomFormatException.class);
        assertThatThrownBy(() -> DicomJson.read(open.repeat(40_000))).isInstanceOf(DicomFormatException.class);
    }

    private static Element text(Attribute attribute, String text) {
        return new Element.Value(attribute.tag(), attribute.vr(), text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
