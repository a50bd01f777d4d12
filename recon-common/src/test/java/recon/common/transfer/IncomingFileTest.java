package recon.common.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.Sha256;

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
        file.append(content.getBytes(StandardCharsets.US_ASCII), content.length());
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

    private Optional<IncomingFile> resume(long expectedBytes) throws IOException {
        return IncomingFile.resume(directory.resolve("a.7"), "1", expectedBytes, Busy.QUIETLY);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Sha256 digest(String text) {
        MessageDigest digest = Sha256.begin();
        digest.update(ascii(text));
        return Sha256.of(digest);
    }

    private void begin(String bytes) throws IOException {
        try (IncomingFile file = resume(5).orElseThrow()) {
            file.append(ascii(bytes), bytes.length());
        }
    }

    @Test
    void goesOnWhereItWasClosed() throws IOException {
        begin("he");
        assertThat(IncomingFile.partial(directory.resolve("a.7"), "1")).hasContent("he");
        try (IncomingFile file = resume(5).orElseThrow()) {
            assertThat(file.receivedBytes()).isEqualTo(2);
            assertThat(file.sha256()).isEqualTo(digest("he"));
            file.append(ascii("llo"), 3);
            assertThat(file.sha256()).isEqualTo(digest("hello"));
            file.commit();
        }
        assertThat(directory.resolve("a.7")).hasContent("hello");
        assertThat(filesLeft()).isEqualTo(1);
    }

    @Test
    void beginsAnewWhereMoreIsHereThanThereWillBe() throws IOException {
        begin("hello");
        try (IncomingFile file = resume(4).orElseThrow()) {
            assertThat(file.receivedBytes()).isZero();
            file.append(ascii("four"), 4);
            file.commit();
        }
        assertThat(directory.resolve("a.7")).hasContent("four");
    }

    @Test
    void restartDropsWhatIsHere() throws IOException {
        begin("hell");
        try (IncomingFile file = resume(5).orElseThrow()) {
            file.restart();
            assertThat(file.receivedBytes()).isZero();
            assertThat(file.sha256()).isEqualTo(digest(""));
            file.append(ascii("world"), 5);
            file.commit();
        }
        assertThat(directory.resolve("a.7")).hasContent("world");
    }

    @Test
    void onlyOneCanHaveItOpen() throws IOException {
        try (IncomingFile file = resume(5).orElseThrow()) {
            assertThat(resume(5)).isEmpty();
            file.append(ascii("he"), 2);
        }
        try (IncomingFile file = resume(5).orElseThrow()) {
            assertThat(file.receivedBytes()).isEqualTo(2);
        }
    }

    @Test
    void discardRemovesAlsoWhatCouldGoOn() throws IOException {
        begin("he");
        resume(5).orElseThrow().discard();
        assertThat(filesLeft()).isZero();
    }

    @Test
    void takesNeitherMoreNorLessThanWasAnnounced() throws IOException {
        begin("hell");
        try (IncomingFile file = resume(5).orElseThrow()) {
            assertThatThrownBy(() -> file.append(ascii("op"), 2))
                    .isInstanceOf(IOException.class)
                    .hasMessage("a.7 is longer than the 5 bytes that were announced");
            assertThatThrownBy(file::commit).isInstanceOf(IOException.class).hasMessage("a.7 ended at 4 of 5 bytes");
        }
        assertThat(directory.resolve("a.7")).doesNotExist();
    }
}
