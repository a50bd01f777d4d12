package recon.common.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LongSetTest {
    private static void assertSame(Iterable<Long> values) {
        LongSet ours = new LongSet();
        Set<Long> model = new HashSet<>();
        for (long value : values) {
            assertThat(ours.contains(value)).isEqualTo(model.contains(value));
            assertThat(ours.add(value)).isEqualTo(model.add(value));
            assertThat(ours.contains(value)).isTrue();
            assertThat(ours.size()).isEqualTo(model.size());
        }
        model.forEach(value -> assertThat(ours.contains(value)).isTrue());
    }

    @Property(tries = 100)
    void behavesAsAHashSet(@ForAll @Size(max = 400) List<Long> values) {
        assertSame(values);
    }

    @Property(tries = 100)
    void behavesAsAHashSetWhenValuesRepeat(@ForAll @Size(max = 400) List<@LongRange(min = -20, max = 20) Long> values) {
        assertSame(values);
    }

    @Test
    void valuesThatShareTheirLowBitsAreKeptApart() {
        assertSame(new Random(1).longs(300).map(value -> value << 32).boxed().toList());
    }

    @Test
    void holdsManyValues() {
        assertSame(new Random(2).longs(20_000).boxed().toList());
    }
}
