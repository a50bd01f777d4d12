package recon.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.SharedKey;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/** Streams files to a server's MRD port, both from their jars. */
@Timeout(120)
class MrdSendIT {
    private static final Path GENERATOR = Path.of("/usr/bin/ismrmrd_generate_cartesian_shepp_logan");

    @TempDir
    private static Path home;

    private static Site servers;
    private static String port;

    @TempDir
    private Path directory;

    private Site site;

    @BeforeAll
    static void startServer() throws Exception {
        servers = new Site(home);
        try (SharedKey key = SharedKey.generate(new SecureRandom())) {
            port = Integer.toString(FreePort.find());
            servers.options(key.text(), "MRD_PORT = " + port + "\nMRD_SAVE_DIR = saved");
        }
        servers.server();
        assertThat(run(servers, "phantom", "-o", "phantom.h5", "-m", "32", "-c", "2", "-r", "3")
                        .exitCode())
                .isZero();
    }

    @AfterAll
    static void stopServer() throws Exception {
        servers.close();
    }

    @BeforeEach
    void start() throws Exception {
        site = new Site(directory);
        Files.copy(servers.path("phantom.h5"), site.path("phantom.h5"));
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    private Site.Run run(String... arguments) throws Exception {
        return run(site, arguments);
    }

    private static Site.Run run(Site where, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(Site.java(Site.CLIENT_JAR, "mrd"));
        command.addAll(List.of(arguments));
        return where.start(command).end();
    }

    /** The file that the server has saved since. */
    private static Path savedSince(Set<Path> before) throws IOException {
        Set<Path> now = saved();
        now.removeAll(before);
        assertThat(now).hasSize(1);
        return now.iterator().next();
    }

    private static Set<Path> saved() throws IOException {
        if (!Files.isDirectory(servers.path("saved"))) {
            return new HashSet<>();
        }
        try (Stream<Path> files = Files.list(servers.path("saved"))) {
            return files.collect(Collectors.toSet());
        }
    }

    @Test
    void imagesOfEachRepetitionComeBackAndAreAddedToTheFile() throws Exception {
        for (String group : new String[] {"first", "second"}) {
            Site.Run run = run("send", "-p", port, "-c", "simplefft", "-o", "images.h5", "-G", group, "phantom.h5");
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).isEqualTo("3 images in images.h5\n");
            assertThat(run.exitCode()).isZero();
        }
        assertThat(MrdReader.groups(site.path("images.h5"))).containsExactly("first", "second");
        try (MrdReader file = MrdReader.open(site.path("images.h5"), "second")) {
            assertThat(file.images()).hasSize(1);
            assertThat(file.images().get(0).count()).isEqualTo(3);
            Image image = file.images().get(0).image(2);
            assertThat(image.head().columns()).isEqualTo(32);
            assertThat(image.head().repetition()).isEqualTo(2);
            assertThat(file.header().encodings()).hasSize(1);
        }
    }

    @Test
    void aJsonFileBesideItIsSentUnlessItIsNotWanted() throws Exception {
        Files.writeString(site.path("invertcontrast.json"), "{\"parameters\": {\"options\": \"colormap\"}}", UTF_8);
        assertThat(run("send", "-p", port, "-c", "invertcontrast", "-o", "a.h5", "-G", "g", "phantom.h5")
                        .exitCode())
                .isZero();
        assertThat(run(
                                "send",
                                "-p",
                                port,
                                "-c",
                                "invertcontrast",
                                "-o",
                                "b.h5",
                                "-G",
                                "g",
                                "--ignore-json-config",
                                "phantom.h5")
                        .exitCode())
                .isZero();
        assertThat(attributes("a.h5").first("LUTFileName")).contains("MicroDeltaHotMetal.pal");
        assertThat(attributes("b.h5").has("LUTFileName")).isFalse();
    }

    private MetaAttributes attributes(String name) throws Exception {
        try (MrdReader file = MrdReader.open(site.path(name))) {
            return MetaAttributes.parse(file.images().get(0).image(0).attributes());
        }
    }

    @Test
    void dataAreOnlySavedWhereThatIsAskedFor() throws Exception {
        Set<Path> before = saved();
        Site.Run run = run("send", "-p", port, "-c", "savedataonly", "-o", "none.h5", "phantom.h5");
        assertThat(run.out()).isEqualTo("0 images\n");
        assertThat(run.exitCode()).isZero();
        assertThat(site.path("none.h5")).doesNotExist();
        assertThat(savedSince(before).toString()).endsWith(".h5");
    }

