package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.file.MrdReader;
import recon.mrd.file.MrdText;
import recon.mrd.file.MrdWriter;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionFlag;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.ImageHeaderBuilder;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.Vector3;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeader;

@Timeout(60)
class MrdToolsTest {
    private static final String HEADER = "<ismrmrdHeader xmlns=\"http://www.ismrm.org/ISMRMRD\">"
            + "<measurementInformation><patientPosition>HFS</patientPosition><protocolName>t1&#x9b;31m</protocolName>"
            + "</measurementInformation><acquisitionSystemInformation><systemVendor>ACME</systemVendor>"
            + "<systemFieldStrength_T>1.5</systemFieldStrength_T></acquisitionSystemInformation></ismrmrdHeader>";

    @TempDir
    private Path directory;

    private Path images;

    @BeforeEach
    void writeImages() throws Exception {
        images = directory.resolve("images.h5");
        write(images, "dataset");
    }

    private static void write(Path file, String group) throws Exception {
        try (MrdWriter out = MrdWriter.append(file, group)) {
            out.write(MrdText.XML, HEADER);
            out.write(MrdText.CONFIG_ADDITIONAL, "{}");
            for (int i = 0; i < 3; i++) {
                out.write(Image.of(
                        ImageHeader.builder()
                                .matrix(4, 2, 1)
                                .fieldOfViewMm(new Vector3(40, 20, 5))
                                .imageType(1)
                                .imageSeriesIndex(3)
                                .slice(i),
                        new MetaAttributes().set("SequenceDescriptionAdditional", "FIRE"),
                        new short[] {0, 1, 2, 3, 4, 5, 6, (short) (7 + i)}));
            }
            out.write(new Waveform(new WaveformHeader(1, 0, 0, 0, 0, 2, 1, 1f, 1), new int[2]));
            out.commit();
        }
    }

