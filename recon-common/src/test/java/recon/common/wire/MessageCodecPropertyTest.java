package recon.common.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever the bytes, decode returns a message or throws {@link ProtocolException}: anything else fails the property. */
class MessageCodecPropertyTest {
    private static final List<String> SAMPLES = new ArrayList<>(Samples.all().values());

    private static void decodes(byte[] bytes) {
        try {
            assertThat(MessageCodec.decode(bytes, bytes.length)).isNotNull();
        } catch (ProtocolException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @Property(tries = 200)
    void anyBytes(@ForAll byte[] bytes) {
        decodes(bytes);
    }

    @Property(tries = 200)
    void anyStringInAnyField(@ForAll String text) throws ProtocolException {
        Transfer.RefuseFile sent = new Transfer.RefuseFile(text, "x" + text);
        MessageCodec.Encoded encoded = MessageCodec.encode(sent);
        assertThat(MessageCodec.decode(encoded.buffer(), encoded.length())).isEqualTo(sent);
        assertThat(new String(encoded.buffer(), 0, encoded.length(), ISO_8859_1).chars())
                .allMatch(c -> c < 0x80);
    }

    @Property(tries = 800)
    void damagedMessages(
            @ForAll @IntRange(max = 120) int sample,
            @ForAll @IntRange(max = 700) int at,
            @ForAll byte value,
            @ForAll @IntRange(max = 2) int how) {
        byte[] good = SAMPLES.get(sample % SAMPLES.size()).getBytes(UTF_8);
        int place = at % good.length;
        byte[] bad = switch (how) {
            case 0 -> good.clone();
            case 1 -> java.util.Arrays.copyOf(good, place + 1); // cut
            default -> twice(good, place); // a stretch is repeated
        };
        bad[place] = value;
        decodes(bad);
    }

    private static byte[] twice(byte[] bytes, int from) {
        byte[] longer = java.util.Arrays.copyOf(bytes, 2 * bytes.length - from);
        System.arraycopy(bytes, from, longer, bytes.length, bytes.length - from);
        return longer;
    }
}
