package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptLogTest {
    @TempDir
    Path directory;

    private void write(ScriptLog log, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        log.write(bytes, bytes.length);
    }

    @Test
    void keepsAllThatFits() throws Exception {
        Path file = directory.resolve("job.log");
        try (ScriptLog log = new ScriptLog(PrivateFiles.create(file), 10)) {
            write(log, "abcdef");
            write(log, "ghij");
            assertThat(log.lastOutput()).isEqualTo("abcdefghij");
        }
        assertThat(file).hasContent("abcdefghij");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void keepsHeadAndTailAndSaysWhatWentMissing() throws Exception {
        Path file = directory.resolve("job.log");
        try (ScriptLog log = new ScriptLog(PrivateFiles.create(file), 11)) {
            write(log, "abc");
            write(log, "defghijklmnopqrstuvw");
            write(log, "xyz");
        }
        assertThat(file).hasContent("abcdef\n[... 15 bytes left out (SCRIPT_LOG_MAX_BYTES) ...]\nvwxyz");
    }

    @Test
    void theHeadCanBeReadWhileTheScriptRuns() throws Exception {
        Path file = directory.resolve("job.log");
        try (ScriptLog log = new ScriptLog(PrivateFiles.create(file), 1000)) {
            write(log, "slice 1\n");
            assertThat(file).hasContent("slice 1\n");
        }
    }

    @Test
    void replacesAnOlderLogWithoutFollowingALink() throws Exception {
        Path other = Files.writeString(directory.resolve("other"), "precious");
        Path file = Files.createSymbolicLink(directory.resolve("job.log"), other);
        try (ScriptLog log = new ScriptLog(PrivateFiles.create(file), 1000)) {
            write(log, "new");
        }
        assertThat(other).hasContent("precious");
        assertThat(file).isRegularFile().hasContent("new");
    }

    @Test
    void aFullDiskIsReportedOnceAndCostsOnlyTheFile() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "skipped: needs /dev/full");
        ScriptLog log = new ScriptLog(FileChannel.open(full, StandardOpenOption.WRITE), 1000);
        assertThatThrownBy(() -> write(log, "lost ")).isInstanceOf(IOException.class);
        write(log, "and gone");
        assertThat(log.lastOutput()).isEqualTo("lost and gone");
        log.close();
    }

    @Test
    void refusesAUselessCap() {
        assertThatThrownBy(() -> new ScriptLog(PrivateFiles.create(directory.resolve("job.log")), 1))
                .hasMessage("a log of 1 bytes is too small (SCRIPT_LOG_MAX_BYTES)");
    }
}
