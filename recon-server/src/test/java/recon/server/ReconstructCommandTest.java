package recon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import recon.mrd.dicom.Attribute;
import recon.mrd.dicom.DataSet;
import recon.mrd.dicom.DicomReader;
import recon.mrd.file.MrdReader;
import recon.mrd.format.PixelType;
import recon.mrd.phantom.PhantomGenerator;
import recon.mrd.phantom.PhantomOptions;

/** The embedded reconstruction, called as a script is. */
@Timeout(30)
class ReconstructCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path inputs;
    private Path outputs;

    @BeforeEach
    void makeDirectories() throws Exception {
        inputs = Files.createDirectory(directory.resolve("in"));
        outputs = Files.createDirectory(directory.resolve("out"));
    }

    private int run(String... pairs) {
        List<String> arguments =
                new ArrayList<>(List.of("reconstruct", inputs.toString(), "--output-dir", outputs.toString()));
        arguments.addAll(List.of(pairs));
        CommandLine commandLine = ReconServerMain.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments.toArray(String[]::new));
    }

    private void phantom(String name) throws Exception {
        PhantomGenerator.generate(
                new PhantomOptions(
                        32, 2, 2, 1, 1, 2, 0.01, 0, OptionalLong.of(1), LocalDateTime.of(2026, 1, 2, 3, 4, 5)),
                inputs.resolve(name));
    }

    @Test
    void everyFileBecomesImages() throws Exception {
        phantom("a.h5");
        phantom("b.h5");
        assertThat(run("--series_description", "--odd value", "--bits_stored", "10"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("a.h5: 2 images", "b.h5: 2 images");
        try (var files = Files.walk(outputs)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(4);
        }
    }

    @Test
    void withoutRawDataItSaysHowToUseAScriptOfTheSite() throws Exception {
        Files.writeString(inputs.resolve("P00000.7"), "not ISMRMRD");
        assertThat(run()).isEqualTo(1);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("P00000.7 is no ISMRMRD .h5 file", "RECON_SCRIPT_PATH");
    }

    @Test
    void aFileThatIsNoRawDataIsNamedInOneLine() throws Exception {
        Files.writeString(inputs.resolve("a.h5"), "not ISMRMRD");
        assertThat(run()).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("a.h5", "RECON_SCRIPT_PATH");
    }

    @Test
    void anOptionThatItDoesNotKnowIsExitCode2() throws Exception {
        phantom("a.h5");
        assertThat(run("--no_such_option", "1")).isEqualTo(2);
        assertThat(err.toString()).contains("no_such_option");
        assertThat(run("--bits_stored", "99")).isEqualTo(2);
        assertThat(run("--bits_stored")).isEqualTo(2);
        assertThat(run("bits_stored", "12")).isEqualTo(2);
        assertThat(outputs).isEmptyDirectory();
    }

    @Test
    void aFileThatIsNoRawDataIsNotPassedOverBesideOneThatIs() throws Exception {
        phantom("a.h5");
        Files.writeString(inputs.resolve("notes.txt"), "x");
        assertThat(run()).isEqualTo(1);
        assertThat(err.toString()).contains("notes.txt is no ISMRMRD .h5 file");
        assertThat(outputs).isEmptyDirectory();
    }

    @Test
    void aDamagedFileIsNotTakenForAnotherKindOfData() throws Exception {
        phantom("a.h5");
        Path file = inputs.resolve("a.h5");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 3000));
        assertThat(run()).isEqualTo(1);
        assertThat(err.toString()).contains("a.h5").doesNotContain("RECON_SCRIPT_PATH");
    }

    @Test
    void whatAClientSendsIsNeverAnOptionOfTheProgramNorTheNameOfAFile() throws Exception {
        phantom("a.h5");
        Path secret = Files.writeString(directory.resolve("secret"), "top");
        assertThat(run("--help", "true")).isEqualTo(2);
        assertThat(run("--version", "true")).isEqualTo(2);
        assertThat(err.toString()).contains("unknown option help", "unknown option version");
        assertThat(run("--patient_name", "--help", "--study_description", "@" + secret, "--patient_id", "--"))
                .as(err.toString())
                .isZero();
        try (var files = Files.walk(outputs)) {
            Path image = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            DataSet content = DicomReader.read(image).content();
            assertThat(content.text(Attribute.PatientName)).contains("--help");
            assertThat(content.text(Attribute.StudyDescription)).contains("@" + secret);
        }
    }

    @Test
    void aSeriesNumberBeyondTheLimitIsAWrongOption() throws Exception {
        phantom("a.h5");
        phantom("b.h5");
        assertThat(run("--series_number", "99999")).isEqualTo(2);
        assertThat(err.toString()).contains("series_number 100000 is outside 0..99999");
    }

    @Test
    void aConfigMakesTheImages() throws Exception {
        phantom("a.h5");
        assertThat(run("--config", "invertcontrast", "--options", "roi", "--series_description", "inverted"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("INFO     Total processing time: ", "a.h5: 2 images");
        try (var files = Files.walk(outputs)) {
            DataSet content = DicomReader.read(files.filter(Files::isRegularFile)
                            .sorted()
                            .findFirst()
                            .orElseThrow())
                    .content();
            assertThat(content.text(Attribute.SeriesDescription)).contains("inverted_FIRE");
            assertThat(content.integer(Attribute.BitsStored)).hasValue(12);
        }
    }

    @Test
    void cartesianByNameIsWhatIsMadeWithoutOne() throws Exception {
        phantom("a.h5");
        assertThat(run("--series_number", "1")).isZero();
        assertThat(run("--series_number", "2", "--config", "cartesian", "--prewhiten", "false"))
                .isZero();
        for (int instance = 1; instance <= 2; instance++) {
            DataSet plain = DicomReader.read(outputs.resolve("MR_001_0000" + instance + ".dcm"))
                    .content();
            DataSet named = DicomReader.read(outputs.resolve("MR_002_0000" + instance + ".dcm"))
                    .content();
            assertThat(named.bytes(Attribute.PixelData).orElseThrow())
                    .isEqualTo(plain.bytes(Attribute.PixelData).orElseThrow());
        }
    }

    @Test
    void imagesOfAModuleAreCountedOnAsSeriesOfTheJob() throws Exception {
        phantom("a.h5");
        phantom("b.h5");
        assertThat(run("--config", "simplefft", "--series_number", "5"))
                .as(err.toString())
                .isZero();
        assertThat(outputs)
                .isDirectoryContaining("glob:**MR_005_00002.dcm")
                .isDirectoryContaining("glob:**MR_006_00002.dcm");
    }

    @Test
    void imagesCanBecomeAFileOfImages() throws Exception {
        phantom("a.h5");
        assertThat(run("--format", "mrd", "--output", "float"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("a.h5: 2 images");
        Path made = outputs.resolve("a_cartesian.h5");
        try (MrdReader in = MrdReader.open(made)) {
            assertThat(in.header().encodings()).hasSize(1);
            assertThat(in.images()).hasSize(1);
            assertThat(in.images().get(0).count()).isEqualTo(2);
            assertThat(in.images().get(0).header(1).slice()).isEqualTo(1);
            assertThat(in.images().get(0).header(1).pixelType()).isEqualTo(PixelType.F32);
        }
        Files.delete(inputs.resolve("a.h5"));
        Files.move(made, inputs.resolve("images.h5"));
        assertThat(run("--config", "invertcontrast")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("images.h5: 2 images");
    }

    @Test
    void aModuleThatMakesNoImagesLeavesNoFile() throws Exception {
        phantom("a.h5");
        assertThat(run("--config", "null", "--format", "mrd")).isZero();
        assertThat(run("--config", "null")).isZero();
        assertThat(outputs).isEmptyDirectory();
    }

    @Test
    void aConfigThatIsNotThereIsExitCode2AndNamesThoseThatAre() throws Exception {
        phantom("a.h5");
        assertThat(run("--config", "../simplefft")).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "there is no config \"../simplefft\"; there are ", "cartesian", "invertcontrast", "simplefft");
        assertThat(run("--format", "png")).isEqualTo(2);
        assertThat(run("--prewhiten", "perhaps")).isEqualTo(2);
        assertThat(err.toString())
                .contains("format is \"png\"; dicom or mrd belongs there")
                .contains("prewhiten is \"perhaps\"; true or false belongs there");
        assertThat(outputs).isEmptyDirectory();
    }

    @Test
    void whatAModuleFailsWithIsSaid() throws Exception {
        phantom("a.h5");
        assertThat(run("--output", "png")).isEqualTo(1);
        assertThat(err.toString()).contains("the parameter output is \"png\"");
    }
}
