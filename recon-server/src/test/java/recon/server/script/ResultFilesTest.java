package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.ResultPath;

class ResultFilesTest {
    @TempDir
    Path outputs;

    @Test
    void listsRegularFilesOfSubdirectoriesSortedByPath() throws Exception {
        Files.createDirectories(outputs.resolve("series 2/empty"));
        Files.createFile(outputs.resolve("series 2/b.dcm"));
        Files.createFile(outputs.resolve("series 2/a.dcm"));
        Files.createFile(outputs.resolve("z.txt"));
        Files.createFile(outputs.resolve("\u00e9t\u00e9.dcm"));
        assertThat(ResultFiles.list(outputs))
                .extracting(ResultPath::toString)
                .containsExactly("series 2/a.dcm", "series 2/b.dcm", "z.txt", "\u00e9t\u00e9.dcm");
    }

    @Test
    void followsNoLink(@TempDir Path elsewhere) throws Exception {
        Files.createFile(elsewhere.resolve("secret"));
        Files.createSymbolicLink(outputs.resolve("directory"), elsewhere);
        Files.createSymbolicLink(outputs.resolve("file"), elsewhere.resolve("secret"));
        Files.createSymbolicLink(outputs.resolve("loop"), outputs);
        assertThat(ResultFiles.list(outputs)).isEmpty();
    }

    @Test
    void namesWhatCannotBeSent() throws Exception {
        Files.createFile(outputs.resolve("good.dcm"));
        for (int i = 0; i < 5; i++) {
            Files.createFile(outputs.resolve("back\\slash" + i));
        }
        assertThatThrownBy(() -> ResultFiles.list(outputs))
                .isInstanceOf(UnsendableResultException.class)
                .hasMessageStartingWith("the script wrote 5 files that cannot be sent, change their names: ")
                .hasMessageContaining("\"back\\slash2\"")
                .hasMessageEndingWith("; ...");
    }

    @Test
    void namesAFileWhoseBytesAreNoText() throws Exception {
        int exitCode = new ProcessBuilder("sh", "-c", "touch \"$(printf 'bad\\377name')\"")
                .directory(outputs.toFile())
                .start()
                .waitFor();
        assertThat(exitCode).isZero();
        assertThatThrownBy(() -> ResultFiles.list(outputs)).isInstanceOf(UnsendableResultException.class);
    }

    @Test
    void aMissingOutputDirectoryIsAnError() {
        assertThatThrownBy(() -> ResultFiles.list(outputs.resolve("gone"))).isInstanceOf(IOException.class);
    }
}
