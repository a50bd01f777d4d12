package recon.common.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.crypto.AuthenticationFailedException;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.OpenedToken;
import recon.common.crypto.SharedKey;
import recon.common.testing.FixedRandom;
import recon.common.testing.TestKeys;

class FrameTest {
    private static final int MAX = 1 << 20;

    /** The vector of PROTOCOL.md: a request for /c/é.7. */
    private static final String VECTOR_LENGTH = "000000b8";

    private static final String VECTOR_TOKEN =
            "gAAAAABlU_EAAAECAwQFBgcICQoLDA0ODzzWm34UF3vDtqNiyA6DpsLcPZmahAkdDsUHjh90f0Xya6WvaPGeLeygQ7Q4EmkHfNi7pysigwC1"
                    + "MgEEaXEOFoMAP2o8cpRysDyYojT2EAr1GZal3A0CDDqkB-QIHl-dGltk0V9Dy9vw35ALzRGrVug=";

    private final FernetCipher cipher = new FernetCipher(
            List.of(SharedKey.parse(TestKeys.A)),
            FixedRandom.counting(),
            Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC));

    private static byte[] vector() {
        return ByteBuffer.allocate(4 + VECTOR_TOKEN.length())
                .putInt(Integer.parseInt(VECTOR_LENGTH, 16))
                .put(VECTOR_TOKEN.getBytes(US_ASCII))
                .array();
    }

    private static InputStream in(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return new ByteArrayInputStream(all.toByteArray());
    }

    private FrameReader reader(byte[]... parts) {
        return new FrameReader(in(parts), cipher);
    }

    @Test
    void theVectorOfTheProtocolIsWrittenToTheByte() throws IOException {
        MessageCodec.Encoded body = MessageCodec.encode(new Transfer.RequestFile("/c/\u00e9.7"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new FrameWriter(out, cipher).write(body.buffer(), body.length(), cipher.firstKey(), fingerprint -> {});
        assertThat(out.toByteArray()).isEqualTo(vector());
    }

    @Test
    void theVectorOfTheProtocolIsRead() throws IOException {
        FrameReader reader = reader(vector(), vector());
        for (int i = 0; i < 2; i++) {
            OpenedToken token = reader.next(MAX).orElseThrow();
            assertThat(MessageCodec.decode(token.buffer(), token.length()))
                    .isEqualTo(new Transfer.RequestFile("/c/\u00e9.7"));
        }
        assertThat(reader.next(MAX)).as("a close between frames").isEmpty();
    }

    @Test
    void aFrameInSingleBytesIsRead() throws IOException {
        InputStream drip = new FilterInputStream(in(vector())) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return super.read(bytes, offset, Math.min(1, length));
            }
        };
        assertThat(new FrameReader(drip, cipher).next(MAX)).isPresent();
    }

    @Test
    void aStreamCutAtAnyByteIsATornFrame() {
        byte[] frame = vector();
        for (int length = 1; length < frame.length; length++) {
            FrameReader reader = reader(Arrays.copyOf(frame, length));
            assertThatThrownBy(() -> reader.next(MAX)).isInstanceOf(EOFException.class);
        }
        assertThatThrownBy(() -> reader(new byte[2]).next(MAX))
                .hasMessage("stream ended after 2 of 4 bytes of a length");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, MAX + 1, 0x16030100, 0x47455420, Integer.MIN_VALUE, -1})
    void aLengthOutOfRangeIsRefusedBeforeAnythingIsReadOrAllocated(int length) {
        InputStream in = in(ByteBuffer.allocate(400).putInt(length).array());
        assertThatThrownBy(() -> new FrameReader(in, cipher).next(MAX))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("frame length " + Integer.toUnsignedLong(length) + " is outside 100.." + MAX);
        assertThat(in).satisfies(rest -> assertThat(rest.available()).isEqualTo(396));
    }

    @Test
    void aTokenOfAnotherKeyIsNotAuthentic() {
        FrameReader other = new FrameReader(in(vector()), TestKeys.cipher(TestKeys.B));
        assertThatThrownBy(() -> other.next(MAX)).isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void lengthAndTokenLeaveInOneWrite() throws IOException {
        List<Integer> writes = new ArrayList<>();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                writes.add(1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.add(length);
            }
        };
        for (int bodyBytes : new int[] {0, 100, 12_000, 36_000, 48_000}) {
            writes.clear();
            new FrameWriter(out, cipher).write(new byte[bodyBytes], bodyBytes, cipher.firstKey(), fingerprint -> {});
            int frameBytes = 4 + FernetCipher.tokenBytes(bodyBytes);
            assertThat(writes.get(0)).as("%d bytes", frameBytes).isGreaterThanOrEqualTo(Math.min(frameBytes, 48 << 10));
            assertThat(writes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(frameBytes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 36_000, 300_000})
    void theFingerprintIsToldBeforeTheTokenIsWhole(int bodyBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Integer> writtenWhenTold = new ArrayList<>();
        new FrameWriter(out, cipher).write(new byte[bodyBytes], bodyBytes, cipher.firstKey(), fingerprint -> {
            writtenWhenTold.add(out.size());
            assertThat(fingerprint).isNotZero();
        });
        assertThat(writtenWhenTold).hasSize(1).allMatch(bytes -> bytes < out.size());
    }
}