    @Test
    void rawDataOfTheReferenceGeneratorPassWhole() throws Exception {
        assumeTrue(Files.isExecutable(GENERATOR), "skipped: needs " + GENERATOR + ", Debian package ismrmrd-tools");
        List<String> generate = new ArrayList<>(List.of(GENERATOR.toString(), "-m32", "-c2", "-O2", "-r3", "-C", "-k"));
        generate.addAll(List.of("-o", "theirs.h5"));
        assertThat(site.start(generate).end().exitCode()).isZero();
        for (String config : new String[] {"simplefft", "invertcontrast", "cartesian"}) {
            Site.Run run = run("send", "-p", port, "-c", config, "-o", config + ".h5", "theirs.h5");
            assertThat(run.out()).as("%s: %s", config, run.err()).isEqualTo("3 images in " + config + ".h5\n");
            assertThat(run.exitCode()).isZero();
        }
        Set<Path> before = saved();
        assertThat(run("send", "-p", port, "-c", "savedataonly", "theirs.h5").exitCode())
                .isZero();
        try (MrdReader theirs = MrdReader.open(site.path("theirs.h5"));
                MrdReader ours = MrdReader.open(savedSince(before))) {
            assertThat(ours.count()).isEqualTo(theirs.count());
            for (int i = 0; i < ours.count(); i++) {
                assertThat(ours.acquisition(i)).isEqualTo(theirs.acquisition(i));
            }
        }
    }

    @Test
    void whatDoesNotWorkIsSaidInOneLine() throws Exception {
        Site.Run missing = run("send", "-p", port, "none.h5");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err().lines()).singleElement().asString().contains("none.h5");
        Site.Run group = run("send", "-p", port, "-g", "other", "phantom.h5");
        assertThat(group.exitCode()).isEqualTo(2);
        assertThat(group.err()).startsWith("recon-client: phantom.h5 has no group \"other\"; it has \"dataset\"");
        Site.Run outside = run("send", "-p", "99999", "phantom.h5");
        assertThat(outside.exitCode()).isEqualTo(2);
        assertThat(outside.err()).startsWith("recon-client: --port: 99999 is outside 1..65535");
        Site.Run nobody = run("send", "-p", Integer.toString(FreePort.find()), "phantom.h5");
        assertThat(nobody.exitCode()).isEqualTo(3);
        assertThat(nobody.err().lines())
                .singleElement()
                .asString()
                .contains("Connection refused; does an MRD server listen there (MRD_PORT of its recon.opts)?");
    }

    @Test
    void theImagesThatHaveComeAreKeptWhenItIsStopped() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            String at = Integer.toString(server.getLocalPort());
            Site.Program client =
                    site.start(Site.java(Site.CLIENT_JAR, "mrd", "send", "-p", at, "-o", "some.h5", "phantom.h5"));
            try (Socket connection = server.accept()) {
                MrdOutput out = new MrdOutput(connection.getOutputStream());
                out.write(new MrdMessage.Data(Image.of(ImageHeader.builder(), new MetaAttributes(), new short[] {9})));
                out.write(new MrdMessage.Text("INFO    that was the first"));
                out.flush();
                client.awaitErr("that was the first");
                client.signal("INT");
                Site.Run run = client.end();
                assertThat(run.exitCode()).isEqualTo(130);
                assertThat(run.out()).isEqualTo("1 image in some.h5\n");
            }
        }
        try (MrdReader file = MrdReader.open(site.path("some.h5"))) {
            assertThat(file.images().get(0).count()).isEqualTo(1);
        }
        try (Stream<Path> files = Files.list(site.path("some.h5").getParent())) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    @Test
    void whatAModuleSaysOfEveryReadoutIsSaidOnce() throws Exception {
        Site.Run run = run("send", "-p", port, "-c", "analyzeflow", "-o", "none.h5", "phantom.h5");
        assertThat(run.err().lines()).hasSize(2);
        assertThat(run.err()).contains("recon-client: that 128 times\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void imagesThatDoNotFitTheFileAreNoLostConnection() throws Exception {
        assertThat(run("phantom", "-o", "larger.h5", "-m", "64", "-c", "2").exitCode())
                .isZero();
        assertThat(run("send", "-p", port, "-c", "cartesian", "-o", "a.h5", "-G", "g", "phantom.h5")
                        .exitCode())
                .isZero();
        Site.Run run = run("send", "-p", port, "-c", "cartesian", "-o", "a.h5", "-G", "g", "larger.h5");
        assertThat(run.err()).contains("cannot be added to image_0");
        assertThat(run.out()).isEqualTo("0 images\n");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void anInterruptedOneLeavesNothingBehind() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            List<String> command = new ArrayList<>(Site.java(Site.CLIENT_JAR, "mrd", "send", "-p"));
            command.addAll(List.of(Integer.toString(silent.getLocalPort()), "-o", "none.h5", "phantom.h5"));
            Site.Program client = site.start(command);
            try (Socket connection = silent.accept()) {
                assertThat(connection.getInputStream().read()).isEqualTo(1); // a conversation has begun
                client.process.toHandle().destroy();
                Site.Run run = client.end();
                assertThat(run.err()).isEqualTo("recon-client: interrupted\n");
                assertThat(run.exitCode()).isEqualTo(143);
            }
        }
        try (Stream<Path> files = Files.list(site.path("phantom.h5").getParent())) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("none.h5"));
        }
    }
}
