package recon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.phantom.PhantomGenerator;
import recon.mrd.phantom.PhantomOptions;

/** Jobs whose images an MRD module makes, with both programs from their jars. */
@Timeout(120)
class MrdJobIT {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final Path DCIODVFY = Path.of("/usr/bin/dciodvfy");

    @TempDir
    private Path directory;

    private Site site;
    private Site.Server server;

    @BeforeEach
    void start() throws Exception {
        site = new Site(directory);
        site.options(KEY, "");
        server = site.server();
        PhantomGenerator.generate(
                new PhantomOptions(
                        32, 2, 2, 1, 1, 2, 0.01, 16, OptionalLong.of(1), LocalDateTime.of(2026, 1, 2, 3, 4, 5)),
                site.path("phantom.h5"));
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    @Test
    void aModuleIsChosenByAnOptionOfTheJobAndOneThatIsNotThereFailsIt() throws Exception {
        int number = 0;
        for (String options : List.of(
                "\"config\": \"simplefft\"",
                "\"config\": \"invertcontrast\", \"options\": \"rgb\"",
                "\"config\": \"cartesian\", \"prewhiten\": false")) {
            Site.Run job = site.client(
                    server,
                    "--files",
                    "phantom.h5",
                    "--recon-options",
                    "{\"series_number\": " + ++number + ", " + options + "}");
            assertThat(job.err()).isEmpty();
            assertThat(job.exitCode()).isZero();
        }
        Site.Run unknown =
                site.client(server, "--files", "phantom.h5", "--recon-options", "{\"config\": \"simplift\"}");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("there is no config \"simplift\"; there are ", "cartesian, ", ", simplefft");
        List<Path> images;
        try (Stream<Path> results = Files.list(site.downloads())) {
            images = results.sorted().toList();
        }
        assertThat(images)
                .extracting(image -> image.getFileName().toString())
                .containsExactly(
                        "MR_001_00001.dcm",
                        "MR_001_00002.dcm",
                        "MR_002_00001.dcm",
                        "MR_002_00002.dcm",
                        "MR_003_00001.dcm",
                        "MR_003_00002.dcm");
        assumeTrue(Files.isExecutable(DCIODVFY), "skipped: needs dciodvfy, Debian package dicom3tools");
        for (Path image : images) {
            assertThat(dciodvfy(image)).doesNotContain("Error");
        }
    }

    private String dciodvfy(Path image) throws Exception {
        Path said = directory.resolve("dciodvfy.txt");
        Process process = new ProcessBuilder(DCIODVFY.toString(), image.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.readString(said);
    }
}
