package recon.mrd.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static recon.mrd.dicom.MrFixtures.X;
import static recon.mrd.dicom.MrFixtures.Y;
import static recon.mrd.dicom.MrFixtures.counters;
import static recon.mrd.dicom.MrFixtures.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.Vector3;
import recon.mrd.recon.ReconImage;

class MrSeriesTest {
    @Test
    void headerBecomesTheAttributesOfPatientStudySeriesAndEquipment() {
        DataSet d = first(MrFixtures.fullHeader(), MrFixtures.slices(1, 1), SeriesOptions.DEFAULT);
        Map<Attribute, String> expected = new TreeMap<>(Map.of(
                Attribute.PatientName, "Doe^Jane",
                Attribute.PatientID, "P-17",
                Attribute.PatientBirthDate, "19800229",
                Attribute.PatientSex, "F",
                Attribute.PatientWeight, "61.5",
                Attribute.StudyDate, "20260102",
                Attribute.StudyTime, "030405.25",
                Attribute.StudyID, "S1",
                Attribute.AccessionNumber, "77",
                Attribute.ReferringPhysicianName, "House^Gregory"));
        expected.putAll(Map.of(
                Attribute.StudyDescription, "Head",
                Attribute.StudyInstanceUID, "1.2.3.4",
                Attribute.FrameOfReferenceUID, "1.2.3.5",
                Attribute.SeriesDate, "20260102",
                Attribute.SeriesTime, "031000",
                Attribute.PatientPosition, "HFS",
                Attribute.SeriesNumber, "5",
                Attribute.ProtocolName, "t1_fl2d",
                Attribute.SeriesDescription, "T1 axial",
                Attribute.Manufacturer, "ACME"));
        expected.putAll(Map.of(
                Attribute.ManufacturerModelName, "Max",
                Attribute.MagneticFieldStrength, "2.89",
                Attribute.InstitutionName, "Hospital",
                Attribute.StationName, "MR1",
                Attribute.DeviceSerialNumber, "4711",
                Attribute.ImagingFrequency, "123.25",
                Attribute.RepetitionTime, "500",
                Attribute.EchoTime, "5",
                Attribute.FlipAngle, "15",
                Attribute.EchoTrainLength, "3"));
        expected.putAll(Map.of(
                Attribute.ScanningSequence, "GR",
                Attribute.SequenceVariant, "SP",
                Attribute.MRAcquisitionType, "2D",
                Attribute.AcquisitionTime, "024640.000000", // 4,000,000 ticks of 2.5 ms are 10,000 s
                Attribute.AcquisitionDate, "20260102",
                Attribute.ContentDate, "20260304",
                Attribute.ContentTime, "050607.089",
                Attribute.Modality, "MR"));
        expected.forEach((attribute, value) ->
                assertThat(d.text(attribute)).as(attribute.name()).contains(value));
        assertThat(d.get(Attribute.InversionTime.tag())).isEmpty(); // a FLASH has none, whatever the header lists
    }

    @Test
    void optionsComeBeforeTheHeader() {
        SeriesOptions options = SeriesOptions.parse(Map.of(
                "series_description",
                "mine",
                "series_number",
                "7",
                "window_center",
                "10",
                "window_width",
                "20",
                "patient_name",
                "X",
                "patient_id",
                "Y",
                "study_description",
                "Z"));
        MrSeries series = MrFixtures.series(MrFixtures.fullHeader(), MrFixtures.slices(1, 1), options);
        DataSet d = series.instance(1).content();
        assertThat(d.text(Attribute.SeriesDescription)).contains("mine");
        assertThat(d.integer(Attribute.SeriesNumber)).hasValue(7);
        assertThat(d.decimal(Attribute.WindowCenter)).hasValue(10);
        assertThat(d.decimal(Attribute.WindowWidth)).hasValue(20);
        assertThat(d.text(Attribute.PatientName)).contains("X");
        assertThat(d.text(Attribute.PatientID)).contains("Y");
        assertThat(d.text(Attribute.StudyDescription)).contains("Z");
        assertThat(series.fileName(1)).isEqualTo("MR_007_00001.dcm");
    }

