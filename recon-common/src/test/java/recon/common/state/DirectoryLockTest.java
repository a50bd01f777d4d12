package recon.common.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    @TempDir
    Path directory;

    @Test
    void aSecondTakerIsToldWhoHasItUntilItIsFree() throws Exception {
        Path state = OwnDirectories.make(directory.resolve("deep/state"), "STATE_DIR");
        try (DirectoryLock lock = DirectoryLock.take("relay", List.of(state, state), "STATE_DIR")) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> DirectoryLock.take("relay", List.of(state), "STATE_DIR"))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "another relay (process " + ProcessHandle.current().pid() + ") uses " + state
                                    + "; stop it, or give this one directories of its own (STATE_DIR)");
            DirectoryLock.take("server", List.of(state), "STATE_DIR").close();
        }
        DirectoryLock.take("relay", List.of(state), "STATE_DIR").close();
    }

    @Test
    void aDirectoryIsForItsOwnerAloneAndMayNotBeWrittenByOthers() throws Exception {
        Path state = OwnDirectories.make(directory.resolve("state"), "STATE_DIR");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwx------");
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwx---"));
        assertThatThrownBy(() -> OwnDirectories.make(state, "STATE_DIR"))
                .hasMessageStartingWith(state + " (STATE_DIR) can be written to by other users (rwxrwx---); ");
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> OwnDirectories.make(file, "STATE_DIR"))
                .hasMessageStartingWith("cannot make the directory " + file + " (STATE_DIR): ");
    }
}
