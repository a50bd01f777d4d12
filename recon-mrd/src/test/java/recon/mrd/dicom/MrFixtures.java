package recon.mrd.dicom;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.MrdException;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.Vector3;
import recon.mrd.recon.ReconImage;

/** Headers and images that the tests build series of. */
public final class MrFixtures {
    static final LocalDateTime CREATED = LocalDateTime.of(2026, 3, 4, 5, 6, 7, 89_000_000);
    static final Vector3 X = new Vector3(1, 0, 0);
    static final Vector3 Y = new Vector3(0, 1, 0);
    static final Vector3 Z = new Vector3(0, 0, 1);

    private static final String ENCODING = "<encoding><encodedSpace><matrixSize><x>16</x><y>8</y><z>%d</z></matrixSize>"
            + "<fieldOfView_mm><x>32</x><y>24</y><z>5</z></fieldOfView_mm></encodedSpace>"
            + "<reconSpace><matrixSize><x>8</x><y>8</y><z>%d</z></matrixSize>"
            + "<fieldOfView_mm><x>16</x><y>24</y><z>5</z></fieldOfView_mm></reconSpace>"
            + "<encodingLimits/><trajectory>cartesian</trajectory>%s</encoding>";

    private MrFixtures() {}

    /** UUIDs 1, 2, 3, ... */
    static Supplier<UUID> countingUuids() {
        long[] last = {0};
        return () -> new UUID(0, ++last[0]);
    }

    static MrdHeader minimalHeader() {
        return header("");
    }

    /** A header of these parts and an encoding of one partition. */
    static MrdHeader header(String parts) {
        return parse(parts + ENCODING.formatted(1, 1, ""));
    }

    public static MrdHeader fullHeader() {
        return parse("<subjectInformation><patientName>Doe^Jane</patientName><patientWeight_kg>61.5</patientWeight_kg>"
                + "<patientID>P-17</patientID><patientBirthdate>1980-02-29</patientBirthdate>"
                + "<patientGender>F</patientGender></subjectInformation>"
                + "<studyInformation><studyDate>2026-01-02</studyDate><studyTime>03:04:05.25Z</studyTime>"
                + "<studyID>S1</studyID><accessionNumber>77</accessionNumber>"
                + "<referringPhysicianName>House^Gregory</referringPhysicianName>"
                + "<studyDescription>Head</studyDescription>"
                + "<studyInstanceUID>1.2.3.4</studyInstanceUID></studyInformation>"
                + "<measurementInformation><seriesDate>2026-01-02</seriesDate><seriesTime>03:10:00</seriesTime>"
                + "<patientPosition>HFS</patientPosition><initialSeriesNumber>5</initialSeriesNumber>"
                + "<protocolName>t1_fl2d</protocolName><seriesDescription>T1 axial</seriesDescription>"
                + "<frameOfReferenceUID>1.2.3.5</frameOfReferenceUID></measurementInformation>"
                + "<acquisitionSystemInformation><systemVendor>ACME</systemVendor><systemModel>Max</systemModel>"
                + "<systemFieldStrength_T>2.89</systemFieldStrength_T><institutionName>Hospital</institutionName>"
                + "<stationName>MR1</stationName><deviceID>4711</deviceID></acquisitionSystemInformation>"
                + "<experimentalConditions><H1resonanceFrequency_Hz>123250000</H1resonanceFrequency_Hz>"
                + "</experimentalConditions>"
                + ENCODING.formatted(1, 1, "<echoTrainLength>3</echoTrainLength>")
                + "<sequenceParameters><TR>500</TR><TE>5</TE><TE>10</TE><TI>300</TI>"
                + "<flipAngle_deg>15</flipAngle_deg><sequence_type>Flash</sequence_type></sequenceParameters>");
    }

    static MrdHeader volumeHeader() {
        return parse(ENCODING.formatted(4, 4, ""));
    }

    private static MrdHeader parse(String parts) {
        try {
            return MrdHeader.parse(
                    "<ismrmrdHeader xmlns=\"http://www.ismrm.org/ISMRMRD\">" + parts + "</ismrmrdHeader>");
        } catch (MrdException e) {
            throw new AssertionError(e);
        }
    }

    static EncodingCounters counters(int slice, int contrast, int phase, int repetition) {
        return new EncodingCounters(0, 0, 0, slice, contrast, phase, repetition, 0, 0);
    }

    /** 8 columns of 2 mm, 6 rows of 3 mm, brightest pixel 100 in the last corner. */
    static ReconImage image(Vector3 position, Vector3 read, Vector3 phase, EncodingCounters counters) {
        return image(position, read, phase, counters, 0, 1);
    }

    static ReconImage image(
            Vector3 position, Vector3 read, Vector3 phase, EncodingCounters counters, int partition, int partitions) {
        float[] magnitude = new float[8 * 6];
        for (int i = 0; i < magnitude.length; i++) {
            magnitude[i] = 100f * i / (magnitude.length - 1);
        }
        return new ReconImage(
                8,
                6,
                magnitude,
                position,
                read,
                phase,
                Z,
                2,
                3,
                5,
                counters,
                partition,
                partitions,
                4_000_000,
                List.of(40L, 0L, 0L));
    }

    /** Slices 6 mm apart, every slice once per repetition. */
    public static List<ReconImage> slices(int slices, int repetitions) {
        List<ReconImage> images = new ArrayList<>();
        for (int repetition = 0; repetition < repetitions; repetition++) {
            for (int slice = 0; slice < slices; slice++) {
                images.add(image(new Vector3(0, 0, 6 * slice), X, Y, counters(slice, 0, 0, repetition)));
            }
        }
        return images;
    }

    static List<ReconImage> partitions(int count) {
        List<ReconImage> images = new ArrayList<>();
        for (int partition = 0; partition < count; partition++) {
            images.add(image(new Vector3(0, 0, 5 * partition), X, Y, counters(0, 0, 0, 0), partition, count));
        }
        return images;
    }

    public static MrSeries series(MrdHeader header, List<ReconImage> images, SeriesOptions options) {
        return new MrSeries(header, images, options, countingUuids(), CREATED, notice -> {});
    }
}