    @Test
    void optionsAreCheckedAllAtOnce() {
        assertThatThrownBy(() -> SeriesOptions.parse(
                        new TreeMap<>(Map.of("bits_stored", "x", "colour", "red", "window_width", "wide"))))
                .hasMessageStartingWith("unknown option colour (known: bits_stored, patient_id,")
                .hasMessageContaining("bits_stored \"x\" is no integer; window_width \"wide\" is no number");
        assertThatThrownBy(() -> SeriesOptions.parse(Map.of("bits_stored", "7")))
                .hasMessage("bits_stored 7 is outside 8..16");
        assertThatThrownBy(() -> SeriesOptions.parse(Map.of("series_number", "-1")))
                .hasMessage("series_number -1 is outside 0..99999");
        assertThatThrownBy(() -> SeriesOptions.parse(Map.of("window_center", "NaN")))
                .hasMessage("window_center NaN is not finite");
        assertThatThrownBy(() -> SeriesOptions.parse(Map.of("window_width", "0.5")))
                .hasMessage("window_width 0.5 is outside 1..1e9");
        assertThat(SeriesOptions.parse(Map.of())).isEqualTo(SeriesOptions.DEFAULT);
    }

    @Test
    void geometryOfAnAxialImage() {
        // 8 columns of 2 mm and 6 rows of 3 mm: the first pixel lies 7 mm and 7.5 mm before the centre.
        DataSet d = first(
                MrFixtures.minimalHeader(),
                List.of(image(new Vector3(10, 20, 30), X, Y, EncodingCounters.ZERO)),
                SeriesOptions.DEFAULT);
        assertThat(d.decimals(Attribute.ImagePositionPatient)).containsExactly(3, 12.5, 30);
        assertThat(d.decimals(Attribute.ImageOrientationPatient)).containsExactly(1, 0, 0, 0, 1, 0);
        assertThat(d.decimals(Attribute.PixelSpacing)).containsExactly(3, 2); // between rows, then between columns
        assertThat(d.decimal(Attribute.SliceThickness)).hasValue(5);
        assertThat(d.decimal(Attribute.SliceLocation)).hasValue(30);
        assertThat(d.get(Attribute.SpacingBetweenSlices.tag())).isEmpty();
        assertThat(d.integer(Attribute.Rows)).hasValue(6);
        assertThat(d.integer(Attribute.Columns)).hasValue(8);
    }

