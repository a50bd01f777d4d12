package recon.mrd.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.mrd.file.ImageGroup;
import recon.mrd.file.MrdReader;
import recon.mrd.file.MrdText;
import recon.mrd.format.Image;
import recon.mrd.recon.ReconModules;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/** What a client of another program sent, and what the server of another program answered. */
class RecordedSessionTest {
    private static final int LIMIT = 1 << 20;
    private static final MrdSession.Limits LIMITS =
            new MrdSession.Limits(LIMIT, Duration.ofSeconds(60), Duration.ofSeconds(1));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"simplefft_py_clean", "img_invert"})
    void theAnswerIsTheSameByteForByte(String name) throws Exception {
        assertThat(answer(resource(name + ".c2s.bin"), false)).isEqualTo(resource(name + ".s2c.bin"));
    }

    @Test
    void aClientIsToldWhichModuleTakesThePlaceOfOneThatIsNotThere() throws Exception {
        byte[] sent = resource("img_invert.c2s.bin");
        assertThat(answer(withConfig(sent, "gadget"), false))
                .isEqualTo(bytes(
                        new MrdMessage.Text(
                                "INFO     there is no module \"gadget\"; null takes its place (MRD_DEFAULT_CONFIG)"),
                        new MrdMessage.Close()));
        for (String none : List.of("", "default.xml")) {
            assertThat(answer(withConfig(sent, none), false)).as(none).isEqualTo(bytes(new MrdMessage.Close()));
        }
    }

    private static byte[] withConfig(byte[] session, String name) {
        byte[] config = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 32);
        byte[] changed = session.clone();
        System.arraycopy(config, 0, changed, 2, config.length);
        return changed;
    }

    private static byte[] bytes(MrdMessage... messages) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MrdOutput out = new MrdOutput(bytes);
        for (MrdMessage message : messages) {
            out.write(message);
        }
        out.flush();
        return bytes.toByteArray();
    }

    @Test
    void whatComesIsSavedWhereItIsAskedFor() throws Exception {
        byte[] sent = resource("img_invert.c2s.bin");
        System.arraycopy("savedataonly\0\0".getBytes(StandardCharsets.US_ASCII), 0, sent, 2, 14);
        assertThat(answer(sent, false)).containsExactly(4, 0); // a close, and nothing else
        Path saved = onlyFile();
        assertThat(saved.getFileName().toString()).startsWith("TestProto_20").endsWith(".h5");
        try (MrdReader file = MrdReader.open(saved)) {
            assertThat(file.text(MrdText.CONFIG_FILE)).contains("savedataonly");
            assertThat(file.xml()).contains("<protocolName>TestProto");
            assertThat(file.images()).extracting(ImageGroup::count).containsExactly(3, 2, 2);
        }
    }

    @Test
    void allIsSavedWhereTheServerSaysSoAndComesBackAsItWasSent() throws Exception {
        byte[] sent = resource("simplefft_py_clean.c2s.bin");
        assertThat(answer(sent, true)).isEqualTo(resource("simplefft_py_clean.s2c.bin"));
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        Received received = new Received();
        try (MrdReader file = MrdReader.open(onlyFile())) {
            assertThat(file.text(MrdText.CONFIG_FILE)).contains("simplefft");
            new MrdClient(new ByteArrayInputStream(resource("simplefft_py_clean.s2c.bin")), again, LIMIT)
                    .send(
                            file,
                            new MrdClient.Request(new MrdMessage.ConfigFile("simplefft"), Optional.empty(), true),
                            received);
        }
        assertThat(again.toByteArray()).isEqualTo(sent);
        assertThat(received.images).hasSize(1);
        assertThat(received.missing).isZero();
    }

    @Test
    void aClientGetsItsImagesAlsoWhereNothingCanBeSaved() throws Exception {
        Files.createFile(directory.resolve("saved"));
        assertThat(answer(resource("simplefft_py_clean.c2s.bin"), true))
                .isEqualTo(resource("simplefft_py_clean.s2c.bin"));
        byte[] saveOnly = withConfig(resource("img_invert.c2s.bin"), "savedataonly");
        assertThat(new String(answer(saveOnly, false), StandardCharsets.US_ASCII))
                .contains("ERROR   ");
    }

    @Test
    void whatCameIsSavedAlsoIfTheClientIsGone() throws Exception {
        byte[] sent = resource("simplefft_py_clean.c2s.bin");
        InputStream broken = new ByteArrayInputStream(sent, 0, sent.length / 2);
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        MrdSession session = new MrdSession(
                broken, gone, LIMITS, new MrdSession.Saving(directory.resolve("saved"), true, Clock.systemUTC(), 0));
        assertThatThrownBy(() -> session.serve(SessionModules.of(new ReconModules()), "null"))
                .hasMessage("Broken pipe");
        try (MrdReader file = MrdReader.open(onlyFile())) {
            assertThat(file.count()).isBetween(10, 200);
        }
    }

    private static final class Received implements MrdClient.Listener {
        private final List<Image> images = new ArrayList<>();
        private volatile long missing = -1;

        @Override
        public void sent(long items, long of) {
            missing = of - items;
        }

        @Override
        public void received(Image image) {
            images.add(image);
        }

        @Override
        public void received(String text) {
            throw new AssertionError(text);
        }
    }

    private byte[] answer(byte[] sent, boolean saveAll) throws Exception {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        MrdSession.Saving saving = new MrdSession.Saving(directory.resolve("saved"), saveAll, Clock.systemUTC(), 0);
        new MrdSession(new ByteArrayInputStream(sent), answer, LIMITS, saving)
                .serve(SessionModules.of(new ReconModules()), "null");
        return answer.toByteArray();
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("saved"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = RecordedSessionTest.class.getResourceAsStream("/recon/mrd/" + name)) {
            return in.readAllBytes();
        }
    }
}
