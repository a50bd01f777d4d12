package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import recon.common.job.JobId;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;
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
        Workspace workspace = workspace(false);
        JobDirectories made = workspace.createInputs(job);
        workspace.createOutputs(made);
        assertThat(made)
                .isEqualTo(new JobDirectories(
                        directory.resolve("deep/in/job_00000000-0000-4000-8000-000000000001_input"),
                        directory.resolve("deep/out/job_00000000-0000-4000-8000-000000000001_output"),
                        directory.resolve("deep/out/job_00000000-0000-4000-8000-000000000001_output"),
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
        JobDirectories made = workspace.createInputs(JobId.random());
        workspace.createOutputs(made);
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("precious"), "x");
        Files.createDirectories(made.outputs().resolve("a/b"));
        Files.writeString(made.outputs().resolve("a/b/c"), "x");
        Files.createSymbolicLink(made.outputs().resolve("a/link"), elsewhere);
        workspace.syncInputs(made);
        workspace.removeInputs(made);
        workspace.removeOutputs(made);
        assertThat(made.inputs()).doesNotExist();
        assertThat(made.outputs()).doesNotExist();
        assertThat(elsewhere.resolve("precious")).exists();
        workspace.removeInputs(made); // a second time does no harm
    }

    @Test
    void inSharedModeResultsAreCopiedToWhereTheyMayBeRemoved() throws Exception {
        Workspace workspace = workspace(true);
        JobDirectories made = workspace.createInputs(JobId.random());
        workspace.createOutputs(made);
        assertThat(made.scriptOutputs()).isEqualTo(directory.resolve("deep/out"));
        assertThat(made.scriptOutputsAreShared()).isTrue();
        Files.createDirectory(made.scriptOutputs().resolve("s1"));
        Files.writeString(made.scriptOutputs().resolve("s1/a"), "x");
        List<StoredFile> kept = workspace.keepResults(made, List.of(ResultPath.parse("s1/a")));
        assertThat(kept).extracting(StoredFile::size).containsExactly(1L);
        assertThat(made.outputs().resolve("s1/a")).hasContent("x");
        assertThat(made.outputs()).startsWith(directory.resolve("state"));
        workspace.removeOutputs(made);
        assertThat(made.outputs()).doesNotExist();
        assertThat(made.scriptOutputs().resolve("s1/a")).hasContent("x");
    }

    @Test
    void resultsAreMeasuredWhereTheyLie() throws Exception {
        Workspace workspace = workspace(false);
        JobDirectories made = workspace.createInputs(JobId.random());
        workspace.createOutputs(made);
        Files.createDirectories(made.outputs().resolve("s1/t"));
        Files.writeString(made.outputs().resolve("s1/t/abc"), "abc");
        Path readOnly = Files.writeString(made.outputs().resolve("empty"), "");
        Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r--------"));
        // SHA-256 of "abc": FIPS 180-4, example B.1.
        assertThat(workspace.keepResults(made, List.of(ResultPath.parse("s1/t/abc"), ResultPath.parse("empty"))))
                .containsExactly(
                        new StoredFile(
                                ResultPath.parse("s1/t/abc"),
                                3,
                                new Sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")),
                        new StoredFile(
                                ResultPath.parse("empty"),
                                0,
                                new Sha256("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")));
    }

    @Test
    void outputsOfAFormerAttemptAreGoneWhenTheNextBegins() throws Exception {
        Workspace workspace = workspace(false);
        JobDirectories made = workspace.createInputs(JobId.random());
        workspace.createOutputs(made);
        Files.writeString(made.outputs().resolve("half"), "x");
        workspace.createOutputs(made);
        assertThat(made.outputs()).isEmptyDirectory();
    }

    @Test
    void inputsThatAreNotAsTheyCameAreNamed() throws Exception {
        Workspace workspace = workspace(false);
        JobDirectories made = workspace.createInputs(JobId.random());
        List<StoredFile> inputs = List.of(StoreSamples.file("a.7", 3));
        assertThatThrownBy(() -> workspace.requireInputs(made, inputs, false))
                .hasMessage("the input a.7 is gone from the server's disk");
        Files.writeString(made.inputs().resolve("a.7"), "12");
        assertThatThrownBy(() -> workspace.requireInputs(made, inputs, false))
                .hasMessage("the input a.7 has 2 bytes on the server's disk, and had 3");
        Files.writeString(made.inputs().resolve("a.7"), "123");
        workspace.requireInputs(made, inputs, false);
        assertThatThrownBy(() -> workspace.requireInputs(made, inputs, true))
                .hasMessageStartingWith("the input a.7 has changed on the server's disk: its SHA-256 was ");
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
                        + " to a directory of this program's own, or run: chmod go-w " + open);
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamedWithItsItem() throws Exception {
        Files.writeString(directory.resolve("state"), "a file");
        assertThatThrownBy(() -> workspace(false))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot make the directory " + directory.resolve("state") + " (STATE_DIR): ");
    }

    @Test
    void whatCannotBeRemovedIsLogged() throws Exception {
        try (RecordedLog log = new RecordedLog()) {
            Workspace workspace = workspace(false);
            // A name that is no path of a directory's: walking it fails with something else than "no such file".
            Path file = Files.writeString(directory.resolve("file"), "x");
            workspace.removeInputs(new JobDirectories(file.resolve("below"), file, file, file));
            assertThat(log.text()).contains(file.resolve("below") + " cannot be removed yet: ");
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
                .hasMessage(given + " (STATE_DIR) belongs to nobody, and this program runs as root; run: chown root "
                        + given);
    }
}
