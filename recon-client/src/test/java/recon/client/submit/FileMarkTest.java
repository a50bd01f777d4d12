package recon.client.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMarkTest {
    @TempDir
    private Path directory;

    @Test
    void aLinkIsNoFileOfItsOwn() throws Exception {
        Path file = Files.writeString(directory.resolve("P1.7"), "data");
        Path link = Files.createSymbolicLink(directory.resolve("link.7"), file);
        FileMark mark = FileMark.of(file);
        assertThatThrownBy(() -> FileMark.of(link))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is no regular file");
        assertThat(mark.isStillOf(file)).isTrue();
        assertThat(mark.isStillOf(link)).isFalse();
    }

    @Test
    void aFileThatIsReplacedByALinkToItselfHasChanged() throws Exception {
        Path file = Files.writeString(directory.resolve("P1.7"), "data");
        FileMark mark = FileMark.of(file);
        Path moved = Files.move(file, directory.resolve("moved"));
        Files.createSymbolicLink(file, moved);
        assertThat(mark.isStillOf(file)).isFalse();
    }
}
