package recon.mrd.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.mrd.file.MrdReader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.recon.ReconModules;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/** What is kept of what a client sends. */
class SavedSessionTest {
    private static final Image SMALL = Image.of(ImageHeader.builder(), new MetaAttributes(), new short[] {9});
    private static final Image LARGE =
            Image.of(ImageHeader.builder().matrix(2, 1, 1), new MetaAttributes(), new short[] {1, 2});

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"savedataonly", "null"})
    void allIsKeptButAnImageThatDoesNotFitItsSeries(String config) throws Exception {
        List<String> texts = serve(config, SMALL, SMALL, LARGE, SMALL);
        assertThat(texts).singleElement().asString().startsWith("ERROR   ").contains("image_series_index");
        try (MrdReader in = MrdReader.open(onlyFile())) {
            assertThat(in.images())
                    .singleElement()
                    .satisfies(images -> assertThat(images.count()).isEqualTo(3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"savedataonly", "savedata"})
    void onlyTheServersUserMayReadIt(String config) throws Exception {
        serve(config);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("share/saved"))))
                .isEqualTo("rwx------");
        for (Path file : files()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aDirectoryThatIsThereStaysAsItIs() throws Exception {
        Path saved = Files.createDirectories(directory.resolve("share/saved"));
        Files.setPosixFilePermissions(saved, PosixFilePermissions.fromString("rwxr-xr-x"));
        serve("savedataonly");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(saved)))
                .isEqualTo("rwxr-xr-x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(onlyFile())))
                .isEqualTo("rw-------");
    }

    @Test
    void allIsTakenFromAClientThoughTheDiskIsFullSoThatItReadsWhy() throws Exception {
        Path prlimit = Path.of("/usr/bin/prlimit");
        assumeTrue(Files.isExecutable(prlimit), "skipped: needs prlimit");
        Image large = Image.of(ImageHeader.builder().matrix(1 << 14, 1, 1), new MetaAttributes(), new short[1 << 14]);
        RecordingTest.limitFiles(prlimit, "20000:"); // enough to begin
        try {
            assertThat(serve("savedataonly", Collections.nCopies(32, large).toArray(Image[]::new)))
                    .singleElement()
                    .asString()
                    .startsWith("ERROR   ");
        } finally {
            RecordingTest.limitFiles(prlimit, "unlimited:");
        }
        assertThat(onlyFile().toString()).endsWith(".incomplete.h5");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("share/saved"))) {
            return files.toList();
        }
    }

    private Path onlyFile() throws IOException {
        assertThat(files()).hasSize(1);
        return files().get(0);
    }

    /** Returns the texts of the answer, once all that was sent has been taken. */
    private List<String> serve(String config, Image... images) throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        MrdOutput out = new MrdOutput(sent);
        out.write(new MrdMessage.ConfigFile(config));
        out.write(new MrdMessage.Header("no header"));
        for (Image image : images) {
            out.write(new MrdMessage.Data(image));
        }
        out.write(new MrdMessage.Close());
        out.flush();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteArrayInputStream client = new ByteArrayInputStream(sent.toByteArray());
        new MrdSession(
                        client,
                        answer,
                        new MrdSession.Limits(1 << 20, Duration.ofSeconds(60), Duration.ofSeconds(1)),
                        new MrdSession.Saving(
                                directory.resolve("share/saved"), config.equals("null"), Clock.systemUTC(), 0))
                .serve(SessionModules.of(new ReconModules()), "null");
        assertThat(client.available()).isZero();
        MrdInput in = new MrdInput(new ByteArrayInputStream(answer.toByteArray()), 1 << 20);
        return Stream.iterate(next(in), message -> message instanceof MrdMessage.Text, message -> next(in))
                .map(message -> ((MrdMessage.Text) message).text())
                .toList();
    }

    private static MrdMessage next(MrdInput in) {
        try {
            return in.read().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
