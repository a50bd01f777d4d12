package recon.common.state;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnDirectoriesTest {
    @TempDir
    private Path directory;

    private static Path withMode(Path path, String mode) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void whatOnlyWeCanWriteToMayBeReadByAll() throws Exception {
        Path program = withMode(Files.createFile(directory.resolve("program")), "rwxr-xr-x");
        assertThatCode(() -> OwnDirectories.requireOnlyWriter(program, "ITEM")).doesNotThrowAnyException();
        assertThatCode(() -> OwnDirectories.requireOnlyWriter(directory, "ITEM"))
                .doesNotThrowAnyException();
        assertThatCode(() -> OwnDirectories.requireOnlyWriter(Path.of("/"), "ITEM"))
                .doesNotThrowAnyException(); // it is root's
    }

    @Test
    void whatOthersCanWriteToIsRefusedWithWhatToDo() throws Exception {
        for (String mode : new String[] {"rwxrwxr-x", "rwxr-xrwx"}) {
            Path program = withMode(Files.createFile(directory.resolve(mode)), mode);
            assertThatThrownBy(() -> OwnDirectories.requireOnlyWriter(program, "ITEM"))
                    .hasMessage(program + " (ITEM) can be written to by other users (" + mode + "); set ITEM to a"
                            + " directory of this program's own, or run: chmod go-w " + program);
        }
    }

    @Test
    void whatIsNotThereIsRefused() {
        Path none = directory.resolve("none");
        assertThatThrownBy(() -> OwnDirectories.requireOnlyWriter(none, "ITEM"))
                .hasMessage(none + " (ITEM) does not exist");
    }
}
