package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurroundingsTest {
    @TempDir
    private Path directory;

    private boolean isTerminal(String target) throws Exception {
        Path link = directory.resolve(target.replace('/', '_'));
        return Surroundings.isTerminal(Files.createSymbolicLink(link, Path.of(target)));
    }

    @Test
    void aDescriptorOfATerminalIsKnownByWhatItLeadsTo() throws Exception {
        assertThat(isTerminal("/dev/pts/3")).isTrue();
        assertThat(isTerminal("/dev/tty1")).isTrue();
        assertThat(isTerminal("/dev/console")).isTrue();
        assertThat(isTerminal("/dev/null")).isFalse();
        assertThat(isTerminal("pipe:[4711]")).isFalse();
        assertThat(Surroundings.isTerminal(directory.resolve("none"))).isFalse();
    }
}
