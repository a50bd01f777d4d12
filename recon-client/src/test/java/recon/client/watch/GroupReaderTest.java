package recon.client.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import recon.client.submit.FileMark;
import recon.common.wire.ReconOptionsJson;

@Timeout(60)
class GroupReaderTest {
    private static final int MAX_OPTIONS_BYTES = 1 << 20;

    @TempDir
    private Path directory;

    private GroupReader reader;

    @BeforeEach
    void makeReader() {
        reader = new GroupReader(
                new WatchSettings(
                        directory,
                        "*.7",
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        Duration.ZERO,
                        Duration.ZERO,
                        ReconOptionsJson.parse("{\"slices\": 1, \"coils\": 8}"),
                        directory,
                        directory,
                        2),
                () -> false);
    }

    private String options() throws IOException {
        return reader.options(reader.optionsFile("P1")).json();
    }

    private void isRefused(String words) {
        assertThatThrownBy(this::options)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("P1.json")
                .hasMessageContaining(words);
    }

    @Test
    void theOptionsOfAStemAreOverTheGeneralOnes() throws Exception {
        assertThat(options())
                .isEqualTo(
                        ReconOptionsJson.parse("{\"slices\": 1, \"coils\": 8}").json());
        Path file = Files.writeString(directory.resolve("P1.json"), "{\"slices\": 2}");
        assertThat(options())
                .isEqualTo(
                        ReconOptionsJson.parse("{\"slices\": 2, \"coils\": 8}").json());
        GroupReader.OptionsFile own = reader.optionsFile("P1").orElseThrow();
        assertThat(own.name()).isEqualTo("P1.json");
        assertThat(own.file().mark()).isEqualTo(FileMark.of(file));
    }

    @Test
    void optionsThatAreNoneAreRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("P1.json"), "[1]");
        isRefused("must be one JSON object");
        Files.writeString(file, "\u00e9", StandardCharsets.ISO_8859_1);
        isRefused("is not UTF-8");
        Files.write(file, new byte[MAX_OPTIONS_BYTES + 1]);
        isRefused("is larger than 1048576 bytes");
    }

    @Test
    void optionsThatAreWrittenWhileTheFilesAreReadAreNoticed() throws Exception {
        Optional<GroupReader.OptionsFile> none = reader.optionsFile("P1");
        reader.requireStill("P1", none);
        Path file = Files.writeString(directory.resolve("P1.json"), "{}");
        assertThatThrownBy(() -> reader.requireStill("P1", none)).isInstanceOf(GroupReader.ChangedException.class);
        Optional<GroupReader.OptionsFile> first = reader.optionsFile("P1");
        reader.requireStill("P1", first);
        Files.writeString(file, "{ }");
        assertThatThrownBy(() -> reader.requireStill("P1", first)).isInstanceOf(GroupReader.ChangedException.class);
    }

    @Test
    void optionsAreReadFromAFileOnlyAndNotThroughALink() throws Exception {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "{\"slices\": 3}");
        Path file = Files.createSymbolicLink(directory.resolve("P1.json"), elsewhere);
        isRefused("is no regular file");
        Files.delete(elsewhere);
        isRefused("is no regular file");
        Files.delete(file);
        Files.createDirectory(file);
        isRefused("is no regular file");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeInThePlaceOfOptionsHoldsNobodyUp() throws Exception {
        Process process =
                new ProcessBuilder("mkfifo", directory.resolve("P1.json").toString()).start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        isRefused("is no regular file");
    }

    @Test
    void aFileThatIsReplacedByALinkIsNotRead() throws Exception {
        Path file = Files.writeString(directory.resolve("P1.7"), "data");
        Group group = new Group("P1", List.of(new Sighting("P1.7", FileMark.of(file), 0)));
        assertThat(reader.read(group)).hasSize(1);
        Path other = Files.move(file, directory.resolve("other"));
        Files.createSymbolicLink(file, other);
        assertThatThrownBy(() -> reader.read(group)).isInstanceOf(GroupReader.ChangedException.class);
    }
}
