package recon.common.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.testing.SettableClock;

class ReplayGuardTest {
    private static final Instant START = Instant.ofEpochSecond(1_700_000_000);
    private static final Duration MAX_AGE = Duration.ofMinutes(5);

    private static final OwnedKey KEY = new OwnedKey(KeyOwner.SHARED, SharedKey.parse(recon.common.testing.TestKeys.A));

    private final SettableClock clock = new SettableClock(START);
    private final ReplayGuard guard = new ReplayGuard(MAX_AGE, clock);

    private static OpenedToken token(long secondsAfterStart, long fingerprint) {
        return new OpenedToken(new byte[0], 0, START.plusSeconds(secondsAfterStart), fingerprint, KEY);
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -299, 0, 299, 300})
    void tokensWithinTheLimitPass(long seconds) {
        assertThatCode(() -> guard.admit(token(seconds, 7))).doesNotThrowAnyException();
    }

    @Test
    void anOldTokenIsRefusedWithTheClockDifference() {
        assertThatThrownBy(() -> guard.admit(token(-301, 7)))
                .isInstanceOf(StaleTokenException.class)
                .hasMessageContaining("sealed 301 s behind our clock (limit 300 s, MESSAGE_MAX_AGE_SECONDS)");
    }

    @Test
    void aTokenFromTheFutureIsRefusedWithTheClockDifference() {
        assertThatThrownBy(() -> guard.admit(token(301, 7)))
                .isInstanceOf(StaleTokenException.class)
                .hasMessageContaining("sealed 301 s ahead of our clock");
    }

    @Test
    void theLimitHoldsToAFractionOfASecond() {
        clock.advance(Duration.ofMillis(1));
        assertThatThrownBy(() -> guard.admit(token(-300, 7))).isInstanceOf(StaleTokenException.class);
    }

    @Test
    void aTokenPassesOnce() throws StaleTokenException {
        guard.admit(token(0, 7));
        guard.admit(token(0, 8));
        assertThatThrownBy(() -> guard.admit(token(0, 7)))
                .isInstanceOf(StaleTokenException.class)
                .hasMessageContaining("replayed");
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -225, -150, -76, -75, -74, -1, 0, 1, 74, 75, 149, 150, 300})
    void aTokenIsRememberedForAsLongAsItCouldComeAgain(long sealedAt) throws StaleTokenException {
        guard.admit(token(sealedAt, 7));
        for (long now = 0; now <= sealedAt + 301; now++) {
            clock.set(START.plusSeconds(now));
            guard.admit(new OpenedToken(new byte[0], 0, clock.instant(), 1_000 + now, KEY)); // makes the guard forget
            assertThatThrownBy(() -> guard.admit(token(sealedAt, 7))).isInstanceOf(StaleTokenException.class);
        }
    }

    @Test
    void whatCannotComeAgainIsForgotten() throws StaleTokenException {
        for (int second = 0; second < 2_000; second++) {
            guard.admit(token(second, second));
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(guard.size()).isBetween(300, 300 + 2 * 75);
    }

    @Test
    void ourOwnTokensAreRefusedWhenTheyComeBack() {
        guard.sealed(7);
        assertThatThrownBy(() -> guard.admit(token(0, 7))).isInstanceOf(StaleTokenException.class);
    }

    @Test
    void ourOwnTokenIsKnownAlsoWhenItsSecondIsTheLastOfASlice() {
        for (int second = 0; second < 80; second++) {
            clock.set(START.plusSeconds(second));
            guard.sealed(second); // the token was stamped just before the clock turned
            OpenedToken reflected = token(second - 1, second);
            assertThatThrownBy(() -> guard.admit(reflected)).isInstanceOf(StaleTokenException.class);
        }
    }

    @Test
    void aLimitOfZeroLetsEverythingThroughAndRemembersNothing() {
        ReplayGuard off = new ReplayGuard(Duration.ZERO, clock);
        assertThatCode(() -> {
                    off.sealed(7);
                    off.admit(token(0, 7));
                    off.admit(token(0, 7));
                    off.admit(token(-100_000, 8));
                    off.admit(token(100_000, 9));
                })
                .doesNotThrowAnyException();
        assertThat(off.size()).isZero();
    }

    @Test
    void aLimitOfASecondWorks() throws StaleTokenException {
        ReplayGuard tight = new ReplayGuard(Duration.ofSeconds(1), clock);
        tight.admit(token(0, 7));
        assertThatThrownBy(() -> tight.admit(token(0, 7))).isInstanceOf(StaleTokenException.class);
        assertThatThrownBy(() -> tight.admit(token(2, 8))).isInstanceOf(StaleTokenException.class);
    }

    @Test
    void aReplayFromAPeerWhoseClockIsAheadIsDescribedSo() throws StaleTokenException {
        guard.admit(token(20, 7));
        assertThatThrownBy(() -> guard.admit(token(20, 7))).hasMessageContaining("sealed 20 s ahead of our clock");
    }
}
