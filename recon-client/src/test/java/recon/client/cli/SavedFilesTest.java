package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import recon.client.submit.JobOutcome;

class SavedFilesTest {
    private static final String JOB = "job " + FakeServer.JOB + " is complete";

    private final SavedFiles saved = new SavedFiles();
    private final List<Path> files = new ArrayList<>();

    private SavedFilesTest add(String file, boolean elsewhere) {
        saved.add(Path.of(file), elsewhere);
        files.add(Path.of(file));
        return this;
    }

    private List<String> summary() {
        return saved.summary(new JobOutcome.Completed(FakeServer.JOB, files));
    }

    @Test
    void ofOneFolderNamesIt() {
        assertThat(add("/d/s/1.dcm", false).summary()).containsExactly(JOB + ": 1 file in /d/s");
    }

    @Test
    void ofSeveralFoldersNamesTheOneThatAllAreIn() {
        add("/d/s/1.dcm", false).add("/d/t/1.dcm", false).add("/d/t/2.dcm", false);
        assertThat(summary()).containsExactly(JOB + ": 3 files in /d (2 folders)");
    }

    @Test
    void saysWhyTheOnlyFileIsElsewhere() {
        assertThat(add("/d/job/1.dcm", true).summary())
                .containsExactly(
                        JOB + ": 1 file in /d/job",
                        "it is in /d/job, because a different file of the same name was there already");
    }

    @Test
    void saysHowManyFilesAreElsewhere() {
        add("/d/1.dcm", false).add("/d/job/2.dcm", true);
        assertThat(summary().get(1))
                .isEqualTo("1 of them is in /d/job, because a different file of the same name was there already");
        add("/d/job/s/3.dcm", true);
        assertThat(summary())
                .containsExactly(
                        JOB + ": 3 files in /d (3 folders)",
                        "2 of them are in /d/job (2 folders), because different files of the same names were there"
                                + " already");
    }

    @Test
    void saysThatAllFilesAreElsewhere() {
        assertThat(add("/d/job/1.dcm", true).add("/d/job/2.dcm", true).summary().get(1))
                .startsWith("all of them are in /d/job, because different files");
    }

    @Test
    void saysThatThereAreNone() {
        assertThat(summary()).containsExactly(JOB + "; the script left no files");
    }
}
