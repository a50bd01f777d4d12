package recon.mrd.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.mrd.format.Acquisition;
import recon.mrd.format.AcquisitionHeader;
import recon.mrd.format.Image;
import recon.mrd.format.ImageHeader;
import recon.mrd.format.MetaAttributes;
import recon.mrd.format.MrdException;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeader;

class MrdStreamTest {
    private static final long LIMIT = 1 << 20;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "simplefft_py_clean.c2s.bin",
                "simplefft_py_clean.s2c.bin",
                "img_invert.c2s.bin",
                "img_invert.s2c.bin"
            })
    void recordedSessionsComeBackByteForByte(String name) throws IOException {
        byte[] recorded = resource(name);
        List<MrdMessage> messages = readAll(recorded, LIMIT);
        assertThat(messages.get(messages.size() - 1)).isEqualTo(new MrdMessage.Close());
        assertThat(write(messages)).isEqualTo(recorded);
    }

    @Test
    void aSessionBeginsWithConfigAndHeader() throws IOException {
        List<MrdMessage> messages = readAll(resource("simplefft_py_clean.c2s.bin"), LIMIT);
        assertThat(messages.get(0)).isEqualTo(new MrdMessage.ConfigFile("simplefft"));
        assertThat(messages.get(1))
                .isInstanceOfSatisfying(
                        MrdMessage.Header.class,
                        header -> assertThat(header.xml())
                                .contains("<ismrmrdHeader")
                                .doesNotContain("\0"));
    }

    @Test
    void textsWithoutNulAndWithRubbishBehindItAreRead() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(2000).order(ByteOrder.LITTLE_ENDIAN);
        byte[] config = new byte[1024];
        Arrays.fill(config, (byte) 0xEE);
        System.arraycopy("null\0".getBytes(StandardCharsets.US_ASCII), 0, config, 0, 5);
        bytes.putShort((short) 1).put(config);
        bytes.putShort((short) 5).putInt(3).put("abc".getBytes(StandardCharsets.US_ASCII));
        bytes.putShort((short) 2).putInt(0);
        assertThat(readAll(Arrays.copyOf(bytes.array(), bytes.position()), LIMIT))
                .containsExactly(
                        new MrdMessage.ConfigFile("null"), new MrdMessage.Text("abc"), new MrdMessage.ConfigText(""));
    }

    @Test
    void textIsSeenBeforeItIsRead() throws IOException {
        MrdInput in = input(write(List.of(new MrdMessage.Text("{}"), new MrdMessage.Close())), LIMIT);
        assertThat(in.textIsNext()).isTrue();
        assertThat(in.read()).contains(new MrdMessage.Text("{}"));
        assertThat(in.textIsNext()).isFalse();
        assertThat(in.read()).contains(new MrdMessage.Close());
        assertThat(in.textIsNext()).isFalse();
        assertThat(in.read()).isEmpty();
    }

    @Property(tries = 60)
    void whateverIsWrittenIsRead(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 5000) int samples,
            @ForAll @IntRange(max = 4) int channels,
            @ForAll @IntRange(max = 3) int dimensions,
            @ForAll String text)
            throws IOException {
        List<MrdMessage> messages = all(new Random(seed), samples, channels, dimensions, text.replace("\0", ""));
        byte[] bytes = write(messages);
        assertThat(readAll(new Dribble(bytes, new Random(seed)), LIMIT)).isEqualTo(readAll(bytes, LIMIT));
        assertThat(write(readAll(bytes, LIMIT))).isEqualTo(bytes);
    }

    @Test
    void everyCutIsNamedWithItsPlace() throws IOException {
        List<MrdMessage> messages = all(new Random(1), 3, 2, 1, "text");
        byte[] bytes = write(messages);
        List<Integer> boundaries = new ArrayList<>();
        MrdInput whole = input(bytes, LIMIT);
        do {
            boundaries.add((int) whole.position());
        } while (whole.read().isPresent());
        for (int cut = 0; cut < bytes.length; cut++) {
            byte[] part = Arrays.copyOf(bytes, cut);
            if (boundaries.contains(cut)) {
                assertThat(readAll(part, LIMIT)).hasSize(boundaries.indexOf(cut));
            } else {
                assertThatThrownBy(() -> readAll(part, LIMIT))
                        .as("cut at %d", cut)
                        .isInstanceOf(MrdException.class)
                        .hasMessageStartingWith("the stream ends at byte " + cut + ", within ");
            }
        }
    }

    @Test
    void aMessageBeyondTheLimitIsRefusedBeforeItIsHeld() {
        assertThatThrownBy(() -> readAll(message(5).putInt(-1), LIMIT))
                .isInstanceOf(MrdException.class)
                .hasMessage("a message TEXT at byte 0 has 4294967295 bytes, more than the 1048576 allowed"
                        + " (MRD_MAX_MESSAGE_BYTES)");
        ByteBuffer acquisition = message(1008).putShort(2 + 34, (short) -1);
        acquisition.putShort(2 + 38, (short) -1).putShort(2 + 176, (short) -1).position(2 + 340);
        assertThatThrownBy(() -> readAll(acquisition, LIMIT))
                .hasMessageContaining("a message ACQUISITION at byte 0 has 51538034700 bytes");
        ByteBuffer image = message(1022).putShort(2 + 2, (short) 8).position(2 + 198);
        image.putLong(1L << 60);
        assertThatThrownBy(() -> readAll(image, LIMIT))
                .hasMessageContaining("a message IMAGE at byte 0 has 1152921504606846976 bytes of attributes");
        ByteBuffer volume = message(1022).putShort(2 + 2, (short) 8);
        volume.putShort(2 + 16, (short) -1).putShort(2 + 18, (short) -1).putShort(2 + 20, (short) -1);
        volume.putShort(2 + 34, (short) -1).position(2 + 198);
        volume.putLong(0);
        assertThatThrownBy(() -> readAll(volume, LIMIT)).hasMessageContaining("more than the 1048576 allowed");
        ByteBuffer waveform = message(1026).putShort(2 + 28, (short) -1).putShort(2 + 30, (short) -1);
        waveform.position(2 + 40);
        assertThatThrownBy(() -> readAll(waveform, LIMIT)).hasMessageContaining("a message WAVEFORM");
    }

    @Test
    void aLengthAloneTakesNoMemory() {
        ByteBuffer text = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
        text.putShort((short) 5).putInt(Integer.MAX_VALUE - 100);
        for (int i = 0; i < 8; i++) { // as many at once would be more than any machine has
            assertThatThrownBy(() -> readAll(text.array(), Integer.MAX_VALUE))
                    .isInstanceOf(MrdException.class)
                    .hasMessageContaining("the stream ends at byte 9, within a message TEXT that began at byte 0");
        }
    }

    @Test
    void messagesOfManyMegabytesAreRead() throws IOException {
        Random random = new Random(1);
        float[] samples = new float[2 * 65535 * 20];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = random.nextFloat();
        }
        int[] waveform = random.ints(65535L * 20).toArray();
        byte[] pixels = new byte[2 * 1500 * 1000];
        random.nextBytes(pixels);
        List<MrdMessage> messages = List.of(
                new MrdMessage.Data(new Acquisition(
                        AcquisitionHeader.builder()
                                .numberOfSamples(65535)
                                .channels(20)
                                .build(),
                        new float[0],
                        samples)),
                new MrdMessage.Data(new Waveform(new WaveformHeader(1, 0, 0, 0, 0, 65535, 20, 400, 0), waveform)),
                new MrdMessage.Data(
                        Image.of(ImageHeader.builder().matrix(1500, 1000, 1), new MetaAttributes(), pixels)),
                new MrdMessage.Text("a".repeat(3_000_000)));
        assertThat(readAll(write(messages), 1 << 25)).isEqualTo(messages);
    }

    @Test
    void unknownMessagesAndPixelsAreNamed() {
        assertThatThrownBy(() -> readAll(message(1007), LIMIT))
                .isInstanceOf(MrdException.class)
                .hasMessage("message id 1007 at byte 0 is not known; 1 to 5, 1008, 1022 and 1026 are");
        assertThatThrownBy(
                        () -> readAll(message(1022).putShort(2 + 2, (short) 9).position(400), LIMIT))
                .hasMessage("an image has data_type 9, outside 1..8");
    }

    @Test
    void aConfigNameThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> write(List.of(new MrdMessage.ConfigFile("x".repeat(1024)))))
                .hasMessage("a config name of 1024 bytes; at most 1023 fit");
    }

    private static List<MrdMessage> all(Random random, int samples, int channels, int dimensions, String text) {
        AcquisitionHeader head = AcquisitionHeader.builder()
                .numberOfSamples(samples)
                .channels(channels)
                .trajectoryDimensions(dimensions)
                .build();
        float[] trajectory = new float[samples * dimensions];
        float[] data = new float[2 * samples * channels];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat();
        }
        byte[] pixels = new byte[2 * samples];
        random.nextBytes(pixels);
        int[] wave = random.ints((long) samples * channels).toArray();
        return List.of(
                new MrdMessage.ConfigFile("simplefft"),
                new MrdMessage.ConfigText(text),
                new MrdMessage.Header(text),
                new MrdMessage.Text(text),
                new MrdMessage.Data(new Acquisition(head, trajectory, data)),
                new MrdMessage.Data(Image.of(
                        ImageHeader.builder().matrix(samples, 1, 1), new MetaAttributes().set("K", "V", "ä"), pixels)),
                new MrdMessage.Data(
                        new Waveform(new WaveformHeader(1, 2, 3, 4, 5, samples, channels, 2.5f, 1025), wave)),
                new MrdMessage.Close());
    }

    private static ByteBuffer message(int id) {
        return ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN).putShort((short) id);
    }

    private static MrdInput input(byte[] bytes, long limit) {
        return new MrdInput(new ByteArrayInputStream(bytes), limit);
    }

    private static List<MrdMessage> readAll(ByteBuffer written, long limit) throws IOException {
        byte[] bytes = new byte[written.position()];
        written.get(0, bytes);
        return readAll(bytes, limit);
    }

    private static List<MrdMessage> readAll(byte[] bytes, long limit) throws IOException {
        return readAll(new ByteArrayInputStream(bytes), limit);
    }

    private static List<MrdMessage> readAll(InputStream bytes, long limit) throws IOException {
        MrdInput in = new MrdInput(bytes, limit);
        List<MrdMessage> messages = new ArrayList<>();
        for (Optional<MrdMessage> next = in.read(); next.isPresent(); next = in.read()) {
            messages.add(next.get());
        }
        return messages;
    }

    private static byte[] write(List<MrdMessage> messages) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MrdOutput out = new MrdOutput(bytes);
        for (MrdMessage message : messages) {
            out.write(message);
        }
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = MrdStreamTest.class.getResourceAsStream("/recon/mrd/" + name)) {
            return in.readAllBytes();
        }
    }

    /** Gives less at a time than is asked for, as a network does. */
    private static final class Dribble extends InputStream {
        private final ByteArrayInputStream all;
        private final Random random;

        Dribble(byte[] bytes, Random random) {
            this.all = new ByteArrayInputStream(bytes);
            this.random = random;
        }

        @Override
        public int read() {
            return all.read();
        }

        @Override
        public int read(byte[] into, int at, int length) {
            return all.read(into, at, Math.min(length, 1 + random.nextInt(97)));
        }
    }
}
