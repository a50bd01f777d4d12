package recon.server.mrd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.format.Waveform;
import recon.mrd.format.WaveformHeader;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.mrd.wire.MrdOutput;

/** Clients and modules that do what they should not: each gets one error, others their images, and nothing is left. */
@Timeout(60)
class MrdFaultsIT {
    private static final MrdMessage NAME = new MrdMessage.ConfigFile("null");
    private static final MrdMessage TEXT = new MrdMessage.ConfigText("null");
    private static final MrdMessage HEADER = new MrdMessage.Header("none");
    private static final int ID_BYTES = 2;

    @TempDir
    private Path directory;

    private MrdService service;
    private MrdMessage acquisition;
    private MrdMessage image;

    @BeforeEach
    void start() throws IOException {
        acquisition = firstData("simplefft_py_clean.c2s.bin");
        image = firstData("img_invert.c2s.bin");
        service = MrdService.start(directory, Optional.empty());
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
    }

    private static MrdMessage firstData(String name) throws IOException {
        MrdInput in = new MrdInput(new ByteArrayInputStream(MrdService.recorded(name)), MrdService.LIMIT);
        MrdMessage message = in.read().orElseThrow();
        while (!(message instanceof MrdMessage.Data)) {
            message = in.read().orElseThrow();
        }
        return message;
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

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private String errorFor(byte[] sent) throws IOException {
        List<MrdMessage> answer = service.answerTo(sent);
        assertThat(answer).hasSize(2);
        assertThat(answer.get(1)).isEqualTo(new MrdMessage.Close());
        assertThat(answer.get(0)).isInstanceOf(MrdMessage.Text.class);
        String text = ((MrdMessage.Text) answer.get(0)).text();
        assertThat(text).startsWith("ERROR   ").doesNotContain("\n").hasSizeLessThan(9000);
        return text;
    }

    /** Every kind of message in one stream; with it where each begins. */
    private byte[] everyKind(List<Integer> boundaries) throws IOException {
        MrdMessage waveform = new MrdMessage.Data(
                new Waveform(new WaveformHeader(1, 0, 1, 1, 1, 4, 2, 1f, 0), new int[] {1, 2, 3, 4, 5, 6, 7, 8}));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (MrdMessage message : List.of(
                NAME,
                TEXT,
                HEADER,
                new MrdMessage.Text("{\"parameters\": {}}"),
                acquisition,
                waveform,
                image,
                acquisition,
                new MrdMessage.Close())) {
            boundaries.add(all.size());
            all.writeBytes(bytes(message));
        }
        return all.toByteArray();
    }

    @Test
    void aStreamMayBeCutAnywhere() throws Exception {
        List<Integer> boundaries = new ArrayList<>();
        byte[] all = everyKind(boundaries);
        assertThat(service.answerTo(all)).containsExactly(new MrdMessage.Close());
        for (int i = 0; i < boundaries.size(); i++) {
            int from = boundaries.get(i);
            int to = i + 1 < boundaries.size() ? boundaries.get(i + 1) : all.length;
            byte[] whole = Arrays.copyOf(all, from);
            if (i == 0) {
                assertThat(service.answerTo(whole)).isEmpty(); // who just looks whether the port is open
            } else if (i < 3) {
                assertThat(errorFor(whole)).contains("the client sent no header before it ended the connection");
            } else {
                assertThat(service.answerTo(whole)).containsExactly(new MrdMessage.Close()); // what came, was served
            }
            for (int cut : List.of(from + 1, from + ID_BYTES, (from + to) / 2, to - 1)) {
                if (cut > from && cut < to) {
                    assertThat(errorFor(Arrays.copyOf(all, cut)))
                            .contains("the stream ends at byte " + cut + ", within ");
                }
            }
        }
    }

    @Test
    void nothingOfAFaultStaysInMemory() throws Exception {
        List<byte[]> faults = faults();
        for (byte[] fault : faults) {
            errorFor(fault);
        }
        long before = MrdService.usedHeap();
        for (int i = 0; i < 12; i++) {
            for (byte[] fault : faults) {
                errorFor(fault);
            }
        }
        assertThat(12 * faults.size()).isGreaterThan(300);
        assertThat(MrdService.usedHeap() - before).isLessThan(4 << 20);
    }

    private List<byte[]> faults() throws IOException {
        List<byte[]> faults = new ArrayList<>();
        byte[] opening = bytes(NAME, HEADER);
        for (int id : List.of(0, 6, 1001, 1007, 1009, 1021, 1023, 1030, 65535)) {
            faults.add(join(opening, little(ID_BYTES).putShort((short) id).array(), new byte[100]));
        }
        faults.add(join(opening, changed(acquisition, 34, 0xffff, 36, 0xffff))); // samples, channels
        faults.add(join(opening, changed(acquisition, 36, 0xffff, 38, 0xffff)));
        faults.add(join(opening, changed(acquisition, 34, 0xffff, 176, 0xffff))); // trajectory
        faults.add(join(opening, changed(image, 16, 0xffff, 18, 0xffff))); // matrix
        faults.add(join(opening, changed(image, 2, 77, 4, 0))); // data type
        byte[] attributes = bytes(image);
        ByteBuffer.wrap(attributes).order(ByteOrder.LITTLE_ENDIAN).putLong(ID_BYTES + 198, 1L << 60);
        faults.add(join(opening, attributes));
        ByteBuffer.wrap(attributes).order(ByteOrder.LITTLE_ENDIAN).putLong(ID_BYTES + 198, -1);
        faults.add(join(opening, attributes));
        byte[] waveform = little(ID_BYTES + 40 + 64).putShort((short) 1026).array();
        ByteBuffer.wrap(waveform).order(ByteOrder.LITTLE_ENDIAN).putInt(ID_BYTES + 28, -1);
        faults.add(join(opening, waveform));
        for (int id : List.of(2, 3, 5)) {
            faults.add(join(
                    bytes(NAME),
                    little(ID_BYTES + 4).putShort((short) id).putInt(-1).array(),
                    new byte[64]));
        }
        for (String xml : List.of(
                "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><ismrmrdHeader>&c;</ismrmrdHeader>",
                "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><ismrmrdHeader>&b;</ismrmrdHeader>",
                "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/none.dtd\"><ismrmrdHeader/>",
                "<ismrmrdHeader><encoding>",
                "<a>".repeat(100_000))) {
            faults.add(bytes(NAME, new MrdMessage.Header(xml), new MrdMessage.Close()));
        }
        for (String json : List.of("{", "[]", "{\"parameters\": 1}", "[".repeat(100_000), "{} {}", "\u0000")) {
            faults.add(bytes(NAME, HEADER, new MrdMessage.Text(json), new MrdMessage.Close()));
        }
        faults.add(bytes(acquisition, new MrdMessage.Close()));
        faults.add(bytes(new MrdMessage.ConfigFile("test-throws"), HEADER, acquisition, new MrdMessage.Close()));
        faults.add(bytes(new MrdMessage.ConfigFile("test-unloadable"), HEADER, acquisition, new MrdMessage.Close()));
        return faults;
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** With two fields of 16 bits in its header set to something else. */
    private static byte[] changed(MrdMessage message, int offset, int value, int offset2, int value2)
            throws IOException {
        byte[] bytes = bytes(message);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(ID_BYTES + offset, (short) value)
                .putShort(ID_BYTES + offset2, (short) value2);
        return bytes;
    }

    @Test
    void aModuleThatThrowsOrHangsCostsItsSessionOnly() throws Exception {
        assertThat(errorFor(bytes(new MrdMessage.ConfigFile("test-throws"), HEADER, new MrdMessage.Close())))
                .isEqualTo("ERROR   coil 3 is broken");
        service.close();
        service = MrdService.start(directory, Optional.empty(), MrdService.SHORT);
        assertThat(errorFor(bytes(new MrdMessage.ConfigFile("test-hangs"), HEADER, new MrdMessage.Close())))
                .isEqualTo(
                        "ERROR   module test-hangs took no data and sent nothing for 2 s (MRD_MODULE_TIMEOUT_SECONDS)");
    }

    @Test
    void aModuleThatFloodsAClientThatDoesNotReadIsHeldBackAndEnds() throws Exception {
        long before = MrdService.usedHeap();
        try (Socket client = service.connect()) {
            client.getOutputStream().write(bytes(new MrdMessage.ConfigFile("test-floods"), HEADER, acquisition));
            assertThat(FaultyModules.FLOOD_ENDED.await(20, TimeUnit.SECONDS))
                    .isTrue(); // after MRD_IDLE_TIMEOUT_SECONDS
        }
        assertThat(MrdService.usedHeap() - before).isLessThan(4 << 20);
    }
}
