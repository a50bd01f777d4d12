package recon.client.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.client.submit.FileMark;

class FailedFilesTest {
    @TempDir
    private Path directory;

    private Map<String, FileMark> file(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("P1.7"), content);
        return Map.of("P1.7", FileMark.of(file));
    }

    @Test
    void filesAreMarkedWhereTheyAre() throws Exception {
        FailedFiles failed = new FailedFiles(directory, Optional.empty());
        failed.show(file("one"), "exit code 2\nlast words\n");
        assertThat(directory.resolve("P1.7")).hasContent("one");
        assertThat(directory.resolve("P1.7.failed")).content().endsWith("Z exit code 2\nlast words\n");
        assertThat(failed.isMarked("P1.7")).isTrue();
        failed.clear("P1.7");
        assertThat(failed.isMarked("P1.7")).isFalse();
    }

    @Test
    void filesAreMovedAndNeverOverOthers() throws Exception {
        Path into = directory.resolve("failed");
        FailedFiles failed = new FailedFiles(directory, Optional.of(into));
        failed.show(file("one"), "first");
        failed.show(file("two"), "second");
        assertThat(directory.resolve("P1.7")).doesNotExist();
        assertThat(into.resolve("P1.7")).hasContent("one");
        assertThat(into.resolve("P1.7.failed")).content().contains("first");
        assertThat(into.resolve("P1.7.2")).hasContent("two");
        assertThat(into.resolve("P1.7.2.failed")).content().contains("second");
    }

    @Test
    void aFileThatHasChangedSinceStaysAsItIs() throws Exception {
        Map<String, FileMark> before = file("one");
        file("another");
        new FailedFiles(directory, Optional.of(directory.resolve("failed"))).show(before, "reason");
        assertThat(directory.resolve("P1.7")).hasContent("another");
        assertThat(directory.resolve("failed")).doesNotExist();
    }
}
