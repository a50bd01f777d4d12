package recon.server.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LastOutputTest {
    private static String of(String text) {
        return LastOutput.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void keepsShortOutputWithItsLines() {
        assertThat(of("loading\n\tcoil 1\ndone \u00fc\u2713\n")).isEqualTo("loading\n\tcoil 1\ndone \u00fc\u2713");
        assertThat(of("")).isEmpty();
    }

    @Test
    void removesControlCharactersAndColours() {
        assertThat(of("\u001b[1;31mError\u001b[0m: a\u0007b\r\nc\u009bd\u0000")).isEqualTo("Error: ab\ncd");
    }

    @Test
    void replacesInvalidUtf8() {
        assertThat(LastOutput.of(new byte[] {'a', (byte) 0xff, 'b'})).isEqualTo("a\ufffdb");
    }

    @Test
    void startsAtALineWhenItIsCut() {
        String lines = "0123456789 line\n".repeat(400);
        assertThat(of(lines)).startsWith("0123456789 line\n").endsWith("0123456789 line");
    }

    @Test
    void cutsASingleEndlessLineBetweenCharacters() {
        String text = of("\ud83e\udde0".repeat(2000));
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSize(4096);
        assertThat(text).doesNotContain("\ufffd");
    }

    @Property(tries = 100)
    void neverExceedsTheLimitWhateverTheBytes(@ForAll @Size(min = 3000, max = 9000) byte[] bytes) {
        String text = LastOutput.of(bytes);
        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(LastOutput.MAX_BYTES);
        assertThat(text.codePoints().filter(c -> c != '\n' && c != '\t')).noneMatch(Character::isISOControl);
    }
}
