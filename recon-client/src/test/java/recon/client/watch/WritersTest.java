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
}