    @Test
    void geometryOfAnObliqueImage() {
        // row (0.6, 0.8, 0) and column (0, 0, -1): normal = row x column = (-0.8, 0.6, 0);
        // first = (10, 20, 30) - 7 (0.6, 0.8, 0) - 7.5 (0, 0, -1); location = -0.8 * 5.8 + 0.6 * 14.4.
        DataSet d = first(
                MrFixtures.minimalHeader(),
                List.of(image(
                        new Vector3(10, 20, 30),
                        new Vector3(0.6f, 0.8f, 0),
                        new Vector3(0, 0, -1),
                        EncodingCounters.ZERO)),
                SeriesOptions.DEFAULT);
        assertThat(d.decimals(Attribute.ImagePositionPatient)).containsExactly(5.8, 14.4, 37.5);
        assertThat(d.decimals(Attribute.ImageOrientationPatient)[0]).isCloseTo(0.6, within());
        assertThat(d.decimals(Attribute.ImageOrientationPatient)[1]).isCloseTo(0.8, within());
        assertThat(d.decimals(Attribute.ImageOrientationPatient)).endsWith(0, 0, 0, -1);
        assertThat(d.decimal(Attribute.SliceLocation)).hasValue(4);
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-7);
    }

    @Test
    void directionsThatAreNoneAreTakenAsAxial() {
        Vector3 notFinite = new Vector3(Float.NaN, 0, 0);
        for (ReconImage image : List.of(
                image(Vector3.ZERO, Vector3.ZERO, Vector3.ZERO, EncodingCounters.ZERO),
                image(Vector3.ZERO, X, X, EncodingCounters.ZERO),
                image(notFinite, notFinite, Y, EncodingCounters.ZERO))) {
            DataSet d = first(MrFixtures.minimalHeader(), List.of(image), SeriesOptions.DEFAULT);
            assertThat(d.decimals(Attribute.ImageOrientationPatient)).containsExactly(1, 0, 0, 0, 1, 0);
            assertThat(d.decimals(Attribute.ImagePositionPatient)).containsExactly(-7, -7.5, 0);
        }
    }

    @Test
    void spacingThatCannotBeIsWrittenAsOneMillimetre() {
        ReconImage image = new ReconImage(
                1,
                1,
                new float[1],
                Vector3.ZERO,
                X,
                Y,
                MrFixtures.Z,
                0,
                Double.NaN,
                0,
                EncodingCounters.ZERO,
                0,
                1,
                0,
                List.of(0L, 0L, 0L));
        DataSet d = first(MrFixtures.minimalHeader(), List.of(image), SeriesOptions.DEFAULT);
        assertThat(d.decimals(Attribute.PixelSpacing)).containsExactly(1, 1);
        assertThat(d.text(Attribute.SliceThickness)).isEmpty();
        assertThat(d.get(Attribute.SliceThickness.tag())).isPresent();
        assertThat(d.get(Attribute.AcquisitionTime.tag())).isEmpty();
    }

    @Test
    void distanceOfSlicesIsFoundAcrossRepetitions() {
        DataSet d = first(MrFixtures.minimalHeader(), MrFixtures.slices(3, 2), SeriesOptions.DEFAULT);
        assertThat(d.decimal(Attribute.SpacingBetweenSlices)).hasValue(6);
        List<ReconImage> crossing = List.of(
                image(Vector3.ZERO, X, Y, EncodingCounters.ZERO),
                image(new Vector3(0, 0, 9), X, new Vector3(0, 0, 1), EncodingCounters.ZERO));
        assertThat(first(MrFixtures.minimalHeader(), crossing, SeriesOptions.DEFAULT)
                        .decimal(Attribute.SpacingBetweenSlices))
                .isEmpty();
    }

    @Test
    void repetitionsAndPhasesNumberTheTemporalPositions() {
        List<ReconImage> images = List.of(
                image(Vector3.ZERO, X, Y, counters(0, 0, 0, 0)), image(Vector3.ZERO, X, Y, counters(0, 0, 2, 1)));
        DataSet last = MrFixtures.series(MrFixtures.minimalHeader(), images, SeriesOptions.DEFAULT)
                .instance(2)
                .content();
        assertThat(last.integer(Attribute.TemporalPositionIdentifier)).hasValue(6);
        assertThat(last.integer(Attribute.NumberOfTemporalPositions)).hasValue(6);
        assertThat(last.integer(Attribute.AcquisitionNumber)).hasValue(2);
        assertThat(last.decimal(Attribute.TriggerTime)).hasValue(100); // 40 ticks of 2.5 ms
        assertThat(last.text(Attribute.ScanOptions)).contains("CG");
        DataSet only = first(MrFixtures.minimalHeader(), MrFixtures.slices(1, 1), SeriesOptions.DEFAULT);
        assertThat(only.get(Attribute.NumberOfTemporalPositions.tag())).isEmpty();
        assertThat(only.get(Attribute.TriggerTime.tag())).isEmpty();
    }

    @Test
    void contrastPicksItsEchoTime() {
        List<ReconImage> images = List.of(
                image(Vector3.ZERO, X, Y, counters(0, 1, 0, 0)), image(Vector3.ZERO, X, Y, counters(0, 9, 0, 0)));
        MrSeries series = MrFixtures.series(MrFixtures.fullHeader(), images, SeriesOptions.DEFAULT);
        assertThat(series.instance(1).content().decimal(Attribute.EchoTime)).hasValue(10);
        assertThat(series.instance(1).content().integer(Attribute.EchoNumbers)).hasValue(2);
        assertThat(series.instance(2).content().decimal(Attribute.EchoTime)).hasValue(10);
        assertThat(series.instance(2).content().decimal(Attribute.RepetitionTime))
                .hasValue(500);
    }

    @ParameterizedTest
    @CsvSource({"8,255", "12,4095", "16,65535"})
    void brightestPixelOfTheSeriesFillsTheBits(int bits, int largest) {
        ReconImage dim = new ReconImage(
                3,
                2,
                new float[] {0, 50, 25, Float.NaN, Float.POSITIVE_INFINITY, -1},
                Vector3.ZERO,
                X,
                Y,
                MrFixtures.Z,
                1,
                1,
                1,
                EncodingCounters.ZERO,
                0,
                1,
                0,
                List.of(0L, 0L, 0L));
        List<ReconImage> images = List.of(MrFixtures.slices(1, 1).get(0), dim); // the first one reaches 100
        SeriesOptions options = SeriesOptions.parse(Map.of("bits_stored", Integer.toString(bits)));
        MrSeries series = MrFixtures.series(MrFixtures.minimalHeader(), images, options);
        assertThat(pixels(series.instance(1).content())).endsWith(largest).startsWith(0);
        assertThat(pixels(series.instance(2).content()))
                .containsExactly(0, (int) Math.rint(largest / 2.0), (int) Math.rint(largest / 4.0), 0, largest, 0);
        DataSet d = series.instance(1).content();
        assertThat(d.integer(Attribute.BitsAllocated)).hasValue(16);
        assertThat(d.integer(Attribute.BitsStored)).hasValue(bits);
        assertThat(d.integer(Attribute.HighBit)).hasValue(bits - 1);
        assertThat(d.decimal(Attribute.WindowWidth)).hasValue(largest + 1);
        assertThat(d.decimal(Attribute.WindowCenter)).hasValue((largest + 1) / 2.0);
    }

    @Test
    void aDarkSeriesStaysDark() {
        ReconImage dark = new ReconImage(
                1,
                2,
                new float[2],
                Vector3.ZERO,
                X,
                Y,
                MrFixtures.Z,
                1,
                1,
                1,
                EncodingCounters.ZERO,
                0,
                1,
                0,
                List.of(0L, 0L, 0L));
        assertThat(pixels(first(MrFixtures.minimalHeader(), List.of(dark), SeriesOptions.DEFAULT)))
                .containsExactly(0, 0);
    }

    @Test
    void uidsAreFreshWhereTheHeaderHasNoneThatIsValid() {
        MrdHeader header =
                MrFixtures.header("<studyInformation><studyInstanceUID>1.02</studyInstanceUID></studyInformation>");
        MrSeries series = MrFixtures.series(header, MrFixtures.slices(2, 1), SeriesOptions.DEFAULT);
        DataSet one = series.instance(1).content();
        DataSet two = series.instance(2).content();
        assertThat(one.text(Attribute.StudyInstanceUID))
                .contains("2.25.1")
                .isEqualTo(two.text(Attribute.StudyInstanceUID));
        assertThat(one.text(Attribute.SeriesInstanceUID))
                .contains("2.25.2")
                .isEqualTo(two.text(Attribute.SeriesInstanceUID));
        assertThat(one.text(Attribute.FrameOfReferenceUID)).contains("2.25.3");
        assertThat(one.text(Attribute.SOPInstanceUID)).contains("2.25.4");
        assertThat(two.text(Attribute.SOPInstanceUID)).contains("2.25.5");
        assertThat(series.instance(1).meta().text(Attribute.MediaStorageSOPInstanceUID))
                .contains("2.25.6");
    }

    @Test
    void filesAreNamedAndOrderedAsTheImages(@TempDir Path folder) throws Exception {
        MrSeries series = new MrSeries(MrFixtures.minimalHeader(), MrFixtures.slices(2, 1), SeriesOptions.DEFAULT);
        List<Path> files = series.write(folder);
        assertThat(series.size()).isEqualTo(2);
        assertThat(files)
                .extracting(f -> f.getFileName().toString())
                .containsExactly("MR_001_00001.dcm", "MR_001_00002.dcm");
        assertThat(DicomReader.read(files.get(1)).content().decimal(Attribute.SliceLocation))
                .hasValue(6);
    }

    @ParameterizedTest
    @CsvSource({
        "Flash,GR,SP",
        "TurboSpinEcho,SE,SK",
        "SpinEcho,SE,NONE",
        "EPI,EP,NONE",
        "GRE-EPI,GR+EP,NONE",
        "TrueFISP,GR,SS",
        "MPRAGE,GR+IR,SP+MP",
        "STIR,SE+IR,NONE",
        "ir,RM+IR,NONE",
        "my own,RM,NONE"
    })
    void sequenceTypeTellsScanningSequenceAndVariant(String type, String scanning, String variant) {
        SequenceKind kind = SequenceKind.of(MrFixtures.header("<sequenceParameters><TI>300</TI><sequence_type>" + type
                        + "</sequence_type></sequenceParameters>")
                .sequence());
        assertThat(String.join("+", kind.scanning())).isEqualTo(scanning);
        assertThat(String.join("+", kind.variant())).isEqualTo(variant);
    }

    @Test
    void anInversionTimeAloneTellsAnInversion() {
        DataSet d = first(
                MrFixtures.header("<sequenceParameters><TI>300</TI></sequenceParameters>"),
                MrFixtures.slices(1, 1),
                SeriesOptions.DEFAULT);
        assertThat(d.texts(Attribute.ScanningSequence)).containsExactly("RM", "IR");
        assertThat(d.decimal(Attribute.InversionTime)).hasValue(300);
    }

    @Test
    void partitionsMakeAThreeDimensionalAcquisition() {
        DataSet d = first(MrFixtures.minimalHeader(), MrFixtures.partitions(4), SeriesOptions.DEFAULT);
        assertThat(d.text(Attribute.MRAcquisitionType)).contains("3D");
        assertThat(d.decimal(Attribute.SpacingBetweenSlices)).hasValue(5);
    }

    private static DataSet first(MrdHeader header, List<ReconImage> images, SeriesOptions options) {
        return MrFixtures.series(header, images, options).instance(1).content();
    }

    private static List<Integer> pixels(DataSet dataSet) {
        ByteBuffer bytes = ByteBuffer.wrap(dataSet.bytes(Attribute.PixelData).orElseThrow())
                .order(ByteOrder.LITTLE_ENDIAN);
        Integer[] values = new Integer[bytes.remaining() / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getShort() & 0xffff;
        }
        return List.of(values);
    }
}
