package recon.mrd.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import recon.mrd.format.MrdException;

class WordsTest {
    private static final String HOSTILE = "a\u001b[2Jb\u009b2Jc\r\nd\u2028e  f";

    @Test
    void nothingControlsATerminalOrBeginsALine() {
        assertThat(Words.shown(HOSTILE)).isEqualTo("a [2Jb 2Jc d e  f");
        assertThat(Words.reason(new MrdException(HOSTILE))).isEqualTo("a [2Jb 2Jc d e  f");
    }

    @Test
    void whatIsLongIsCut() {
        assertThat(Words.shown("x".repeat(1_000_000))).hasSize(83).endsWith("x...");
        assertThat(Words.reason(new MrdException("x".repeat(1_000_000)))).hasSize(8195);
        assertThat(Words.reason(new IllegalStateException(" "))).isEqualTo("IllegalStateException");
    }
}
