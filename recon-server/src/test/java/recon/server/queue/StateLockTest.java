package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process is refused in {@code CrashIT}. */
class StateLockTest {
    @TempDir
    Path directory;

    private Path state;
    private Path inputs;

    @BeforeEach
    void makeDirectories() throws IOException {
        state = Files.createDirectory(directory.resolve("state"));
        inputs = Files.createDirectory(directory.resolve("in"));
    }

    @Test
    void aSecondTakerIsToldWhoHasIt() throws Exception {
        try (StateLock lock = StateLock.take(List.of(state, inputs))) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> StateLock.take(List.of(state)))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "another server (process " + ProcessHandle.current().pid() + ") uses " + state
                                    + "; stop it, or give this one directories of its own (STATE_DIR,"
                                    + " RECON_SERVER_BASE_PFILE_DIR, RECON_SERVER_DICOM_OUTPUT_DIR)");
        }
    }

    @Test
    void whoGetsNotAllGetsNone() throws Exception {
        try (StateLock lock = StateLock.take(List.of(inputs))) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> StateLock.take(List.of(state, inputs))).hasMessageContaining(inputs.toString());
            StateLock.take(List.of(state)).close();
        }
    }

    @Test
    void itIsFreeOnceItWasClosed() throws Exception {
        StateLock.take(List.of(state, inputs)).close();
        StateLock.take(List.of(state, inputs)).close();
        assertThat(state.resolve(StateLock.FILE_NAME))
                .hasContent(Long.toString(ProcessHandle.current().pid()));
    }

    @Test
    void aDirectoryThatIsGivenTwiceIsLockedOnce() throws Exception {
        StateLock.take(List.of(state, state)).close();
    }

    @Test
    void aLockFileOfAServerThatCrashedIsNoMatter() throws Exception {
        Files.writeString(state.resolve(StateLock.FILE_NAME), "4194304000");
        StateLock.take(List.of(state)).close();
        assertThat(state.resolve(StateLock.FILE_NAME))
                .hasContent(Long.toString(ProcessHandle.current().pid()));
    }
}
