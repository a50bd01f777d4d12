package recon.mrd.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import recon.mrd.format.MrdException;

/** Whatever comes in gives messages or the one refusal, and none longer than the limit. */
class MrdInputFuzzTest {
    private static final int PATCH_BYTES = 4;
    private static final long MAX_MESSAGE_BYTES = 1 << 20;
    private static final String[] RECORDED = {"raw", "images", "answer"};

    private byte[][] recorded;

    @FuzzTest(maxDuration = "30s")
    void anyStream(byte[] data) throws IOException {
        read(data);
    }

    /** Each four bytes say where to damage short recorded streams, and how. */
    @FuzzTest(maxDuration = "30s")
    void damagedStream(byte[] data) throws IOException {
        for (byte[] stream : recorded()) {
            byte[] damaged = stream.clone();
            ByteBuffer patches = ByteBuffer.wrap(data);
            while (patches.remaining() >= PATCH_BYTES) {
                int patch = patches.getInt();
                damaged[(patch >>> 8) % damaged.length] ^= (byte) patch;
            }
            read(damaged);
        }
    }

    /** Sessions with small images, and with two lines of one coil. */
    private byte[][] recorded() throws IOException {
        if (recorded == null) {
            recorded = new byte[RECORDED.length][];
            for (int i = 0; i < RECORDED.length; i++) {
                try (InputStream in =
                        MrdInputFuzzTest.class.getResourceAsStream("MrdInputFuzzTestInputs/anyStream/" + RECORDED[i])) {
                    recorded[i] = in.readAllBytes();
                }
            }
        }
        return recorded;
    }

    private static void read(byte[] bytes) throws IOException {
        MrdInput in = new MrdInput(new ByteArrayInputStream(bytes), MAX_MESSAGE_BYTES);
        try {
            long begin = in.position();
            for (Optional<MrdMessage> next = in.read(); next.isPresent(); next = in.read()) {
                if (in.position() <= begin || in.position() > bytes.length) {
                    throw new AssertionError(next.get() + " ends at byte " + in.position() + " of " + bytes.length);
                }
                begin = in.position();
                in.textIsNext();
            }
        } catch (MrdException e) {
            if (e.getMessage().contains("\n")) {
                throw new AssertionError("a refusal of several lines", e);
            }
        }
    }
}
