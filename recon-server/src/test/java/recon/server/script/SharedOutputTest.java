package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.ResultPath;

class SharedOutputTest {
    private static final FileTime THEN = FileTime.fromMillis(1_000_000_000_000L);

    @TempDir
    Path outputs;

    private Path file(String name, String text) throws Exception {
        Files.createDirectories(outputs.resolve(name).getParent());
        return Files.setLastModifiedTime(Files.writeString(outputs.resolve(name), text), THEN);
    }

    @Test
    void findsWhatIsNewOrChanged() throws Exception {
        file("same.dcm", "same");
        Path longer = file("longer.dcm", "a");
        Path touched = file("touched.dcm", "a");
        Path replaced = file("old/replaced.dcm", "a");
        Files.delete(file("deleted.dcm", "a"));
        Path toDelete = file("to-delete.dcm", "a");

        SharedOutput before = SharedOutput.before(outputs);
        assertThat(before.changed()).isEmpty();

        Files.writeString(longer, "ab");
        Files.setLastModifiedTime(longer, THEN);
        Files.setLastModifiedTime(touched, FileTime.fromMillis(THEN.toMillis() + 10));
        Files.move(file("tmp", "b"), replaced, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(toDelete);
        file("series/new.dcm", "");

        assertThat(before.changed())
                .extracting(ResultPath::toString)
                .containsExactly("longer.dcm", "old/replaced.dcm", "series/new.dcm", "touched.dcm");
    }

    @Test
    void onlyTheJobsOwnNamesMatter() throws Exception {
        file("old\\name", "x");
        SharedOutput before = SharedOutput.before(outputs);
        assertThat(before.changed()).isEmpty();
        file("new\\name", "x");
        assertThatThrownBy(before::changed)
                .isInstanceOf(UnsendableResultException.class)
                .hasMessageContaining("new\\name");
    }
}
