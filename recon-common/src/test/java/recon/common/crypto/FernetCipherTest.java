package recon.common.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.testing.FixedRandom;
import recon.common.testing.Peer;
import recon.common.testing.TestKeys;

class FernetCipherTest {
    private final FernetCipher cipher = TestKeys.cipher(TestKeys.A);

    private static byte[] seal(FernetCipher cipher, byte[] body, int key) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        cipher.seal(body, body.length, cipher.keys().keys().get(key), out);
        return out.toByteArray();
    }

    private static OpenedToken open(FernetCipher cipher, byte[] token) throws IOException {
        return cipher.open(new ByteArrayInputStream(token), token.length);
    }

    private static byte[] body(OpenedToken token) {
        return Arrays.copyOf(token.buffer(), token.length());
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void assertRefused(byte[] token, String what) {
        assertThatThrownBy(() -> open(cipher, token)).as(what).isInstanceOf(AuthenticationFailedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                15,
                16,
                17,
                31,
                32,
                8990,
                12230,
                12231,
                12232,
                12271,
                12272,
                12287,
                12288,
                12289,
                16383,
                16384,
                16385,
                24575,
                24576,
                24577,
                36863,
                49151,
                49152,
                49153,
                1 << 20,
                (1 << 20) + 1
            })
    void bodiesAroundBlockAndSliceBordersComeBackWhole(int length) throws IOException {
        byte[] body = randomBytes(length);
        byte[] token = seal(cipher, body, 0);
        assertThat(token).hasSize(FernetCipher.tokenBytes(length));
        assertThat(Base64.getUrlDecoder().decode(token)).hasSize(57 + 16 * (length / 16 + 1));
        assertThat(body(open(cipher, token))).isEqualTo(body);
    }

    @Test
    void sealsOnlyTheBytesAskedFor() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        cipher.seal("hello, world".getBytes(US_ASCII), 5, cipher.keys().first(), out);
        assertThat(body(open(cipher, out.toByteArray()))).isEqualTo("hello".getBytes(US_ASCII));
    }

    @Test
    void ivsAreFresh() throws IOException {
        assertThat(seal(cipher, new byte[8], 0)).isNotEqualTo(seal(cipher, new byte[8], 0));
    }

    @Test
    void everyFlippedBitOfTheBytesIsNoticed() throws IOException {
        byte[] raw = Base64.getUrlDecoder().decode(seal(cipher, randomBytes(40), 0));
        for (int bit = 0; bit < 8 * raw.length; bit++) {
            byte[] damaged = raw.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(Base64.getUrlEncoder().encode(damaged), "bit " + bit);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 32}) // tokens that end in "==", "=" and no padding
    void everyFlippedBitOfTheTextIsNoticed(int bodyBytes) throws IOException {
        byte[] token = seal(cipher, new byte[bodyBytes], 0);
        for (int bit = 0; bit < 8 * token.length; bit++) {
            byte[] damaged = token.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(damaged, "bit " + bit);
        }
    }

    @Test
    void everyTruncationIsNoticed() throws IOException {
        byte[] token = seal(cipher, randomBytes(40), 0);
        for (int length = 0; length < token.length; length++) {
            byte[] cut = Arrays.copyOf(token, length);
            assertRefused(cut, "announced as " + length);
            assertThatThrownBy(() -> cipher.open(new ByteArrayInputStream(cut), token.length))
                    .isInstanceOf(EOFException.class)
                    .hasMessage("stream ended after " + length + " of " + token.length + " bytes of a frame");
        }
    }

    @Test
    void aFaultInALaterSliceIsNoticedAndTheTokenIsReadToItsEnd() throws IOException {
        byte[] token = seal(cipher, randomBytes(60_000), 0);
        for (int at : new int[] {16_383, 16_384, 20_000, 40_000, token.length - 1}) {
            byte[] damaged = token.clone();
            damaged[at] = '!';
            ByteArrayInputStream in = new ByteArrayInputStream(damaged);
            assertThatThrownBy(() -> cipher.open(in, damaged.length)).isInstanceOf(AuthenticationFailedException.class);
            assertThat(in.available()).isZero();
        }
    }

    @Test
    void memoryDoesNotGrowWithTheLengthAnnounced() throws Exception {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        byte[] beginning = Arrays.copyOf(seal(cipher, randomBytes(30_000), 0), 20_000);
        assertThatThrownBy(() -> cipher.open(new ByteArrayInputStream(beginning), FernetCipher.MAX_TOKEN_BYTES))
                .isInstanceOf(EOFException.class); // classes are loaded now
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> cipher.open(new ByteArrayInputStream(beginning), FernetCipher.MAX_TOKEN_BYTES))
                .isInstanceOf(EOFException.class);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(512 * 1024);
    }

    @Test
    void theFirstKeySealsAndAllOpen() throws IOException {
        FernetCipher old = TestKeys.cipher(TestKeys.A);
        FernetCipher rotating = TestKeys.cipher(TestKeys.B, TestKeys.A);
        assertThat(open(rotating, seal(old, new byte[3], 0)).key())
                .isSameAs(rotating.keys().keys().get(1));
        assertThat(open(rotating, seal(rotating, new byte[3], 0)).key())
                .isSameAs(rotating.keys().first());
        assertThat(open(old, seal(rotating, new byte[3], 1)).length()).isEqualTo(3);
        assertThatThrownBy(() -> open(old, seal(rotating, new byte[3], 0)))
                .isInstanceOf(AuthenticationFailedException.class);
    }

    @Test
    void withoutAnyKeyNothingIsOpenedOrBegun() throws Exception {
        byte[] token = seal(cipher, new byte[3], 0);
        FernetCipher none = new FernetCipher(List.of());
        assertThatThrownBy(() -> open(none, token)).isInstanceOf(AuthenticationFailedException.class);
        assertThatThrownBy(none::firstKey).hasMessage("there is no key to begin a conversation with");
    }

    @Test
    void aPeerGoesOnWithTheKeyThatItBeganWithAlsoWhenItIsNotInTheRingAnyMore() throws Exception {
        OwnedKey first = new OwnedKey(new KeyOwner("scanner1", false), SharedKey.generate(new SecureRandom()));
        OwnedKey second = new OwnedKey(new KeyOwner("scanner2", false), SharedKey.generate(new SecureRandom()));
        KeyRing ring = new KeyRing(List.of(first, second));
        FernetCipher both = new FernetCipher(ring);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        both.seal(new byte[3], 3, second, out);
        byte[] token = out.toByteArray();
        assertThat(open(both, token).key()).isSameAs(second);
        assertThatThrownBy(() -> both.open(new ByteArrayInputStream(token), token.length, Optional.of(first)))
                .isInstanceOf(AuthenticationFailedException.class);
        ring.replace(List.of());
        assertThatThrownBy(() -> open(both, token)).isInstanceOf(AuthenticationFailedException.class);
        assertThat(both.open(new ByteArrayInputStream(token), token.length, Optional.of(second))
                        .key())
                .isSameAs(second);
    }

    @Test
    void sealerAndOpenerAgreeOnTheFingerprint() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long fingerprint = cipher.seal(new byte[100], 100, cipher.keys().first(), out);
        OpenedToken opened = open(cipher, out.toByteArray());
        assertThat(opened.fingerprint()).isEqualTo(fingerprint);
        assertThat(open(cipher, seal(cipher, new byte[100], 0)).fingerprint()).isNotEqualTo(fingerprint);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 31556889864403199L, 31556889864403200L})
    void aTimeBeyondAllTimesIsRefusedByCipherOrGuard(long seconds) throws GeneralSecurityException {
        byte[] raw = Base64.getUrlDecoder().decode(sealQuietly());
        java.nio.ByteBuffer.wrap(raw).putLong(1, seconds);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SharedKey.parse(TestKeys.A).signingHalf(), "HmacSHA256"));
        mac.update(raw, 0, raw.length - 32);
        System.arraycopy(mac.doFinal(), 0, raw, raw.length - 32, 32);
        ReplayGuard guard = new ReplayGuard(java.time.Duration.ofMinutes(5), Clock.systemUTC());
        assertThatThrownBy(() -> guard.admit(open(cipher, Base64.getUrlEncoder().encode(raw))))
                .isInstanceOfAny(AuthenticationFailedException.class, StaleTokenException.class)
                .isNotInstanceOf(DateTimeException.class);
    }

    private byte[] sealQuietly() {
        try {
            return seal(cipher, new byte[5], 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void manyThreadsShareOneCipher() throws Exception {
        CyclicBarrier together = new CyclicBarrier(4);
        List<Peer<Integer>> peers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int seed = t;
            peers.add(Peer.start(() -> {
                together.await();
                int right = 0;
                for (int i = 0; i < 200; i++) {
                    byte[] body = randomBytes(1 + seed * 7919 + i);
                    right += Arrays.equals(body(open(cipher, seal(cipher, body, 0))), body) ? 1 : 0;
                }
                return right;
            }));
        }
        for (Peer<Integer> peer : peers) {
            assertThat(peer.join()).isEqualTo(200);
        }
    }

    @Test
    void readsFromAStreamThatGivesOneByteAtATime() throws IOException {
        byte[] token = seal(cipher, randomBytes(20_000), 0);
        InputStream drip = new FilterInputStream(new ByteArrayInputStream(token)) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return super.read(bytes, offset, Math.min(1, length));
            }
        };
        assertThat(body(cipher.open(drip, token.length))).isEqualTo(randomBytes(20_000));
    }

    @Test
    void theTimeIsTheClocksInWholeSeconds() throws IOException {
        Instant now = Instant.parse("2026-01-01T00:00:00.999Z");
        FernetCipher fixed = new FernetCipher(
                List.of(SharedKey.parse(TestKeys.A)), FixedRandom.counting(), Clock.fixed(now, ZoneOffset.UTC));
        assertThat(open(cipher, seal(fixed, new byte[1], 0)).sealedAt()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Property(tries = 300)
    void maxBodyIsTheLongestThatFits(@ForAll @IntRange(min = 0, max = 1 << 24) int tokenBytes) {
        int max = FernetCipher.maxBodyBytes(tokenBytes);
        if (tokenBytes >= FernetCipher.tokenBytes(0)) {
            assertThat(FernetCipher.tokenBytes(max)).isLessThanOrEqualTo(tokenBytes);
            assertThat(FernetCipher.tokenBytes(max + 1)).isGreaterThan(tokenBytes);
        } else {
            assertThat(max).isZero();
        }
    }

    /** Token text without end; before its last bytes it lets another stranger begin. */
    private static final class Stranger extends InputStream {
        private final FernetCipher cipher;
        private final int tokenBytes;
        private final int others;
        private int sent;

        Stranger(FernetCipher cipher, int tokenBytes, int others) {
            this.cipher = cipher;
            this.tokenBytes = tokenBytes;
            this.others = others;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            sent += length;
            if (sent == tokenBytes && others > 0) {
                cipher.open(new Stranger(cipher, tokenBytes, others - 1), tokenBytes);
            }
            Arrays.fill(bytes, offset, offset + length, (byte) 'A');
            return length;
        }
    }

    @Test
    void strangersTogetherCannotMakeItHoldMoreThanABoundAndLeaveNothingBehind() throws Exception {
        FernetCipher cipher = new FernetCipher(List.of(SharedKey.generate(new SecureRandom())));
        int tokenBytes = 4 << 20; // 3 MiB of bytes each
        assertThatThrownBy(() -> cipher.open(new Stranger(cipher, tokenBytes, 5), tokenBytes))
                .isInstanceOf(IOException.class)
                .hasMessage("peers that have shown no key send more than 16 MiB at once; this one was closed");
        assertThatThrownBy(() -> cipher.open(new Stranger(cipher, tokenBytes, 4), tokenBytes))
                .isInstanceOf(AuthenticationFailedException.class); // five of them fit, again
    }
}
