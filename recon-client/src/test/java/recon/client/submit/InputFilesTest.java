package recon.client.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.InputFile;
import recon.common.job.ReconOptions;

class InputFilesTest {
    @TempDir
    private Path directory;

    private Path file(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    private static List<InputFile> request(Path... files) {
        return InputFiles.request(List.of(files), ReconOptions.NONE).files();
    }

    @Test
    void areOfferedInTheirOrderByAbsolutePath() throws Exception {
        Path b = file("b.7");
        Path a = file("a.7");
        Path roundabout = directory.resolve("x/../b.7");
        assertThat(request(roundabout, a))
                .extracting(file -> file.name().value(), InputFile::originalPath)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("b.7", b.toString()),
                        org.assertj.core.api.Assertions.tuple("a.7", a.toString()));
    }

    @Test
    void mustExist() {
        assertThatThrownBy(() -> request(directory.resolve("a.7")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(directory.resolve("a.7") + ": there is no such file");
    }

    @Test
    void areNoDirectories() {
        assertThatThrownBy(() -> request(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(directory + " is no regular file; for a directory use --directory");
    }

    @Test
    void mustBeReadable() throws Exception {
        assumeFalse(System.getProperty("user.name").equals("root"), "skipped: root may read any file");
        Path file = file("a.7");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assertThatThrownBy(() -> request(file)).hasMessage(file + " cannot be read: permission denied");
    }

    @Test
    void ofOneNameAreRefusedWithBothPaths() throws Exception {
        Path one = file("one/a.7");
        Path two = file("two/a.7");
        assertThatThrownBy(() -> request(one, two))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two input files are named a.7: " + one + " and " + two);
    }

    @Test
    void ofADirectoryAreThoseThatMatchSortedByName() throws Exception {
        file("b.dat");
        file("a.dat");
        file("c.txt");
        file("sub.dat/d.dat");
        assertThat(InputFiles.matching(directory, "*.dat"))
                .containsExactly(directory.resolve("a.dat"), directory.resolve("b.dat"));
        assertThat(InputFiles.matching(directory, "*.{txt,h5}")).containsExactly(directory.resolve("c.txt"));
        assertThat(InputFiles.matching(directory, "*")).hasSize(3);
    }

    @Test
    void mustMatchAtLeastOnce() throws Exception {
        file("a.dat");
        assertThatThrownBy(() -> InputFiles.matching(directory, "*.7"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no file in " + directory + " matches \"*.7\"");
    }

    @Test
    void comeFromADirectory() throws Exception {
        Path file = file("a.dat");
        assertThatThrownBy(() -> InputFiles.matching(file, "*")).hasMessage(file + " is no directory");
    }

    @Test
    void needAPatternThatIsOne() {
        assertThatThrownBy(() -> InputFiles.matching(directory, "[a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("\"[a\" is no pattern: ")
                .hasMessageEndingWith("write one like \"*.dat\"");
    }
}
