package recon.common.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.Sha256;

class SourceFileTest {
    private static final int SIZE = 300_000;

    @TempDir
    private Path directory;

    private Path path;

    @BeforeEach
    void write() throws IOException {
        path = Files.write(directory.resolve("a.7"), new byte[SIZE]);
    }

    private static Sha256 digestOfZeros(int count) {
        MessageDigest digest = Sha256.begin();
        digest.update(new byte[count]);
        return Sha256.of(digest);
    }

    @Test
    void digestsAllOrTheBeginningAndGoesOnAfterIt() throws IOException {
        AtomicInteger ticks = new AtomicInteger();
        try (SourceFile file = SourceFile.open(path)) {
            assertThat(file.size()).isEqualTo(SIZE);
            assertThat(file.digest(ticks::incrementAndGet)).isEqualTo(digestOfZeros(SIZE));
            assertThat(ticks.get()).isEqualTo(3); // somebody may wait
            MessageDigest digest = Sha256.begin();
            file.digestFirst(SIZE - 10, digest, Busy.QUIETLY);
            assertThat(Sha256.of(digest)).isEqualTo(digestOfZeros(SIZE - 10));
            file.read(new byte[10], 10);
            assertThatThrownBy(() -> file.read(new byte[1], 1))
                    .isInstanceOf(SourceFileException.class)
                    .hasMessageContaining("became shorter than 300000 bytes");
        }
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        Files.write(path, new byte[0]);
        try (SourceFile file = SourceFile.open(path)) {
            assertThat(file.digest(Busy.QUIETLY)).isEqualTo(digestOfZeros(0));
            file.requireUnchanged();
        }
    }

    @Test
    void aFileThatGrewHasChanged() throws IOException {
        FileTime before = Files.getLastModifiedTime(path);
        try (SourceFile file = SourceFile.open(path)) {
            file.requireUnchanged();
            Files.write(path, new byte[1], StandardOpenOption.APPEND);
            Files.setLastModifiedTime(path, before);
            assertThatThrownBy(file::requireUnchanged).hasMessageContaining("changed while it was being sent");
        }
    }

    @Test
    void aFileThatWasWrittenToHasChanged() throws IOException {
        long before = Files.getLastModifiedTime(path).to(TimeUnit.MILLISECONDS);
        try (SourceFile file = SourceFile.open(path)) {
            Files.setLastModifiedTime(path, FileTime.fromMillis(before + 1));
            assertThatThrownBy(file::requireUnchanged).hasMessageContaining("changed while it was being sent");
        }
    }

    @Test
    void aFileThatVanishedHasChanged() throws IOException {
        try (SourceFile file = SourceFile.open(path)) {
            Files.delete(path);
            assertThatThrownBy(file::requireUnchanged).hasMessageContaining("vanished while it was being sent");
        }
    }

    @Test
    void onlyRegularFilesAreOpened() {
        assertThatThrownBy(() -> SourceFile.open(directory))
                .isInstanceOf(SourceFileException.class)
                .hasMessageContaining("it is no regular file");
        assertThatThrownBy(() -> SourceFile.open(directory.resolve("none")))
                .isInstanceOf(SourceFileException.class)
                .hasMessageContaining("there is no such file");
    }
}
