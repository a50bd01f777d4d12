package recon.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both programs from their jars, used as their manuals say. */
@Timeout(180)
class ReconClientIT {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String OTHER_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    private static final String COPY = """
            echo "$@" > "$3/arguments.txt"
            for file in "$1"/*; do cp "$file" "$3/copy_of_${file##*/}"; done
            """;

    @TempDir
    private Path directory;

    private Site site;

    @BeforeEach
    void makeSite() throws IOException {
        site = new Site(directory);
        Files.writeString(directory.resolve("a.7"), "primary");
        Files.writeString(directory.resolve("b.dat"), "secondary");
        Files.writeString(directory.resolve("default.7"), "default");
    }

    @AfterEach
    void endAll() throws IOException {
        site.close();
    }

    @Test
    void theCommandFormsOfTheManualWork() throws Exception {
        Site.Run keygen = site.run(Site.java(Site.CLIENT_JAR, "keygen"));
        site.options(keygen.out().strip(), site.script("copy.sh", COPY));
        Site.Server server = site.server();

        Site.Run files = site.client(server, "--files", "a.7", "b.dat", "--recon-options", "{\"num_slices\": 128}");
        assertThat(files.err()).isEmpty();
        assertThat(files.exitCode()).isZero();
        assertThat(site.downloads().resolve("copy_of_a.7")).hasContent("primary");
        assertThat(site.downloads().resolve("copy_of_b.dat")).hasContent("secondary");
        assertThat(site.downloads().resolve("arguments.txt"))
                .content()
                .contains("_input --output-dir ")
                .endsWith("_output --num_slices 128\n");

        Site.Run matching = site.client(server, "--directory", directory.toString(), "--pattern", "*.dat", "--json");
        assertThat(matching.exitCode()).isZero();
        assertThat(matching.out())
                .contains("copy_of_b.dat\",\"name_was_taken\":false")
                .contains("\"complete\"");

        Site.Run byDefault = site.client(server, "--quiet");
        assertThat(byDefault).isEqualTo(new Site.Run(0, "", ""));
        assertThat(site.downloads().resolve("copy_of_default.7")).hasContent("default");

        Site.Run status = site.client(server, "--server-status");
        assertThat(status.exitCode()).isZero();
        assertThat(status.outLines()).contains("Workers      0 busy of 1", "Queued jobs  0");
        assertThat(site.client(server, "--view-queue").out()).isEqualTo("No job runs or waits.\n");
    }

