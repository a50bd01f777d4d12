package recon.client.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.client.submit.FileMark;
import recon.client.submit.KnownFile;
import recon.common.job.Sha256;

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
        failed.show(file("one"), Optional.empty(), "exit code 2\nlast words\n");
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
        failed.show(file("one"), Optional.empty(), "first");
        failed.show(file("two"), Optional.empty(), "second");
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
        new FailedFiles(directory, Optional.of(directory.resolve("failed"))).show(before, Optional.empty(), "reason");
        assertThat(directory.resolve("P1.7")).hasContent("another");
        assertThat(directory.resolve("failed")).doesNotExist();
    }

    @Test
    void nothingIsWrittenThroughALinkInTheMarksPlace() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim.txt"), "precious");
        Files.createSymbolicLink(directory.resolve("P1.7.failed"), victim);
        FailedFiles failed = new FailedFiles(directory, Optional.empty());
        assertThat(failed.show(file("one"), Optional.empty(), "reason")).isEmpty();
        assertThat(victim).hasContent("precious");
        assertThat(directory.resolve("P1.7.failed")).content().endsWith("reason\n");
        assertThat(Files.isSymbolicLink(directory.resolve("P1.7.failed"))).isFalse();
    }

    @Test
    void noFileIsMovedOverALinkThatLeadsNowhere() throws Exception {
        Path into = Files.createDirectory(directory.resolve("failed"));
        Path link = Files.createSymbolicLink(into.resolve("P1.7"), directory.resolve("nowhere"));
        assertThat(new FailedFiles(directory, Optional.of(into)).show(file("one"), Optional.empty(), "reason"))
                .isEmpty();
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(into.resolve("P1.7.2")).hasContent("one");
        assertThat(into.resolve("P1.7.2.failed")).content().endsWith("reason\n");
        assertThat(into.resolve("P1.7.failed")).doesNotExist();
    }

    @Test
    void whatCannotBeMarkedIsTold() throws Exception {
        Map<String, FileMark> files = file("one");
        Files.createDirectories(directory.resolve("P1.7.failed/in the way"));
        assertThat(new FailedFiles(directory, Optional.empty()).show(files, Optional.empty(), "reason"))
                .isEqualTo(files);
        Path noDirectory = Files.createFile(directory.resolve("failed"));
        assertThat(new FailedFiles(directory, Optional.of(noDirectory)).show(files, Optional.empty(), "reason"))
                .isEqualTo(files);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("P1.7", "P1.7.failed", "failed");
        }
    }

    @Test
    void theOptionsOfAFailedJobMoveAlongAndStayWhereItsFilesStay() throws Exception {
        Path json = Files.writeString(directory.resolve("P1.json"), "{}");
        var options = Optional.of(new KnownFile(json, FileMark.of(json), Sha256.of(Sha256.begin())));
        new FailedFiles(directory, Optional.empty()).show(file("one"), options, "reason");
        assertThat(json).exists();
        assertThat(directory.resolve("P1.json.failed")).doesNotExist();
        Path into = directory.resolve("failed");
        new FailedFiles(directory, Optional.of(into)).show(file("one"), options, "reason");
        assertThat(json).doesNotExist();
        assertThat(into.resolve("P1.json")).hasContent("{}");
    }
}
