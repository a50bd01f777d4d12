package recon.common.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncomingFileTest {
    @TempDir
    private Path directory;

    private long filesLeft() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    private IncomingFile whole(String content) throws IOException {
        IncomingFile file = IncomingFile.create(directory.resolve("a.7"), content.length());
        file.append(content.getBytes(java.nio.charset.StandardCharsets.US_ASCII), content.length());
        return file;
    }

    @Test
    void hasItsNameOnlyOnceItIsCommitted() throws IOException {
        try (IncomingFile file = whole("hello")) {
            assertThat(directory.resolve("a.7")).doesNotExist();
            file.commit();
        }
        assertThat(directory.resolve("a.7")).hasContent("hello");
        assertThat(filesLeft()).isEqualTo(1);
    }

    @Test
    void vanishesIfItIsNotCommitted() throws IOException {
        whole("hello").close();
        assertThat(filesLeft()).isZero();
    }

    @Test
    void replacesAnOlderFileOfItsName() throws IOException {
        Files.writeString(directory.resolve("a.7"), "old");
        try (IncomingFile file = whole("new")) {
            file.commit();
        }
        assertThat(directory.resolve("a.7")).hasContent("new");
    }

    @Test
    void commitAsKeepsAnOlderFileAndMayBeTriedAgain() throws IOException {
        Files.writeString(directory.resolve("b.7"), "old");
        try (IncomingFile file = whole("new")) {
            assertThatThrownBy(() -> file.commitAs(directory.resolve("b.7")))
                    .isInstanceOf(FileAlreadyExistsException.class);
            file.commitAs(directory.resolve("c.7"));
        }
        assertThat(directory.resolve("b.7")).hasContent("old");
        assertThat(directory.resolve("c.7")).hasContent("new");
        assertThat(filesLeft()).isEqualTo(2);
    }

    @Test
    void isNotCommittedBeforeItIsWhole() throws IOException {
        try (IncomingFile file = IncomingFile.create(directory.resolve("a.7"), 6)) {
            file.append(new byte[5], 5);
            assertThatThrownBy(file::commit).hasMessage("a.7 ended at 5 of 6 bytes");
            assertThatThrownBy(() -> file.commitAs(directory.resolve("b.7"))).hasMessage("a.7 ended at 5 of 6 bytes");
        }
        assertThat(filesLeft()).isZero();
    }

    @Test
    void takesNoMoreThanWasAnnounced() throws IOException {
        try (IncomingFile file = whole("hello")) {
            assertThatThrownBy(() -> file.append(new byte[1], 1))
                    .hasMessage("a.7 is longer than the 5 bytes that were announced");
        }
    }

    @Test
    void knowsAFileOfTheSameContent() throws IOException {
        Files.writeString(directory.resolve("same"), "hello");
        Files.writeString(directory.resolve("other"), "hallo");
        try (IncomingFile file = whole("hello")) {
            assertThat(file.hasContentOf(directory.resolve("same"))).isTrue();
            assertThat(file.hasContentOf(directory.resolve("other"))).isFalse();
            assertThat(file.hasContentOf(directory)).isFalse();
        }
    }

    @Test
    void hasThePermissionsOfAnyNewFile() throws IOException {
        try (IncomingFile file = whole("hello")) {
            file.commit();
        }
        assertThat(Files.getPosixFilePermissions(directory.resolve("a.7")))
                .isEqualTo(Files.getPosixFilePermissions(Files.createFile(directory.resolve("other"))));
    }
}
