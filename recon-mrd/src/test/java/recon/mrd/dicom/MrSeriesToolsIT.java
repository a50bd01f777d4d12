package recon.mrd.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static recon.mrd.dicom.MrFixtures.X;
import static recon.mrd.dicom.MrFixtures.Y;
import static recon.mrd.dicom.MrFixtures.counters;
import static recon.mrd.dicom.MrFixtures.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import recon.mrd.format.EncodingCounters;
import recon.mrd.format.MrdHeader;
import recon.mrd.format.Vector3;
import recon.mrd.recon.ReconImage;

/** Other people's readers take what we write. */
class MrSeriesToolsIT {
    private static final String PYDICOM = """
            import sys, pydicom
            for path in sys.argv[1:]:
                d = pydicom.dcmread(path)
                pixels = memoryview(d.PixelData).cast('H')
                print('|'.join(str(x) for x in (
                    d.file_meta.TransferSyntaxUID, d.InstanceNumber, d.Rows, d.Columns, max(pixels),
                    ascii(str(d.PatientName)), list(d.ImagePositionPatient))))
            """;

    @TempDir
    Path folder;

    private record Variant(String name, MrdHeader header, List<ReconImage> images, SeriesOptions options) {
        MrSeries series() {
            return MrFixtures.series(header, images, options);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Variant> variants() {
        Vector3 oblique = new Vector3(0.6f, 0.8f, 0);
        Vector3 up = new Vector3(0, 0, -1);
        MrdHeader name = MrFixtures.header(
                "<subjectInformation><patientName>M\u00fcller^J\u00fcrgen \u5c71\u7530</patientName></subjectInformation>");
        MrdHeader strange = MrFixtures.header("<subjectInformation><patientName>" + "a\\b^".repeat(40)
                + "</patientName><patientID>" + "9".repeat(70) + "</patientID><patientBirthdate>soon</patientBirthdate>"
                + "<patientGender>female</patientGender></subjectInformation>"
                + "<studyInformation><studyDate>1899-13-01</studyDate><studyInstanceUID>1.02.3</studyInstanceUID>"
                + "</studyInformation><measurementInformation><patientPosition>upside down</patientPosition>"
                + "<initialSeriesNumber>99999999999</initialSeriesNumber></measurementInformation>");
        return Stream.of(
                new Variant("2D multi-slice", MrFixtures.fullHeader(), MrFixtures.slices(3, 1), SeriesOptions.DEFAULT),
                new Variant(
                        "3D partitions", MrFixtures.volumeHeader(), MrFixtures.partitions(4), SeriesOptions.DEFAULT),
                new Variant("repetitions", MrFixtures.fullHeader(), MrFixtures.slices(2, 3), SeriesOptions.DEFAULT),
                new Variant("phases", MrFixtures.fullHeader(), phases(), SeriesOptions.DEFAULT),
                new Variant("contrasts", sequence("IR_TSE"), contrasts(), SeriesOptions.DEFAULT),
                new Variant("echo planar", sequence("EPI"), contrasts(), SeriesOptions.DEFAULT),
                new Variant(
                        "minimal header", MrFixtures.minimalHeader(), MrFixtures.slices(1, 1), SeriesOptions.DEFAULT),
                new Variant(
                        "no directions",
                        MrFixtures.fullHeader(),
                        List.of(image(Vector3.ZERO, Vector3.ZERO, Vector3.ZERO, EncodingCounters.ZERO)),
                        SeriesOptions.DEFAULT),
                new Variant(
                        "oblique",
                        MrFixtures.fullHeader(),
                        List.of(image(new Vector3(1.25f, -20.1f, 33.3f), oblique, up, EncodingCounters.ZERO)),
                        SeriesOptions.DEFAULT),
                new Variant("non-ASCII name", name, MrFixtures.slices(1, 1), SeriesOptions.DEFAULT),
                new Variant("what does not fit", strange, MrFixtures.slices(1, 1), SeriesOptions.DEFAULT),
                new Variant("8 bits", MrFixtures.fullHeader(), MrFixtures.slices(1, 1), bits("8")),
                new Variant("16 bits", MrFixtures.fullHeader(), MrFixtures.slices(1, 1), bits("16")));
    }

    private static List<ReconImage> phases() {
        List<ReconImage> images = new ArrayList<>();
        for (int phase = 0; phase < 3; phase++) {
            images.add(image(Vector3.ZERO, X, Y, counters(0, 0, phase, 0)));
        }
        return images;
    }

    private static List<ReconImage> contrasts() {
        return List.of(
                image(Vector3.ZERO, X, Y, counters(0, 0, 0, 0)), image(Vector3.ZERO, X, Y, counters(0, 1, 0, 0)));
    }

    private static MrdHeader sequence(String type) {
        return MrFixtures.header("<sequenceParameters><TR>3000</TR><TE>10</TE><TI>150</TI><sequence_type>" + type
                + "</sequence_type></sequenceParameters>");
    }

    private static SeriesOptions bits(String bits) {
        return SeriesOptions.parse(Map.of("bits_stored", bits, "window_center", "40.5", "window_width", "80"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("variants")
    void dciodvfyFindsNoError(Variant variant) throws Exception {
        ExternalTools.assumeProgram("dciodvfy", "dicom3tools");
        for (Path file : variant.series().write(folder)) {
            ExternalTools.Outcome outcome = ExternalTools.run(List.of("dciodvfy", file.toString()));
            assertThat(outcome.output()).as(variant.name()).contains("MRImage").doesNotContain("Error");
            // ImageType's "M" for a magnitude image is every vendor's practice and not among the defined terms. The
            // other warnings are of what the header did not tell: the side of the body, the keys of a DICOMDIR.
            assertThat(outcome.output()
                            .lines()
                            .filter(line -> line.startsWith("Warning")
                                    && !line.contains("DICOMDIR")
                                    && !line.contains("<Laterality>")))
                    .containsExactly("Warning - Unrecognized defined term <M> for value 3 of attribute <Image Type>");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("variants")
    void dcmdumpReadsEveryElement(Variant variant) throws Exception {
        ExternalTools.assumeProgram("dcmdump", "dcmtk");
        Path file = variant.series().write(folder).get(0);
        ExternalTools.Outcome outcome = ExternalTools.run(List.of("dcmdump", "-q", file.toString()));
        assertThat(outcome.exitCode()).as(variant.name()).isZero();
        DicomFile read = DicomReader.read(file);
        assertThat(outcome.output().lines().filter(line -> line.startsWith("(")))
                .hasSize(read.meta().elements().size()
                        + read.content().elements().size());
        assertThat(outcome.output()).contains("=MRImageStorage", "=LittleEndianExplicit");
    }

    private record Expected(String variant, int number, int largest) {}

    /** All variants in one go: an interpreter takes longer to start than all of them to read. */
    @Test
    void pydicomReadsPixelsAndNames() throws Exception {
        ExternalTools.assumePydicom();
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-W", "error", "-c", PYDICOM));
        List<Expected> expected = new ArrayList<>();
        for (Variant variant : variants().toList()) {
            Path own = Files.createTempDirectory(folder, "variant");
            int number = 0;
            for (Path file : variant.series().write(own)) {
                command.add(file.toString());
                expected.add(new Expected(
                        variant.name(), ++number, (1 << variant.options().bitsStored()) - 1));
            }
        }
        ExternalTools.Outcome outcome = ExternalTools.run(command);
        List<String> lines = outcome.output().lines().toList();
        assertThat(lines).as(outcome.output()).hasSameSizeAs(expected);
        for (int i = 0; i < lines.size(); i++) {
            Expected file = expected.get(i);
            String[] parts = lines.get(i).split("\\|", -1);
            assertThat(parts[0]).as("%s", file).isEqualTo(Uid.EXPLICIT_VR_LITTLE_ENDIAN);
            assertThat(parts[1]).as("%s", file).isEqualTo(Integer.toString(file.number()));
            assertThat(parts[2] + "x" + parts[3]).as("%s", file).isEqualTo("6x8");
            assertThat(parts[4]).as("%s", file).isEqualTo(Integer.toString(file.largest()));
            if (file.variant().equals("non-ASCII name")) {
                assertThat(parts[5]).isEqualTo("'M\\xfcller^J\\xfcrgen \\u5c71\\u7530'");
            }
        }
    }
}
