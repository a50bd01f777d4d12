package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.common.job.JobId;
import recon.server.testing.RecordedLog;

class WorkspaceTest {
    @TempDir
    Path directory;

    private Workspace workspace(boolean shared) throws IOException {
        return new Workspace(
                directory.resolve("deep/in"), directory.resolve("deep/out"), shared, directory.resolve("state"));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aJobGetsDirectoriesThatOnlyTheServerMayEnter() throws Exception {
        JobId job = JobId.parse("00000000-0000-4000-8000-000000000001");
        JobDirectories made = workspace(false).create(job);
        assertThat(made)
                .isEqualTo(new JobDirectories(
                        directory.resolve("deep/in/job_00000000-0000-4000-8000-000000000001_input"),
                        directory.resolve("deep/out/job_00000000-0000-4000-8000-000000000001_output"),
                        true,
                        directory.resolve("state/logs/job_00000000-0000-4000-8000-000000000001.log")));
        for (String path : new String[] {"deep", "deep/in", "deep/out", "state", "state/logs"}) {
            assertThat(mode(directory.resolve(path))).as(path).isEqualTo("rwx------");
        }
        assertThat(mode(made.inputs())).isEqualTo("rwx------");
        assertThat(mode(made.outputs())).isEqualTo("rwx------");
    }

    @Test
    void removingTakesWholeTreesAndFollowsNoLinks() throws Exception {
        Workspace workspace = workspace(false);
        JobDirectories made = workspace.create(JobId.random());
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("precious"), "x");
        Files.createDirectories(made.outputs().resolve("a/b"));
        Files.writeString(made.outputs().resolve("a/b/c"), "x");
        Files.createSymbolicLink(made.outputs().resolve("a/link"), elsewhere);
        workspace.sync(made);
        workspace.removeInputs(made);
        workspace.removeOutputs(made);
        assertThat(made.inputs()).doesNotExist();
        assertThat(made.outputs()).doesNotExist();
        assertThat(elsewhere.resolve("precious")).exists();
        workspace.removeInputs(made); // a second time does no harm
    }

    @Test
    void inSharedModeTheGeneralOutputDirectoryIsUsedAndStays() throws Exception {
        Workspace workspace = workspace(true);
        JobDirectories made = workspace.create(JobId.random());
        assertThat(made.outputs()).isEqualTo(directory.resolve("deep/out"));
        assertThat(made.outputsAreOwn()).isFalse();
        Files.writeString(made.outputs().resolve("a"), "x");
        workspace.removeOutputs(made);
        assertThat(made.outputs().resolve("a")).exists();
    }

    @ParameterizedTest
    @CsvSource({
        "deep/in, rwxrwx---, RECON_SERVER_BASE_PFILE_DIR",
        "deep/out, rwx----w-, RECON_SERVER_DICOM_OUTPUT_DIR",
        "state, rwxrwxrwx, STATE_DIR",
        "state/logs, rwxrwxrwx, STATE_DIR"
    })
    void aDirectoryThatOthersMayWriteToIsRefused(String path, String mode, String item) throws Exception {
        workspace(false);
        Path open = directory.resolve(path);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
        assertThatThrownBy(() -> workspace(false))
                .isInstanceOf(IOException.class)
                .hasMessage(open + " (" + item + ") can be written to by other users (" + mode + "); set " + item
                        + " to a directory of the server's own, or run: chmod go-w " + open);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamedWithItsItem() throws Exception {
        Files.writeString(directory.resolve("state"), "a file");
        assertThatThrownBy(() -> workspace(false))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot make the directory " + directory.resolve("state") + " (STATE_DIR): ");
    }

    @Test
    void aJobWhoseOutputsCannotBeMadeLeavesNoInputsBehind() throws Exception {
        Workspace workspace = workspace(false);
        JobId job = JobId.random();
        Files.createDirectory(directory.resolve("deep/out").resolve(job.outputDirectoryName()));
        assertThatThrownBy(() -> workspace.create(job)).isInstanceOf(IOException.class);
        assertThat(directory.resolve("deep/in").resolve(job.inputDirectoryName()))
                .doesNotExist();
    }

    @Test
    void whatCannotBeRemovedIsLogged() throws Exception {
        try (RecordedLog log = new RecordedLog()) {
            Workspace workspace = workspace(false);
            // A name that is no path of a directory's: walking it fails with something else than "no such file".
            Path file = Files.writeString(directory.resolve("file"), "x");
            workspace.removeInputs(new JobDirectories(file.resolve("below"), file, true, file));
            assertThat(log.text()).contains(file.resolve("below") + " cannot be removed; remove it by hand");
        }
    }

    @Test
    void aDirectoryOfAnotherUserIsRefused() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: only root can give a directory away");
        workspace(false);
        Path given = directory.resolve("state");
        Files.setOwner(
                given, given.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        assertThatThrownBy(() -> workspace(false))
                .isInstanceOf(IOException.class)
                .hasMessage(given + " (STATE_DIR) belongs to nobody, and this server runs as root; run: chown root "
                        + given);
    }
}
