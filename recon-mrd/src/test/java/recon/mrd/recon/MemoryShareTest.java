package recon.mrd.recon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryShareTest {
    private static final long MOST = 1000;

    @Test
    void whatIsGivenBackAfterTheEndIsNotGivenBackTwice() {
        MemoryShare ended = new MemoryShare(MOST, 0);
        assertThat(ended.take(600)).isTrue();
        ended.close();
        ended.giveBack(600); // by a thread that the session has left behind
        assertThat(ended.take(1)).isFalse();
        try (MemoryShare next = new MemoryShare(MOST, 0)) {
            assertThat(next.take(MOST)).isTrue();
            assertThat(next.take(1)).isFalse();
            assertThat(next.bytesOfOthers()).isZero();
        }
    }

    @Test
    void whatIsNotKeptIsNotGivenBack() {
        try (MemoryShare one = new MemoryShare(MOST, 0)) {
            assertThat(one.take(MOST)).isTrue();
            one.giveBack(2 * MOST);
            assertThat(one.bytes()).isZero();
            assertThat(one.take(MOST)).isTrue();
            assertThat(one.take(1)).isFalse();
        }
    }
}
