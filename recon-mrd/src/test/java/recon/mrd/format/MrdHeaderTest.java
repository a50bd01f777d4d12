package recon.mrd.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.mrd.format.MrdHeader.Counter;
import recon.mrd.format.MrdHeader.Encoding;
import recon.mrd.format.MrdHeader.Limit;
import recon.mrd.format.MrdHeader.Space;

class MrdHeaderTest {
    private static final String FULL = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ismrmrdHeader xmlns="http://www.ismrm.org/ISMRMRD" xmlns:v="http://vendor.example/">
              <v:secret><v:encoding>none</v:encoding></v:secret>
              <subjectInformation><patientName>Doe^J&amp;ne &#233;</patientName><patientWeight_kg>70.5</patientWeight_kg>
                <patientID>42</patientID><patientBirthdate>1970-01-31</patientBirthdate><patientGender>F</patientGender>
              </subjectInformation>
              <studyInformation><studyDate>2026-01-01</studyDate><studyTime>12:30:00</studyTime><studyID>7</studyID>
                <accessionNumber>123</accessionNumber><referringPhysicianName>Who</referringPhysicianName>
                <studyDescription>Head</studyDescription><studyInstanceUID>1.2.3</studyInstanceUID></studyInformation>
              <measurementInformation><measurementID>m_1</measurementID><seriesDate>2026-01-01</seriesDate>
                <seriesTime>12:31:00</seriesTime><patientPosition>HFS</patientPosition>
                <initialSeriesNumber>3</initialSeriesNumber><protocolName><![CDATA[t1 <se>]]></protocolName>
                <seriesDescription>T1</seriesDescription><seriesInstanceUIDRoot>1.2</seriesInstanceUIDRoot>
                <frameOfReferenceUID>1.2.4</frameOfReferenceUID><future>1</future></measurementInformation>
              <acquisitionSystemInformation><systemVendor>V</systemVendor><systemModel>M</systemModel>
                <systemFieldStrength_T>2.89</systemFieldStrength_T>
                <relativeReceiverNoiseBandwidth>0.79</relativeReceiverNoiseBandwidth>
                <receiverChannels>32</receiverChannels><institutionName>I</institutionName>
                <stationName>S</stationName><deviceID>D</deviceID></acquisitionSystemInformation>
              <experimentalConditions><H1resonanceFrequency_Hz>123200000</H1resonanceFrequency_Hz></experimentalConditions>
              <encoding>
                <encodedSpace><matrixSize><x>512</x><y>256</y><z>1</z></matrixSize>
                  <fieldOfView_mm><x>600</x><y>300</y><z>6</z></fieldOfView_mm></encodedSpace>
                <reconSpace><matrixSize><x>256</x><y>256</y><z>1</z></matrixSize>
                  <fieldOfView_mm><x>300</x><y>300</y><z>6</z></fieldOfView_mm></reconSpace>
                <encodingLimits><kspace_encoding_step_1><minimum>0</minimum><maximum>255</maximum><center>128</center>
                  </kspace_encoding_step_1><slice><minimum>0</minimum><maximum>9</maximum><center>0</center></slice>
                </encodingLimits>
                <trajectory>epi</trajectory>
                <parallelImaging><accelerationFactor><kspace_encoding_step_1>2</kspace_encoding_step_1>
                  <kspace_encoding_step_2>3</kspace_encoding_step_2></accelerationFactor></parallelImaging>
                <echoTrainLength>5</echoTrainLength>
              </encoding>
              <sequenceParameters><TR>500</TR><TE>10</TE><TE>20</TE><TI>100</TI><flipAngle_deg>90</flipAngle_deg>
                <sequence_type>SE</sequence_type><echo_spacing>0.5</echo_spacing></sequenceParameters>
              <userParameters>
                <userParameterLong><name>BitsStored</name><value>14</value></userParameterLong>
                <userParameterDouble><name>d</name><value>2.5</value></userParameterDouble>
                <userParameterString><name>s</name><value>text</value></userParameterString>
              </userParameters>
            </ismrmrdHeader>
            """;

    @Test
    void everyPartIsRead() throws Exception {
        MrdHeader header = MrdHeader.parse(FULL);
        assertThat(header.subject().patientName()).hasValue("Doe^J&ne é");
        assertThat(header.subject().weightKg()).hasValue(70.5);
        assertThat(header.study().accessionNumber()).hasValue("123");
        assertThat(header.measurement().protocolName()).hasValue("t1 <se>");
        assertThat(header.measurement().initialSeriesNumber()).hasValue(3);
        assertThat(header.system().fieldStrengthT()).hasValue(2.89);
        assertThat(header.system().receiverChannels()).hasValue(32);
        assertThat(header.h1ResonanceFrequencyHz()).hasValue(123_200_000);
        assertThat(header.encodings()).hasSize(1);
        Encoding encoding = header.encodings().get(0);
        assertThat(encoding.encodedSpace()).isEqualTo(new Space(512, 256, 1, 600, 300, 6));
        assertThat(encoding.limit(Counter.KSPACE_ENCODING_STEP_1)).hasValue(new Limit(0, 255, 128));
        assertThat(encoding.limit(Counter.AVERAGE)).isEmpty();
        assertThat(encoding.trajectory()).isEqualTo("epi");
        assertThat(encoding.accelerationFactor2()).isEqualTo(3);
        assertThat(header.sequence().echoTimesMs()).containsExactly(10.0, 20.0);
        assertThat(header.user().longs()).isEqualTo(Map.of("BitsStored", 14L));
    }

    @Test
    void writtenHeaderIsReadTheSame() throws Exception {
        MrdHeader header = MrdHeader.parse(FULL);
        assertThat(MrdHeader.parse(header.toXml())).isEqualTo(header);
    }

    @Test
    void whatIsAbsentIsEmpty() throws Exception {
        MrdHeader header = MrdHeader.parse("<ismrmrdHeader/>");
        assertThat(header.subject()).isEqualTo(MrdHeader.Subject.EMPTY);
        assertThat(header.encodings()).isEmpty();
        assertThat(header.h1ResonanceFrequencyHz()).isEmpty();
        assertThat(header.sequence().echoTimesMs()).isEqualTo(List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE ismrmrdHeader><ismrmrdHeader/>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><ismrmrdHeader>&e;</ismrmrdHeader>",
                "<!DOCTYPE x [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><ismrmrdHeader>&b;</ismrmrdHeader>",
            })
    void documentTypeIsRefused(String xml) {
        assertThatThrownBy(() -> MrdHeader.parse(xml))
                .isInstanceOf(MrdException.class)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Dummy XML header", "<ismrmrdHeader>", "<a/>", "<ismrmrdHeader>&unknown;</ismrmrdHeader>"})
    void whatIsNoHeaderIsRefused(String xml) {
        assertThatThrownBy(() -> MrdHeader.parse(xml))
                .isInstanceOf(MrdException.class)
                .hasMessageContaining("XML header")
                .hasMessageNotContaining("\n");
    }

    @Test
    void deepAndLongHeadersAreRefused() {
        String deep = "<ismrmrdHeader>" + "<a>".repeat(100_000);
        assertThatThrownBy(() -> MrdHeader.parse(deep)).hasMessageContaining("deeper than 64");
        String lengthy = "<ismrmrdHeader/>" + " ".repeat(MrdHeader.MAX_XML_CHARS);
        assertThatThrownBy(() -> MrdHeader.parse(lengthy)).hasMessageContaining("more than the 16777216 allowed");
    }

    @Test
    void valuesThatAreNoneOfTheirKindAreNamed() {
        assertThatThrownBy(() -> MrdHeader.parse(FULL.replace("<x>512</x>", "<x>70000</x>")))
                .hasMessage("the XML header says \"70000\" for <x>, which is not an integer in 0..65535");
        assertThatThrownBy(() -> MrdHeader.parse(FULL.replace("<TR>500</TR>", "<TR>fast</TR>")))
                .hasMessage("the XML header says \"fast\" for <TR>, which is not a number");
        assertThatThrownBy(() -> MrdHeader.parse(FULL.replace("<TR>500</TR>", "<TR>NaN</TR>")))
                .hasMessageContaining("not a finite number");
        assertThatThrownBy(() -> MrdHeader.parse(FULL.replace(">123200000<", ">" + "9".repeat(50) + "<")))
                .hasMessageContaining("9999...\" for <H1resonanceFrequency_Hz>, which is not an integer");
        assertThatThrownBy(() -> MrdHeader.parse(FULL.replace("reconSpace", "otherSpace")))
                .hasMessage("the XML header lacks <reconSpace> in <encoding>");
    }
}
