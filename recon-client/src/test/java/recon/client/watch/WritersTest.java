package recon.client.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class WritersTest {
    private static final int DESCRIPTORS = 60;

    @TempDir
    private Path directory;

    @Test
    void aFileIsWrittenWhileAProcessHasItOpenForWriting() throws Exception {
        Path file = Files.createFile(directory.resolve("P1.7"));
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(1);
            assertThat(Writers.of(directory)).accepts("P1.7").rejects("P2.7");
        }
        Process other = new ProcessBuilder("sh", "-c", "exec 3>>P1.7; echo; read end")
                .directory(directory.toFile())
                .start();
        try {
            assertThat(other.getInputStream().read()).isEqualTo('\n');
            assertThat(Writers.of(directory)).accepts("P1.7");
        } finally {
            other.destroyForcibly().waitFor();
        }
        try (InputStream in = Files.newInputStream(file)) {
            assertThat(in.read()).isEqualTo(1);
            Predicate<String> writers = Writers.of(directory);
            assertThat(writers).rejects("P1.7");
        }
    }

    @Test
    void aFileOfTheSameNameElsewhereIsAnother() throws Exception {
        Files.createFile(directory.resolve("P1.7"));
        Path other = Files.createDirectory(directory.resolve("other"));
        try (OutputStream out = Files.newOutputStream(other.resolve("P1.7"))) {
            out.write(1);
            assertThat(Writers.of(directory)).rejects("P1.7");
        }
    }

    @Test
    void aDescriptorThatIsGoneMeanwhileHidesNoOther() throws Exception {
        Path processes = Files.createDirectory(directory.resolve("proc"));
        Path scans = Files.createDirectory(directory.resolve("scans"));
        Path descriptors = Files.createDirectories(processes.resolve("1/fd"));
        Path information = Files.createDirectories(processes.resolve("1/fdinfo"));
        Files.createDirectories(processes.resolve("2")); // gone altogether
        for (int i = 0; i < DESCRIPTORS; i += 3) {
            Path file = Files.createFile(scans.resolve("P" + i + ".7"));
            Files.createSymbolicLink(descriptors.resolve("" + i), file);
            Files.writeString(information.resolve("" + i), "pos:\t0\nflags:\t0100001\n");
            Files.createFile(descriptors.resolve("" + (i + 1))); // cannot be read as a link
            Files.createSymbolicLink(descriptors.resolve("" + (i + 2)), file); // and has no information any more
        }
        Predicate<String> writers = Writers.of(scans, processes);
        for (int i = 0; i < DESCRIPTORS; i += 3) {
            assertThat(writers).accepts("P" + i + ".7");
        }
    }
}