    private static Cli.Run run(String... arguments) {
        Cli.Run run = Cli.bare(arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run;
    }

    @Test
    void infoSaysWhatIsInAFile() {
        assertThat(run("mrd", "info", images.toString()).outLines())
                .containsExactly(
                        images + ", group dataset",
                        "  system            ACME, 1.5 T",
                        "  protocol          t1?31m",
                        "  patient position  HFS",
                        "  waveform 1        1 piece of 1 channel",
                        "  image_3           3 images, 4 x 2, I16, magnitude",
                        "  xml               " + HEADER.length() + " characters",
                        "  configAdditional  2 characters");
    }

    @Test
    void infoCountsReadouts() {
        Path raw = directory.resolve("raw.h5");
        run("mrd", "phantom", "-o", raw.toString(), "-m", "16", "-c", "2", "--slices", "3", "-r", "2");
        assertThat(run("mrd", "info", raw.toString()).out())
                .contains("encoded 32 x 16 x ")
                .contains("readouts          128 with 32 noise scans, 32 samples, 2 coils\n")
                .contains("lines             16 in each of 3 slices, 2 repetitions\n");
        assertThat(run("mrd", "info", raw.toString(), "--json").out())
                .startsWith("{\"event\":\"mrd_group\",\"path\":\"" + raw + "\",\"group\":\"dataset\",\"header\":{")
                .contains("\"encoded\":{\"x\":32,\"y\":16,", "\"fov_x_mm\":512.0")
                .contains("\"readouts\":{\"count\":128,\"noise_scans\":32,\"other_scans\":0,\"coils\":2,\"samples\":32,"
                        + "\"trajectory_dimensions\":0,\"slices\":3,\"fewest_lines_per_slice\":16,"
                        + "\"most_lines_per_slice\":16,\"repetitions\":2}")
                .contains("\"waveforms\":[],\"images\":[]")
                .hasLineCount(1);
    }

    @Test
    void infoSaysNoLinesWhereOnlyNoiseWasMeasured() throws Exception {
        Path noise = directory.resolve("noise.h5");
        try (MrdWriter out = MrdWriter.append(noise, "dataset")) {
            AcquisitionHeader scan = AcquisitionHeader.builder()
                    .flags(AcquisitionFlag.maskOf(AcquisitionFlag.NOISE_MEASUREMENT))
                    .activeChannels(2)
                    .numberOfSamples(4)
                    .build();
            out.write(new Acquisition(scan, new float[0], new float[16]));
            out.commit();
        }
        assertThat(run("mrd", "info", noise.toString()).outLines())
                .containsExactly(noise + ", group dataset", "  readouts  1 with 1 noise scan, 2 coils");
    }

    @Test
    void helpTellsTheExitCodesOfEveryTool() {
        for (List<String> tool : List.of(
                List.of("mrd", "phantom"),
                List.of("mrd", "send"),
                List.of("mrd", "info"),
                List.of("mrd", "from-dicom"),
                List.of("mrd", "to-dicom"),
                List.of("mrd", "to-gif"),
                List.of("preview"))) {
            List<String> arguments = new ArrayList<>(tool);
            arguments.add("--help");
            assertThat(run(arguments.toArray(String[]::new)).out())
                    .containsOnlyOnce("Exit codes:\n  0")
                    .contains("Example:\n  java -jar recon-client.jar " + String.join(" ", tool));
        }
    }

    @Test
    void infoTellsOfEveryGroup() throws Exception {
        write(images, "second");
        assertThat(run("mrd", "info", images.toString(), "--json").outLines()).hasSize(2);
        assertThat(run("mrd", "info", images.toString(), "-g", "second", "--json")
                        .out())
                .contains("\"group\":\"second\"")
                .contains("\"images\":[{\"name\":\"image_3\",\"count\":3,\"columns\":4,\"rows\":2,\"slices\":1,"
                        + "\"channels\":1,\"pixel_type\":\"i16\",\"image_types\":[\"magnitude\"]}]")
                .contains("\"waveforms\":[{\"id\":1,\"count\":1,\"channels\":1}]")
                .doesNotContain("\u009b");
        for (List<String> tool : List.of(
                List.of("mrd", "to-dicom", images.toString()),
                List.of("mrd", "to-gif", images.toString()),
                List.of(
                        "preview",
                        images.toString(),
                        "-o",
                        directory.resolve("a.png").toString()))) {
            Cli.Run several = Cli.bare(tool.toArray(String[]::new));
            assertThat(several.exitCode()).isEqualTo(2);
            assertThat(several.err()).contains("has 2 groups; say which with --group: \"dataset\", \"second\"");
        }
    }

    @Test
    void imagesGoToDicomAndBack() throws Exception {
        Path dicoms = directory.resolve("dicoms");
        assertThat(run("mrd", "to-dicom", images.toString(), "-o", dicoms.toString())
                        .out())
                .isEqualTo("wrote 3 files in " + dicoms + "\n");
        assertThat(names(dicoms))
                .containsExactly("03_t1 31m_FIRE_001.dcm", "03_t1 31m_FIRE_002.dcm", "03_t1 31m_FIRE_003.dcm");
        Path back = directory.resolve("dicoms.h5");
        assertThat(run("mrd", "from-dicom", dicoms.toString()).out()).isEqualTo("wrote " + back + ": 3 images\n");
        try (MrdReader before = MrdReader.open(images);
                MrdReader after = MrdReader.open(back)) {
            for (int i = 0; i < 3; i++) {
                assertThat(after.images().get(0).image(i).pixels())
                        .isEqualTo(before.images().get(0).image(i).pixels());
            }
        }
        assertThat(run(
                                "mrd",
                                "to-dicom",
                                back.toString(),
                                "-o",
                                directory.resolve("again").toString(),
                                "--json")
                        .out())
                .isEqualTo("{\"event\":\"wrote\",\"path\":\"" + directory.resolve("again") + "\",\"files\":3}\n");
        for (String name : names(dicoms)) {
            assertThat(directory.resolve("again").resolve(name)).hasSameBinaryContentAs(dicoms.resolve(name));
        }
        assertThat(run("mrd", "from-dicom", dicoms.toString(), "-o", back.toString(), "-g", "g", "--json")
                        .out())
                .isEqualTo("{\"event\":\"wrote\",\"path\":\"" + back + "\",\"images\":3,\"unreadable\":0}\n");
        assertThat(MrdReader.groups(back)).containsExactly("g");
    }

    @Test
    void whatFromDicomCannotReadIsNamedAndLeftOut() throws Exception {
        Path dicoms = directory.resolve("dicoms");
        run("mrd", "to-dicom", images.toString(), "-o", dicoms.toString());
        Files.writeString(dicoms.resolve("a.dcm"), "");
        Files.writeString(dicoms.resolve("notes \u009b.txt"), "no image");
        Path file = directory.resolve("dicoms.h5");
        Cli.Run run = Cli.bare("mrd", "from-dicom", dicoms.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("wrote " + file + ": 3 images, without 1 that cannot be read\n");
        assertThat(run.err().lines())
                .containsExactly(
                        "recon-client: left out: " + dicoms.resolve("a.dcm")
                                + ": no DICOM file: no \"DICM\" at byte 128",
                        "recon-client: passed over, for it is no DICOM file: " + dicoms.resolve("notes ?.txt"));
        try (MrdReader in = MrdReader.open(file)) {
            assertThat(in.images().get(0).count()).isEqualTo(3);
        }
        assertThat(Cli.bare("mrd", "from-dicom", dicoms.toString(), "--json").out())
                .isEqualTo("{\"event\":\"wrote\",\"path\":\"" + file + "\",\"images\":3,\"unreadable\":1}\n");
        Path none = Files.createDirectory(directory.resolve("none"));
        Files.move(dicoms.resolve("a.dcm"), none.resolve("a.dcm"));
        Cli.Run nothing = Cli.bare("mrd", "from-dicom", none.toString());
        assertThat(nothing.exitCode()).isEqualTo(1);
        assertThat(nothing.err()).endsWith("there is no DICOM image that can be read in " + none + "\n");
        assertThat(directory.resolve("none.h5")).doesNotExist();
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatToDicomAssumesIsSaidInALine() throws Exception {
        Path bare = directory.resolve("bare.h5");
        try (MrdWriter out = MrdWriter.create(bare, "dataset")) {
            for (int i = 0; i < 2; i++) {
                ImageHeaderBuilder head = ImageHeader.builder()
                        .matrix(2, 1, 1)
                        .fieldOfViewMm(new Vector3(2, 1, 1))
                        .readDirection(Vector3.ZERO);
                out.write(Image.of(head, new MetaAttributes(), new short[] {1, 2}));
            }
            out.commit();
        }
        assertThat(run("mrd", "info", bare.toString()).out()).contains("2 images, 2 x 1, I16, unknown type\n");
        Cli.Run run = Cli.bare("mrd", "to-dicom", bare.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .isEqualTo(
                        "recon-client: image_0: read_dir (0.0, 0.0, 0.0) and phase_dir (0.0, 1.0, 0.0) are no pair of"
                                + " orthogonal unit vectors; they are written as axial\n");
    }

    @Test
    void animationsLieBesideTheFile() {
        Path gif = directory.resolve("images_dataset_image_3_FIRE.gif");
        assertThat(run("mrd", "to-gif", images.toString(), "-r", "2").out()).isEqualTo("wrote " + gif + ": 3 frames\n");
        assertThat(gif).isNotEmptyFile();
        assertThat(run("mrd", "to-gif", images.toString(), "-m", "--json").out())
                .isEqualTo("{\"event\":\"wrote\",\"path\":\"" + gif + "\",\"frames\":1}\n");
        Cli.Run none = Cli.bare("mrd", "to-gif", images.toString(), "-r", "0");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("--rescale: scale 0.0 is not above 0");
    }

    @Test
    void whatCannotBeWrittenIsNamedAsTheUserDid() throws Exception {
        Path gif = directory.resolve("images_dataset_image_3_FIRE.gif");
        Files.createDirectories(gif.resolve("full"));
        Cli.Run run = Cli.bare("mrd", "to-gif", images.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("recon-client: " + gif + " cannot be written: ")
                .hasLineCount(1);
        Path folder = directory.resolve("new/gifs");
        assertThat(run("mrd", "to-gif", images.toString(), "-o", folder.toString())
                        .out())
                .isEqualTo("wrote " + folder.resolve(gif.getFileName()) + ": 3 frames\n");
        for (String tool : List.of("to-gif", "to-dicom")) {
            refused(images + " is no folder", "mrd", tool, images.toString(), "-o", images.toString());
        }
        Path nowhere = directory.resolve("none/x.h5");
        refused(
                nowhere + " cannot be written: there is no folder " + nowhere.getParent(),
                "mrd",
                "send",
                images.toString(),
                "-o",
                nowhere.toString());
        refused(
                directory + " cannot be written: it is a folder",
                "mrd",
                "phantom",
                "-m",
                "16",
                "-o",
                directory.toString());
        Path text = Files.writeString(directory.resolve("text"), "no HDF5");
        refused(
                text + " is not an HDF5 file; the images cannot be added to it",
                "mrd",
                "send",
                images.toString(),
                "-o",
                text.toString());
    }

    @Test
    void aGroupThatCannotBeIsCalledByItsOption() {
        run("mrd", "to-dicom", images.toString(), "-o", directory.resolve("d").toString());
        String out = directory.resolve("out.h5").toString();
        Cli.Run from = Cli.bare("mrd", "from-dicom", directory.resolve("d").toString(), "-o", out, "-g", "a/b");
        assertThat(from.exitCode()).isEqualTo(2);
        assertThat(from.err()).startsWith("recon-client: --group: not a group name: \"a/b\"\n");
        Cli.Run send = Cli.bare("mrd", "send", images.toString(), "-o", out, "-G", "");
        assertThat(send.exitCode()).isEqualTo(2);
        assertThat(send.err()).startsWith("recon-client: --out-group: not a group name: \"\"\n");
    }

    @Test
    void aGroupOfAnotherKindDoesNotHideTheOthers() throws Exception {
        try (MrdWriter other = MrdWriter.append(images, "another")) {
            other.commit();
        }
        Cli.Run run = Cli.bare("mrd", "info", images.toString());
        assertThat(run.outLines()).contains(images + ", group dataset");
        assertThat(run.err().lines()).singleElement().asString().contains("not an ISMRMRD file", "/another/");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void previewDrawsTheImagesOfAFile() {
        Path png = directory.resolve("sheet.png");
        assertThat(run("preview", images.toString(), "-o", png.toString()).out())
                .isEqualTo("wrote " + png + ": 3 of 3 images\n");
        assertThat(png).isNotEmptyFile();
    }

    @Test
    void whatDoesNotWorkIsSaidInOneLine() throws Exception {
        Path raw = directory.resolve("raw.h5");
        run("mrd", "phantom", "-o", raw.toString(), "-m", "16", "-c", "1");
        refused("there are no images in group dataset", "mrd", "to-dicom", raw.toString());
        refused("there are no images in group dataset", "mrd", "to-gif", raw.toString());
        refused("none: no such file", "mrd", "info", directory.resolve("none").toString());
        run("mrd", "to-dicom", images.toString());
        assertThat(directory.resolve("images")).isNotEmptyDirectory();
        refused("holds files already; say where to write with --output", "mrd", "to-dicom", images.toString());
        refused(
                "none: no such file",
                "preview",
                directory.resolve("none").toString(),
                "-o",
                directory.resolve("a.png").toString());
        Path empty = Files.createDirectory(directory.resolve("empty"));
        refused("there is no DICOM image in", "mrd", "from-dicom", empty.toString());
        assertThat(Cli.bare("mrd", "info", images.toString(), "-g", "x").err())
                .contains("has no group \"x\"; it has \"dataset\"");
    }

    private static void refused(String words, String... arguments) {
        Cli.Run run = Cli.bare(arguments);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().contains(words);
    }
}
