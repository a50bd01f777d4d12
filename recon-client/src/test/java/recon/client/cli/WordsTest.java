package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import recon.common.job.Failures;

class WordsTest {
    @Test
    void sizesHaveTheUnitThatFits() {
        assertThat(Words.size(0)).isEqualTo("0 B");
        assertThat(Words.size(999)).isEqualTo("999 B");
        assertThat(Words.size(1000)).isEqualTo("1.0 kB");
        assertThat(Words.size(1_000_000)).isEqualTo("1.0 MB");
        assertThat(Words.size(2_147_483_648L)).isEqualTo("2.15 GB");
    }

    @Test
    void controlCodesAreNotPrinted() {
        assertThat(Printable.text("a\tb\r\nc\u001b[31m\u0007\u009b é \uD83D\uDE00"))
                .isEqualTo("a\tb\nc?[31m?? é \uD83D\uDE00");
        assertThat(Printable.cell("a\nb")).isEqualTo("a?b");
    }

    @Test
    void failuresOfTheFileSystemSayMoreThanAPath() {
        assertThat(Failures.words(new NoSuchFileException("/a"))).isEqualTo("/a: no such file or directory");
        assertThat(Failures.words(new AccessDeniedException("/a"))).isEqualTo("/a: permission denied");
        assertThat(Failures.words(new FileAlreadyExistsException("/a"))).isEqualTo("/a: it is there already");
        assertThat(Failures.words(new FileSystemException("/a", null, "Disk quota exceeded")))
                .isEqualTo("/a: Disk quota exceeded");
        assertThat(Failures.words(new FileSystemException("/a"))).isEqualTo("/a: FileSystemException");
    }

    @Test
    void failuresOfOurOwnAreNamed() {
        assertThat(Failures.words(new IOException("no answer"))).isEqualTo("no answer");
        assertThat(Failures.words(new IOException())).isEqualTo("java.io.IOException");
        assertThat(Failures.words(new IllegalStateException("x"))).isEqualTo("java.lang.IllegalStateException: x");
    }
}
