package recon.mrd.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README shows the examples as they are tested. */
class ReadmeExamplesTest {
    @ParameterizedTest
    @CsvSource({"java, filterkspace/FilterKspace.java", "python, filterimage"})
    void showsTheWholeFile(String language, String file) throws Exception {
        String shown = "```" + language + "\n" + Files.readString(Path.of("src/examples", file)) + "```\n";
        assertThat(Files.readString(Path.of("..", "README.md"))).contains(shown);
    }
}
