package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.SharedKey;

@Timeout(60)
class ToolCommandsTest {
    @TempDir
    private Path directory;

    @Test
    void keygenPrintsANewKeyEachTime() {
        Cli.Run run = Cli.bare("keygen");
        assertThat(run.exitCode()).isZero();
        assertThat(SharedKey.parse(run.out().strip()).text()).hasSize(44);
        assertThat(Cli.bare("keygen").out()).isNotEqualTo(run.out());
    }

    @Test
    void keygenPrintsJsonWhereverItIsAskedFor() {
        String expected = "\\{\"event\":\"key\",\"shared_key\":\"[A-Za-z0-9_=-]{44}\"}\n";
        assertThat(Cli.bare("keygen", "--json").out()).matches(expected);
        assertThat(Cli.bare("--json", "keygen").out()).matches(expected);
    }

    @Test
    void phantomWritesTheSameRawDataForTheSameSeed() throws Exception {
        Path one = directory.resolve("1.h5");
        Path two = directory.resolve("2.h5");
        Cli.Run run = Cli.bare("mrd", "phantom", "-o", one.toString(), "-m", "16", "-c", "2", "--seed", "7");
        assertThat(run).isEqualTo(new Cli.Run(0, "wrote " + one + "\n", ""));
        Cli.Run json = Cli.bare("mrd", "phantom", "-o", two.toString(), "-m", "16", "-c", "2", "--seed", "8", "--json");
        assertThat(json.out()).isEqualTo("{\"event\":\"wrote\",\"path\":\"" + two + "\"}\n");
        assertThat(Files.size(one)).isEqualTo(Files.size(two)).isGreaterThan(1000);
        assertThat(one).content(java.nio.charset.StandardCharsets.ISO_8859_1).startsWith("\u0089HDF");
        assertThat(Files.mismatch(one, two)).isNotNegative();
    }

    @Test
    void phantomRefusesWhatCannotBe() {
        Cli.Run run = Cli.bare("mrd", "phantom", "-o", directory.resolve("1.h5").toString(), "-m", "4");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("matrix").endsWith("Try: recon-client mrd phantom --help\n");
    }

    @Test
    void phantomSaysWhatItCannotWrite() {
        Path file = directory.resolve("none/1.h5");
        Cli.Run run = Cli.bare("mrd", "phantom", "-o", file.toString(), "-m", "16");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(
                        "recon-client: " + file + " cannot be written: there is no folder " + file.getParent() + "\n");
    }

    @Test
    void mrdAloneNamesItsCommands() {
        Cli.Run run = Cli.bare("mrd");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("recon-client: give a command of mrd: phantom, send, info, from-dicom, to-dicom, to-gif\n");
        Cli.Run other = Cli.bare("mrd", "to-png", "a.h5");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).startsWith("recon-client: mrd has no command \"to-png\"; there are phantom, send,");
    }

    @Test
    void previewSaysWhatItCannotDraw() throws IOException {
        String png = directory.resolve("sheet.png").toString();
        Cli.Run none = Cli.bare("preview", directory.resolve("none").toString(), "-o", png);
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("none: no such file or directory");
        Cli.Run empty = Cli.bare("preview", directory.toString(), "-o", png, "--json");
        assertThat(empty.exitCode()).isEqualTo(1);
        assertThat(empty.out()).startsWith("{\"event\":\"error\",\"kind\":\"failed\",\"error\":\"");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void previewSaysWhereItCannotWrite() throws IOException {
        Path none = directory.resolve("none/sheet.png");
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(Cli.bare("preview", directory.toString(), "-o", none.toString()))
                .isEqualTo(new Cli.Run(
                        1,
                        "",
                        "recon-client: " + none + " cannot be written: there is no directory " + none.getParent()
                                + "\n"));
        assertThat(Cli.bare("preview", directory.toString(), "-o", file + "/sheet.png")
                        .err())
                .endsWith("sheet.png cannot be written: " + file + " is no directory\n");
        assertThat(Cli.bare("preview", directory.toString(), "-o", directory.toString())
                        .err())
                .endsWith(directory + " cannot be written: it is a directory\n");
    }

    @Test
    void completionIsAScriptThatBashCanRead() throws Exception {
        Cli.Run run = Cli.bare("generate-completion");
        assertThat(run.exitCode()).isZero();
        Path script = Files.writeString(directory.resolve("completion.sh"), run.out());
        Process bash = new ProcessBuilder("bash", "-n", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile())
                .start();
        try {
            assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(bash.exitValue()).isZero();
        } finally {
            bash.destroyForcibly();
        }
        assertThat(directory.resolve("said")).isEmptyFile();
        assertThat(run.out()).contains("--server-status", "--recon-options", "keygen");
    }
}
