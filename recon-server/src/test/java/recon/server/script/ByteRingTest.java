package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ByteRingTest {
    @Property
    void keepsExactlyTheLastBytes(
            @ForAll byte[] written,
            @ForAll @IntRange(min = 1, max = 20) int capacity,
            @ForAll @IntRange(min = 1, max = 50) int pieceBytes) {
        ByteRing ring = new ByteRing(capacity);
        for (int at = 0; at < written.length; at += pieceBytes) {
            ring.write(written, at, Math.min(pieceBytes, written.length - at));
        }
        int kept = Math.min(capacity, written.length);
        assertThat(ring.contents()).isEqualTo(Arrays.copyOfRange(written, written.length - kept, written.length));
        assertThat(ring.dropped()).isEqualTo(written.length - kept);
    }
}
