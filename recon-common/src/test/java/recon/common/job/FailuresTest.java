package recon.common.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void theFileSystemsFailuresGetWords() {
        assertThat(Failures.words(new NoSuchFileException("/a"))).isEqualTo("/a: no such file or directory");
        assertThat(Failures.words(new AccessDeniedException("/a"))).isEqualTo("/a: permission denied");
        assertThat(Failures.words(new FileAlreadyExistsException("/a"))).isEqualTo("/a: it is there already");
        assertThat(Failures.words(new FileSystemException("/a", null, "No space left on device")))
                .isEqualTo("/a: No space left on device");
        assertThat(Failures.words(new FileSystemException("/a"))).isEqualTo("/a: FileSystemException");
    }

    @Test
    void othersSpeakForThemselvesOrAreNamed() {
        assertThat(Failures.words(new IOException("the disk is full"))).isEqualTo("the disk is full");
        assertThat(Failures.words(new IOException())).isEqualTo("java.io.IOException");
        assertThat(Failures.words(new IllegalStateException("x"))).isEqualTo("java.lang.IllegalStateException: x");
    }
}
