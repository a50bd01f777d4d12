package recon.client.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobId;
import recon.common.job.Sha256;
import recon.common.transfer.Busy;

class ResultFolderTest {
    private static final JobId JOB = JobId.parse("11111111-2222-3333-4444-555555555555");
    private static final String JOB_FOLDER = "job_" + JOB;

    @TempDir
    private Path directory;

    private Path root;

    @BeforeEach
    void nameFolder() {
        root = directory.resolve("a/downloads");
    }

    private ResultFolder.Result save(String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        ResultFolder.Result result = ResultFolder.open(root).begin(JOB, name, bytes.length);
        try (var file = result.file()) {
            file.append(bytes, bytes.length);
            result.commit();
        }
        return result;
    }

    private Stream<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all
                    .filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void isMadeWithTheDirectoriesAboveIt() throws Exception {
        assertThat(save("one.dcm", "1").place().path())
                .hasContent("1")
                .isEqualTo(root.toRealPath().resolve("one.dcm"));
        assertThat(files()).containsExactly("one.dcm");
    }

    @Test
    void keepsSubdirectories() throws Exception {
        ResultFolder.Result result = save("series 1/echo/1.dcm", "1");
        assertThat(result.place().isElsewhere()).isFalse();
        assertThat(files()).containsExactly("series 1/echo/1.dcm");
    }

    @Test
    void keepsTheSameFileOnce() throws Exception {
        save("one.dcm", "1");
        ResultFolder.Result again = save("one.dcm", "1");
        assertThat(again.place().isElsewhere()).isFalse();
        assertThat(again.place().path()).hasContent("1");
        assertThat(files()).containsExactly("one.dcm");
    }

    @Test
    void putsADifferentFileOfTheSameNameInTheJobsSubfolder() throws Exception {
        save("s/one.dcm", "1");
        ResultFolder.Result other = save("s/one.dcm", "two");
        assertThat(other.place().isElsewhere()).isTrue();
        assertThat(other.place().path()).hasContent("two");
        assertThat(root.resolve("s/one.dcm")).hasContent("1");
        assertThat(files()).containsExactly(JOB_FOLDER + "/s/one.dcm", "s/one.dcm");
    }

    @Test
    void keepsTheSameFileOnceInTheJobsSubfolderToo() throws Exception {
        save("one.dcm", "1");
        save("one.dcm", "2");
        assertThat(save("one.dcm", "2").place().isElsewhere()).isTrue();
        assertThat(files()).containsExactly(JOB_FOLDER + "/one.dcm", "one.dcm");
    }

    @Test
    void refusesTwoDifferentFilesOfOneNameFromOneJob() throws Exception {
        save("one.dcm", "1");
        save("one.dcm", "2");
        assertThatThrownBy(() -> save("one.dcm", "3"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(JOB_FOLDER + "/one.dcm is there already, with different contents");
        assertThat(root.resolve("one.dcm")).hasContent("1");
        assertThat(files()).hasSize(2);
    }

    @Test
    void leavesAFileWhereADirectoryIsWanted() throws Exception {
        save("series", "a file");
        ResultFolder.Result within = save("series/1.dcm", "1");
        assertThat(within.place().isElsewhere()).isTrue();
        assertThat(files()).containsExactly(JOB_FOLDER + "/series/1.dcm", "series");
    }

    @Test
    void leavesADirectoryWhereAFileIsWanted() throws Exception {
        save("series/1.dcm", "1");
        assertThat(save("series", "a file").place().isElsewhere()).isTrue();
        assertThat(files()).containsExactly(JOB_FOLDER + "/series", "series/1.dcm");
    }

    @Test
    void makesNothingBehindALinkThatLeadsOut() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createDirectories(root);
        Files.createSymbolicLink(root.resolve("link"), outside);
        assertThatThrownBy(() -> save("link/new/1.dcm", "1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is a link that leads out of the download folder");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void makesNothingBehindALinkInPlaceOfTheJobsSubfolder() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        save("one.dcm", "1");
        Files.createSymbolicLink(root.resolve(JOB_FOLDER), outside);
        assertThatThrownBy(() -> save("one.dcm", "2")).hasMessageContaining("leads out of the download folder");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void followsALinkThatStaysInside() throws Exception {
        Files.createDirectories(root.resolve("real"));
        Files.createSymbolicLink(root.resolve("link"), root.resolve("real"));
        save("link/1.dcm", "1");
        assertThat(root.resolve("real/1.dcm")).hasContent("1");
    }

    @Test
    void doesNotWriteThroughALinkInPlaceOfTheFile() throws Exception {
        Path outside = Files.writeString(directory.resolve("outside"), "precious");
        Files.createDirectories(root);
        Files.createSymbolicLink(root.resolve("1.dcm"), outside);
        assertThat(save("1.dcm", "1").place().isElsewhere()).isTrue();
        assertThat(outside).hasContent("precious");
    }

    @Test
    void leavesNothingOfAResultThatEndsEarly() throws Exception {
        ResultFolder.Result result = ResultFolder.open(root).begin(JOB, "one.dcm", 2);
        try (var file = result.file()) {
            file.append(new byte[1], 1);
        }
        assertThat(root).isEmptyDirectory();
    }

    private java.util.Optional<ResultFolder.Place> find(String name, String content) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        var digest = Sha256.begin();
        digest.update(bytes);
        return ResultFolder.open(root).find(JOB, name, bytes.length, Sha256.of(digest), Busy.QUIETLY);
    }

    @Test
    void findsAResultInItsPlaceOrInTheJobsSubfolder() throws Exception {
        save("s/one.dcm", "1");
        save("s/one.dcm", "2");
        Path real = root.toRealPath();
        assertThat(find("s/one.dcm", "1")).contains(new ResultFolder.Place(real.resolve("s/one.dcm"), false));
        assertThat(find("s/one.dcm", "2"))
                .contains(new ResultFolder.Place(real.resolve(JOB_FOLDER + "/s/one.dcm"), true));
        assertThat(find("s/one.dcm", "3")).isEmpty();
        assertThat(find("s/one.dcm", "11")).isEmpty();
        assertThat(find("one.dcm", "1")).isEmpty();
    }

    @Test
    void findsNoDirectoryAndNothingBehindALinkThatLeadsOut() throws Exception {
        Path outside = Files.writeString(directory.resolve("outside"), "1");
        save("s/one.dcm", "");
        Files.createSymbolicLink(root.resolve("one.dcm"), outside);
        assertThat(find("one.dcm", "1")).isEmpty();
        assertThat(find("s", "")).isEmpty();
        assertThat(find("none/none.dcm", "")).isEmpty();
        assertThat(root.resolve("none")).doesNotExist();
        assertThatThrownBy(() -> find("../outside", "1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mayBeALinkItself() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        root = Files.createSymbolicLink(directory.resolve("downloads"), real);
        save("s/1.dcm", "1");
        assertThat(real.resolve("s/1.dcm")).hasContent("1");
    }

    @Test
    void isNoFile() throws Exception {
        Files.createDirectories(root.getParent());
        Files.writeString(root, "a file");
        assertThatThrownBy(() -> ResultFolder.open(root))
                .isInstanceOf(IOException.class)
                .hasMessage("results cannot be saved in " + root + ": it is no directory");
    }

    @Test
    void cannotBeMadeBelowAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> ResultFolder.open(file.resolve("downloads")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("downloads: it cannot be made");
    }
}
