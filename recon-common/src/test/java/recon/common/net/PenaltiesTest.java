package recon.common.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PenaltiesTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    /** Near the end of its range, as System.nanoTime may be. */
    private long now = Long.MAX_VALUE - MINUTE;

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private final InetAddress bad = address("192.0.2.1");
    private final InetAddress good = address("192.0.2.2");

    private Penalties penalties(int perMinute) {
        return new Penalties(perMinute, () -> now);
    }

    private static void fail(Penalties penalties, InetAddress address, int times) {
        for (int i = 0; i < times; i++) {
            penalties.failed(address);
        }
    }

    @Test
    void whoFailsTooOftenIsTurnedAwayUntilItHasPaid() {
        Penalties penalties = penalties(30);
        fail(penalties, bad, 30);
        assertThat(penalties.turnAway(bad)).isZero();
        penalties.failed(bad);
        assertThat(penalties.turnAway(bad)).isEqualTo(1);
        assertThat(penalties.turnAway(bad)).isEqualTo(2);
        assertThat(penalties.turnAway(good)).isZero();
        now += MINUTE / 30;
        assertThat(penalties.turnAway(bad)).as("one is free again").isZero();
        penalties.failed(bad);
        assertThat(penalties.turnAway(bad)).as("counted on").isEqualTo(3);
        now += 2 * MINUTE;
        fail(penalties, bad, 31);
        assertThat(penalties.turnAway(bad)).as("counted anew").isEqualTo(1);
    }

    @Test
    void whoStopsIsLetInAfterAMinuteAtTheLatest() {
        Penalties penalties = penalties(30);
        fail(penalties, bad, 10_000);
        now += MINUTE - 1;
        assertThat(penalties.turnAway(bad)).isEqualTo(1);
        now += 1;
        assertThat(penalties.turnAway(bad)).isZero();
    }

    @Test
    void aKeyThatIsShownRemovesWhatIsOwed() {
        Penalties penalties = penalties(1);
        fail(penalties, bad, 2);
        assertThat(penalties.turnAway(bad)).isPositive();
        penalties.shownKey(bad);
        assertThat(penalties.turnAway(bad)).isZero();
        assertThat(penalties.owedNanos(bad)).isZero();
    }

    @Test
    void zeroIsAnyNumber() {
        Penalties penalties = penalties(0);
        fail(penalties, bad, 1000);
        penalties.shownKey(good);
        assertThat(penalties.turnAway(bad)).isZero();
        assertThat(penalties.addresses()).isZero();
    }

    @Test
    void anIpv6NetworkCountsAsOneAndAMappedAddressAsIpv4() {
        Penalties penalties = penalties(1);
        penalties.failed(address("2001:db8:1:2::1"));
        penalties.failed(address("2001:db8:1:2:ffff::1"));
        assertThat(penalties.turnAway(address("2001:db8:1:2:3:4:5:6"))).isPositive();
        assertThat(penalties.turnAway(address("2001:db8:1:3::1"))).isZero();
        fail(penalties, address("::ffff:192.0.2.1"), 2);
        assertThat(penalties.turnAway(bad)).isPositive();
        assertThat(penalties.turnAway(good)).isZero();
    }

    @Test
    void aNeighbourThatHasShownAKeyCountsForItselfAlone() {
        Penalties penalties = penalties(1);
        InetAddress neighbour = address("2001:db8:1:2::2");
        penalties.shownKey(neighbour);
        fail(penalties, address("2001:db8:1:2::1"), 5);
        assertThat(penalties.turnAway(neighbour)).isZero();
        assertThat(penalties.turnAway(address("2001:db8:1:2::3"))).isPositive();
        now += 60 * MINUTE + 1;
        fail(penalties, neighbour, 2);
        assertThat(penalties.turnAway(neighbour)).isPositive();
    }

    @Test
    void whoHasShownAKeyIsNotLockedOutForAnHourByWhoeverSharesTheAddress() {
        Penalties penalties = penalties(1);
        penalties.shownKey(good);
        fail(penalties, good, 1000);
        assertThat(penalties.turnAway(good)).isZero();
        now += 60 * MINUTE;
        fail(penalties, good, 1000);
        assertThat(penalties.turnAway(good)).isZero();
        now += 1;
        assertThat(penalties.turnAway(good)).isPositive();
    }

    @Test
    void noMoreThanSoManyAddressesAreHeld() throws UnknownHostException {
        Penalties penalties = penalties(1);
        fail(penalties, good, 2);
        fail(penalties, bad, 2);
        for (int i = 0; i < Penalties.MAX_ADDRESSES - 1; i++) {
            InetAddress other = InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
            penalties.turnAway(good); // does not make it younger
            penalties.failed(other);
            penalties.shownKey(other);
            penalties.failed(other);
        }
        assertThat(penalties.addresses()).isEqualTo(Penalties.MAX_ADDRESSES);
        assertThat(penalties.turnAway(good)).as("failed longest ago").isZero();
        assertThat(penalties.turnAway(bad)).isPositive();
    }

    /** @param steps seconds until the next connection, which fails if it is let in */
    @Property(tries = 300)
    void whoeverFailsNoMoreThanIsFreeIsNeverTurnedAway(
            @ForAll @IntRange(min = 1, max = 20) int perMinute,
            @ForAll @Size(max = 300) List<@IntRange(max = 20) Integer> steps) {
        Penalties penalties = penalties(perMinute);
        Deque<Long> failures = new ArrayDeque<>();
        for (int seconds : steps) {
            now += Duration.ofSeconds(seconds).toNanos();
            while (!failures.isEmpty() && now - failures.peekFirst() >= MINUTE) {
                failures.removeFirst();
            }
            if (failures.size() < perMinute) {
                failures.addLast(now);
                assertThat(penalties.turnAway(bad)).isZero();
                penalties.failed(bad);
            }
        }
    }

    @Property(tries = 300)
    void whoFailsAlwaysGetsNoMoreThanTwiceTheNumberInAnyMinute(
            @ForAll @IntRange(min = 1, max = 20) int perMinute,
            @ForAll @Size(min = 50, max = 300) List<@IntRange(max = 5) Integer> steps) {
        Penalties penalties = penalties(perMinute);
        Deque<Long> failures = new ArrayDeque<>();
        for (int seconds : steps) {
            now += Duration.ofSeconds(seconds).toNanos();
            if (penalties.turnAway(bad) == 0) {
                penalties.failed(bad);
                failures.addLast(now);
            }
            while (!failures.isEmpty() && now - failures.peekFirst() >= MINUTE) {
                failures.removeFirst();
            }
            assertThat(failures).hasSizeLessThanOrEqualTo(2 * perMinute + 1);
            assertThat(penalties.owedNanos(bad)).isBetween(0L, 2 * MINUTE);
            assertThat(penalties.turnAway(good)).isZero();
            assertThat(penalties.owedNanos(good)).isZero();
        }
    }
}
