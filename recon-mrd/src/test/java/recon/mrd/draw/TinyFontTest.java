package recon.mrd.draw;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TinyFontTest {
    @Test
    void lettersAreMadeOfDots() {
        StringBuilder dots = new StringBuilder();
        TinyFont.draw(
                "1",
                10,
                20,
                (x, y) -> dots.append(x - 10).append(',').append(y - 20).append(' '));
        assertThat(dots.toString())
                .startsWith("2,0 3,0 2,1 3,1 0,2 1,2 2,2 3,2 ")
                .endsWith("4,9 5,9 ");
        assertThat(TinyFont.widthPixels("12")).isEqualTo(14);
        StringBuilder unknown = new StringBuilder();
        TinyFont.draw("\u5c71", 0, 0, (x, y) -> unknown.append(x));
        assertThat(unknown).isNotEmpty();
    }
}
