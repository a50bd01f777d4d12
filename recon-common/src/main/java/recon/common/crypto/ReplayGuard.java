package recon.common.crypto;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;

/**
 * Lets each token through once, and only near the time it was sealed. Remembers 64 bits of each signature for as long
 * as its token could come again, by slices of sealing time, so that forgetting is dropping a slice.
 *
 * <p>Only tokens that a key holder made are remembered: an outsider cannot make it grow.
 */
@ThreadSafe
public final class ReplayGuard {
    private static final int SLICES = 4;

    private final Duration maxAge;
    private final long sliceSeconds;
    private final Clock clock;

    @GuardedBy("this")
    private final TreeMap<Long, LongSet> seen = new TreeMap<>();

    /** @param maxAge how far a token's time may be from ours, either way; zero lets everything through */
    public ReplayGuard(Duration maxAge, Clock clock) {
        this.maxAge = maxAge;
        this.sliceSeconds = Math.max(1, maxAge.toSeconds() / SLICES);
        this.clock = clock;
    }

    /** @throws StaleTokenException if the token is too old, from the future, or was seen before */
    public void admit(OpenedToken token) throws StaleTokenException {
        if (maxAge.isZero()) {
            return;
        }
        Instant now = clock.instant();
        Duration age = Duration.between(token.sealedAt(), now);
        if (age.abs().compareTo(maxAge) > 0) {
            throw new StaleTokenException("message was " + sealed(age) + " (limit " + maxAge.toSeconds()
                    + " s, MESSAGE_MAX_AGE_SECONDS): the clocks differ, or an old message was sent again");
        }
        if (!remember(token.sealedAt(), token.fingerprint(), now)) {
            throw new StaleTokenException(
                    "message was received before (it was " + sealed(age) + "): a recording was replayed");
        }
    }

    private static String sealed(Duration age) {
        return "sealed " + age.abs().toSeconds() + " s " + (age.isNegative() ? "ahead of" : "behind") + " our clock";
    }

    /** Remembers a token that we sealed, so that a peer cannot send it back to us. */
    public void sealed(long fingerprint) {
        if (!maxAge.isZero()) {
            Instant now = clock.instant();
            remember(now, fingerprint, now);
        }
    }

    private synchronized boolean remember(Instant sealedAt, long fingerprint, Instant now) {
        // A token is refused by its age alone once its whole slice is older than the limit.
        seen.headMap(slice(now.minus(maxAge)) - 1, true).clear();
        // Our own tokens may carry the second before this one: look in both neighbours of a boundary.
        for (long near = slice(sealedAt.minusSeconds(2)); near <= slice(sealedAt.plusSeconds(2)); near++) {
            LongSet set = seen.get(near);
            if (set != null && set.contains(fingerprint)) {
                return false;
            }
        }
        return seen.computeIfAbsent(slice(sealedAt), key -> new LongSet()).add(fingerprint);
    }

    private long slice(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), sliceSeconds);
    }

    synchronized int size() {
        return seen.values().stream().mapToInt(LongSet::size).sum();
    }
}