    @Test
    void aPhantomBecomesImagesAndAContactSheet() throws Exception {
        site.options(KEY, "");
        Site.Server server = site.server();
        Site.Run phantom = site.run(
                Site.java(Site.CLIENT_JAR, "mrd", "phantom", "-o", "phantom.h5", "-m", "64", "-c", "4", "-r", "2"));
        assertThat(phantom.exitCode()).isZero();
        Site.Run job = site.client(
                server, "--files", "phantom.h5", "--recon-options", "{\"series_description\": \"a phantom\"}");
        assertThat(job.err()).isEmpty();
        assertThat(job.exitCode()).isZero();
        try (Stream<Path> results = Files.list(site.downloads())) {
            List<Path> images = results.toList();
            assertThat(images)
                    .hasSize(2)
                    .allSatisfy(image -> assertThat(Files.readAllBytes(image))
                            .startsWith(new byte[128])
                            .containsSequence('D', 'I', 'C', 'M')
                            .containsSequence("a phantom".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        }
        Site.Run preview = site.run(Site.java(Site.CLIENT_JAR, "preview", "downloads", "-o", "sheet.png"));
        assertThat(preview).isEqualTo(new Site.Run(0, "wrote sheet.png: 2 of 2 images\n", ""));
        assertThat(javax.imageio.ImageIO.read(site.path("sheet.png").toFile()).getWidth())
                .isGreaterThan(64);
    }

    @Test
    void rawDataOfAnotherFormatFailsWithAWordOnWhatToSet() throws Exception {
        site.options(KEY, "");
        Site.Run job = site.client(site.server(), "--files", "a.7");
        assertThat(job.exitCode()).isEqualTo(1);
        assertThat(job.err().lines()).anyMatch(line -> line.contains("ISMRMRD") && line.contains("RECON_SCRIPT_PATH"));
    }

    @Test
    void anOptionsFileIsMadeWhereThereIsNone() throws Exception {
        Site.Run run = site.run(Site.java(Site.CLIENT_JAR, "--server-status"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("recon.opts did not exist and has been created", "keygen");
        assertThat(site.path("recon.opts")).exists();
    }

    @Test
    void nobodyListening() throws Exception {
        site.options(KEY, "");
        Site.Server server = site.server();
        server.program().signal("TERM");
        assertThat(server.program().end().exitCode()).isZero();
        Site.Run run = site.client(server, "--files", "a.7");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("cannot connect to localhost port " + server.port());
    }

    @Test
    void aServerWithAnotherKeyOrThatDoesNotTrustUs() throws Exception {
        site.options(KEY, "");
        Site.Server server = site.server();
        Site.Run wrongKey = site.client(server, "--files", "a.7", "--set", "SHARED_KEY=" + OTHER_KEY);
        assertThat(wrongKey.exitCode()).isEqualTo(4);
        assertThat(wrongKey.err()).contains("most likely its SHARED_KEY is another one");

        server.program().signal("TERM");
        assertThat(server.program().end().exitCode()).isZero();
        site.options(KEY, "TRUSTED_IPS = 192.0.2.1");
        Site.Run untrusted = site.client(site.server(), "--files", "a.7");
        assertThat(untrusted.exitCode()).isEqualTo(4);
        assertThat(untrusted.err()).contains("the server refused: Untrusted IP.", "TRUSTED_IPS");
    }

    @Test
    void aServerKilledWhileTheScriptRuns() throws Exception {
        site.options(KEY, site.heldScript());
        Site.Server server = site.server();
        Site.Program client = site.startClient(server, "--files", "a.7");
        String job = client.awaitOut("queued as job ").replace("queued as job ", "");
        server.program().awaitErr("running the script");
        server.program().process.destroyForcibly();
        client.awaitOut("connection lost (");
        client.signal("TERM");
        Site.Run run = client.end();
        assertThat(run.exitCode()).isEqualTo(143);
        assertThat(run.err()).contains("job " + job + " goes on at the server");
    }

    @Test
    void clientsOfAServerThatIsStoppedWhileTheirJobsRunAndWaitGetTheirResultsFromTheNext() throws Exception {
        site.options(KEY, site.heldScript());
        Site.Server server = site.server();
        Site.Program running = site.startClient(server, "--files", "a.7");
        String first = running.awaitOut("queued as job ").replace("queued as job ", "");
        server.program().awaitErr("running the script");
        Site.Program waiting = site.startClient(server, "--files", "b.dat");
        String second = waiting.awaitOut("queued as job ").replace("queued as job ", "");

        assertThat(site.client(server, "--view-queue").outLines())
                .hasSize(4)
                .anyMatch(line -> line.startsWith("*  " + first + "  running  normal    a.7"))
                .anyMatch(line -> line.startsWith("   " + second + "  queued   normal    b.dat"))
                .endsWith("2 jobs, 1 with a worker (*)");
        assertThat(site.client(server, "--server-status").outLines())
                .contains("Workers      1 busy of 1", "Queued jobs  1");

        server.program().signal("TERM");
        assertThat(server.program().end().exitCode()).isZero();
        for (Site.Program client : List.of(running, waiting)) {
            client.awaitOut("connection lost");
        }
        site.letScriptsEnd();
        site.server(Site.java(Site.SERVER_JAR, "--set", "SERVER_PORT=" + server.port()));
        for (Site.Program client : List.of(running, waiting)) {
            Site.Run run = client.end();
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).contains("connected again", "is complete");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void anInterruptedClientNamesTheJob() throws Exception {
        site.options(KEY, site.heldScript());
        Site.Server server = site.server();
        List<String> command = Site.java(Site.CLIENT_JAR, "--files", "a.7", "--set", "SERVER_PORT=" + server.port());
        // A test that itself runs in the background ignores SIGINT, and so would what it starts.
        command.addAll(0, List.of("env", "--default-signal=INT"));
        Site.Program client = site.start(command);
        String job = client.awaitOut("queued as job ").replace("queued as job ", "");
        client.signal("INT");
        Site.Run run = client.end();
        assertThat(run.exitCode()).isEqualTo(130);
        assertThat(run.err()).startsWith("recon-client: interrupted; job " + job + " goes on at the server; ");
    }
}
