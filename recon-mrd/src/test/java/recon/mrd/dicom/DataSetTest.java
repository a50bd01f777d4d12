package recon.mrd.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSetTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PatientAge; 12Y",
                "PatientSex; f",
                "Modality; ABCDEFGHIJKLMNOPQ",
                "Modality; A-B",
                "StudyDate; 20260230",
                "StudyDate; 2026-01-01",
                "SliceLocation; 1,5",
                "SliceLocation; 12345678901234567",
                "InstanceNumber; 2147483648",
                "InstanceNumber; 1.0",
                "StudyTime; 240000",
                "StudyTime; 12:00",
                "AcquisitionDateTime; 20260101120",
                "StudyInstanceUID; 1.02",
                "StudyInstanceUID; 1",
                "StudyID; 12345678901234567",
                "PatientID; a\\b",
                "PatientName; a=b=c=d",
                "PatientName; a^b^c^d^e^f",
                "SourceApplicationEntityTitle; \u00c4T"
            })
    void refusesWhatTheValueRepresentationForbids(Attribute attribute, String value) {
        assertThatThrownBy(() -> new DataSet().putText(attribute, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(attribute.name())
                .hasMessageContaining(attribute.vr() + " value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PatientAge; 012Y",
                "Modality; MR_1 X",
                "StudyDate; 20240229",
                "SliceLocation; -1.5e+3",
                "InstanceNumber; -2147483648",
                "StudyTime; 235960.123456",
                "StudyTime; 12",
                "AcquisitionDateTime; 20260101123000.5+0100",
                "AcquisitionDateTime; 2026",
                "StudyInstanceUID; 1.0.2",
                "PatientName; A^B^C^D^E=x=y"
            })
    void acceptsWhatItAllows(Attribute attribute, String value) {
        assertThat(new DataSet().putText(attribute, value).text(attribute)).contains(value);
    }

    @Test
    void textLimitsCountCharactersNotBytes() {
        String longest = "\ud83e\udde0".repeat(64); // one character beyond the basic plane
        assertThat(new DataSet().putText(Attribute.PatientID, longest).text(Attribute.PatientID))
                .contains(longest);
        assertThatThrownBy(() -> new DataSet().putText(Attribute.PatientID, longest + "x"))
                .hasMessageContaining("has 65 characters, at most 64 are allowed");
        assertThatThrownBy(() -> new DataSet().putText(Attribute.PatientName, "x".repeat(65)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DataSet().putText(Attribute.PatientID, "a\nb"))
                .hasMessageContaining("control character");
        assertThatThrownBy(() -> new DataSet().putText(Attribute.PatientID, "\ud800"))
                .hasMessageContaining("surrogate");
        assertThat(new DataSet().putText(Attribute.PatientComments, "a\nb\\c").texts(Attribute.PatientComments))
                .containsExactly("a\nb\\c");
    }

    @Test
    void textBeyondAsciiSwitchesToUtf8() {
        DataSet dataSet = new DataSet().putText(Attribute.PatientName, "Doe");
        assertThat(dataSet.text(Attribute.SpecificCharacterSet)).isEmpty();
        dataSet.putText(Attribute.PatientName, "M\u00fcller");
        assertThat(dataSet.text(Attribute.SpecificCharacterSet)).contains("ISO_IR 192");
        assertThat(dataSet.bytes(Attribute.PatientName))
                .hasValueSatisfying(b -> assertThat(b).isEqualTo("M\u00fcller ".getBytes(StandardCharsets.UTF_8)));
        assertThat(dataSet.text(Attribute.PatientName)).contains("M\u00fcller");
    }

    @Test
    void aCharacterSetThatIsThereIsKept() {
        DataSet dataSet = new DataSet().putText(Attribute.SpecificCharacterSet, "ISO_IR 100");
        assertThat(dataSet.putText(Attribute.PatientName, "\u00fc").bytes(Attribute.PatientName))
                .hasValueSatisfying(b -> assertThat(b).containsExactly(0xfc, ' '));
        assertThatThrownBy(() -> dataSet.putText(Attribute.PatientName, "\u5c71"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ISO-8859-1 cannot hold the value");
    }

    @ParameterizedTest
    @CsvSource({
        "ISO_IR 101,ISO-8859-2",
        "ISO_IR 109,ISO-8859-3",
        "ISO_IR 110,ISO-8859-4",
        "ISO_IR 144,ISO-8859-5",
        "ISO_IR 127,ISO-8859-6",
        "ISO_IR 126,ISO-8859-7",
        "ISO_IR 138,ISO-8859-8",
        "ISO_IR 148,ISO-8859-9",
        "ISO_IR 203,ISO-8859-15",
        "ISO_IR 13,JIS_X0201",
        "ISO_IR 166,TIS-620",
        "GB18030,GB18030",
        "GBK,GBK",
        "ISO_IR 192,UTF-8",
        "ISO_IR 6,ISO-8859-1",
        "nonsense,ISO-8859-1"
    })
    void definedTermsNameTheirCharset(String term, String charset) {
        assertThat(CharacterSets.of(term).name()).isEqualTo(charset);
    }

    @Test
    void severalValuesAreSeparatedByBackslashes() {
        DataSet dataSet = new DataSet()
                .putText(Attribute.ImageType, "ORIGINAL", "PRIMARY", "M")
                .putDecimals(Attribute.PixelSpacing, 1.5, 2)
                .putInts(Attribute.EchoNumbers, 1, 2);
        assertThat(dataSet.texts(Attribute.ImageType)).containsExactly("ORIGINAL", "PRIMARY", "M");
        assertThat(dataSet.texts(Attribute.PixelSpacing)).containsExactly("1.5", "2");
        assertThat(dataSet.decimals(Attribute.EchoNumbers)).containsExactly(1, 2);
        assertThat(dataSet.integer(Attribute.EchoNumbers)).hasValue(1);
    }

    @Test
    void whatIsMissingOrEmptyOrNoNumberIsNoValue() {
        DataSet dataSet = new DataSet().putEmpty(Attribute.PatientID);
        dataSet.put(
                new Element.Value(Attribute.SliceLocation.tag(), Vr.DS, "north ".getBytes(StandardCharsets.US_ASCII)));
        assertThat(dataSet.text(Attribute.PatientID)).isEmpty();
        assertThat(dataSet.texts(Attribute.PatientID)).isEmpty();
        assertThat(dataSet.decimal(Attribute.SliceLocation)).isEmpty();
        assertThat(dataSet.integer(Attribute.Rows)).isEmpty();
        assertThat(dataSet.bytes(Attribute.PixelData)).isEmpty();
        assertThat(dataSet.items(Attribute.AnatomicRegionSequence)).isEmpty();
        assertThat(new DataSet().putDecimals(Attribute.SliceLocation, 1.5).integer(Attribute.SliceLocation))
                .isEmpty();
    }

    @Test
    void unknownVrIsReadAsTheDictionarySays() {
        DataSet dataSet = new DataSet()
                .put(new Element.Value(Attribute.Rows.tag(), Vr.UN, new byte[] {2, 1}))
                .put(new Element.Value(Attribute.SliceLocation.tag(), Vr.UN, new byte[] {'7', ' '}));
        assertThat(dataSet.integer(Attribute.Rows)).hasValue(258);
        assertThat(dataSet.decimal(Attribute.SliceLocation)).hasValue(7);
    }

    @Test
    void binaryNumbersKeepTheirRangeAndSign() {
        assertThat(Numbers.decode(Vr.SS, Numbers.encode(Vr.SS, -32_768, 32_767)))
                .containsExactly(-32_768, 32_767);
        assertThat(Numbers.decode(Vr.US, Numbers.encode(Vr.US, 65_535))).containsExactly(65_535);
        assertThat(Numbers.decode(Vr.SL, Numbers.encode(Vr.SL, Integer.MIN_VALUE)))
                .containsExactly(Integer.MIN_VALUE);
        assertThat(Numbers.decode(Vr.UL, new byte[] {-1, -1, -1, -1, 5})).containsExactly(4_294_967_295.0);
        assertThat(Numbers.decode(Vr.SV, Numbers.encode(Vr.SV, -1))).containsExactly(-1);
        assertThat(Numbers.decode(Vr.FD, Numbers.encode(Vr.FD, 0.1))).containsExactly(0.1);
        assertThat(Numbers.decode(Vr.FL, Numbers.encode(Vr.FL, 0.5))).containsExactly(0.5);
        assertThatThrownBy(() -> new DataSet().putInts(Attribute.Rows, 65_536))
                .hasMessage("(0028,0010) Rows: US value 65536 is outside 0..65535");
        assertThatThrownBy(() -> Numbers.encode(Vr.UL, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void valuesOfAnotherKindAreRefused() {
        DataSet dataSet = new DataSet();
        assertThatThrownBy(() -> dataSet.putText(Attribute.Rows, "1")).hasMessageContaining("US does not hold 1 texts");
        assertThatThrownBy(() -> dataSet.putInts(Attribute.PatientID, 1)).hasMessageContaining("LO holds no integers");
        assertThatThrownBy(() -> dataSet.putDecimals(Attribute.Rows, 1)).hasMessageContaining("US holds no decimals");
        assertThatThrownBy(() -> dataSet.putBytes(Attribute.Rows, new byte[2])).hasMessageContaining("no plain bytes");
        assertThatThrownBy(() -> dataSet.putBytes(Attribute.PixelData, new byte[3]))
                .hasMessageContaining("no multiple of 2");
        assertThatThrownBy(() -> dataSet.putItems(Attribute.Rows, List.of())).hasMessageContaining("holds no items");
        assertThatThrownBy(() -> dataSet.putDecimals(Attribute.SliceLocation, Double.NaN))
                .hasMessageContaining("NaN is not a finite number");
        assertThatThrownBy(() -> new Element.Value(1, Vr.SQ, new byte[0])).hasMessageContaining("SQ holds items");
        assertThatThrownBy(() -> new Element.Value(1, Vr.UI, new byte[65_536]))
                .hasMessageContaining("more than the 65534");
    }

    @Test
    void aValueCannotBeChangedFromOutside() {
        byte[] bytes = {1, 2};
        Element.Value value = new Element.Value(Attribute.PixelData.tag(), Vr.OW, bytes);
        bytes[0] = 9;
        value.bytes()[1] = 9;
        assertThat(value.bytes()).containsExactly(1, 2);
        assertThat(value).hasToString("(7fe0,0010) PixelData OW 2 bytes");
        assertThat(new DataSet().put(value)).hasToString("DataSet[" + value + "]");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0.0,0",
        "1,1",
        "100000,100000",
        "0.1,0.1",
        "-1.5,-1.5",
        "3.141592653589793,3.14159265358979",
        "-3.141592653589793,-3.1415926535898",
        "1e300,1E300",
        "-1.23456789012345e-300,-123456789E-308",
        "1234567890123456789,12345678901235E5"
    })
    void decimalStringsKeepWhatSixteenCharactersHold(double value, String text) {
        assertThat(DecimalString.of(value)).isEqualTo(text);
    }

    @Test
    void uidOfAUuidIsItsNumberInDecimal() {
        // The example of PS3.5 B.2.
        assertThat(Uid.of(UUID.fromString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")))
                .isEqualTo("2.25.329800735698586629295641978511506172918");
        assertThat(Uid.of(new UUID(0, 0))).isEqualTo("2.25.0");
        assertThat(Uid.isValid(Uid.of(new UUID(-1, -1)))).isTrue();
        assertThat(Uid.isValid(DicomFormat.IMPLEMENTATION_CLASS_UID)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.", ".1", "1..2", "01.2", "1.a", "1.2 "})
    void refusesMalformedUids(String text) {
        assertThat(Uid.isValid(text)).isFalse();
        assertThat(Uid.isValid("1." + "2".repeat(63))).isFalse();
    }

    @Test
    void foreignTextIsMadeToFit() {
        assertThat(TextFit.fit(Vr.LO, " a\\b\tc ")).contains("a b c");
        assertThat(TextFit.fit(Vr.SH, "\u00e9".repeat(20))).contains("\u00e9".repeat(16));
        assertThat(TextFit.fit(Vr.CS, "Flash-2d")).contains("FLASH_2D");
        assertThat(TextFit.fit(Vr.PN, "A=B")).contains("A B");
        assertThat(TextFit.fit(Vr.PN, "x".repeat(70))).contains("x".repeat(64));
        assertThat(TextFit.fit(Vr.PN, "a^b^c^d^e^f")).isEmpty();
        assertThat(TextFit.fit(Vr.DA, "soon")).isEmpty();
        assertThat(TextFit.fit(Vr.LO, "  ")).isEmpty();
    }
}
