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
}
