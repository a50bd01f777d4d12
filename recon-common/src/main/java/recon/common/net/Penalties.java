package recon.common.net;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Slows down addresses whose connections fail to show a key: a leaky bucket for each. A failure costs its share of a
 * minute, time pays it back, and an address that owes more than a minute is turned away. So N failures in a minute are
 * free; who goes on failing gets N connections a minute and no more; who stops is let in after a minute at the latest.
 *
 * <p>IPv6 addresses count by their /64, since a machine may choose any in it. An address that has shown a key before
 * counts for itself alone, whatever its neighbours do.
 *
 * <p>An address that has shown a key within the last hour is not turned away at all. That lets a stranger fail who shares an
 * address with good clients; not to do it would let him lock them out, and keys are too long to be guessed at any rate.
 *
 * <p>Holds a bounded number of addresses, and forgets the one first that failed, or showed a key, longest ago.
 */
@ThreadSafe
final class Penalties {
    static final int MAX_ADDRESSES = 10_000;

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** How long a key that was shown speaks for its address. */
    private static final long TRUST_NANOS = TimeUnit.HOURS.toNanos(1);

    /** However many connections fail at once. */
    private static final long MAX_DEBT_NANOS = 2 * MINUTE_NANOS;

    private final long costNanos;
    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private final Map<AddressBlock, Debt> debts = new LinkedHashMap<>();

    @GuardedBy("this")
    private final Map<InetAddress, Long> knownSinceNanos = new LinkedHashMap<>();

    /**
     * @param paidAtNanos when nothing is owed any more
     * @param turnedAway connections since it owes anything
     */
    private record Debt(long paidAtNanos, long turnedAway) {}

    /**
     * @param perMinute how many connections of one address may fail in a minute; 0 for any number
     * @param nanoTime as {@link System#nanoTime}
     */
    Penalties(int perMinute, LongSupplier nanoTime) {
        this.costNanos = perMinute == 0 ? 0 : MINUTE_NANOS / perMinute;
        this.nanoTime = nanoTime;
    }

    /** A connection of this address has ended, and showed no key. */
    synchronized void failed(InetAddress address) {
        if (costNanos == 0) {
            return;
        }
        long now = nanoTime.getAsLong();
        AddressBlock source = source(address);
        Debt before = debts.remove(source);
        Debt after = before == null || before.paidAtNanos() - now <= 0
                ? new Debt(now + costNanos, 0)
                : new Debt(now + Math.min(before.paidAtNanos() - now + costNanos, MAX_DEBT_NANOS), before.turnedAway());
        putLast(debts, source, after);
    }

    /** A connection of this address has shown a key. */
    synchronized void shownKey(InetAddress address) {
        if (costNanos == 0) {
            return;
        }
        debts.remove(source(address));
        knownSinceNanos.remove(address);
        putLast(knownSinceNanos, address, nanoTime.getAsLong());
    }

    /**
     * Whether to turn away a connection of this address.
     *
     * @return 0 to let it in, else how many were turned away by now since the address owes anything
     */
    synchronized long turnAway(InetAddress address) {
        Long shown = knownSinceNanos.get(address);
        if (shown != null && nanoTime.getAsLong() - shown <= TRUST_NANOS) {
            return 0;
        }
        AddressBlock source = source(address);
        Debt debt = debts.get(source);
        if (debt == null || debt.paidAtNanos() - nanoTime.getAsLong() <= MINUTE_NANOS) {
            return 0;
        }
        Debt more = new Debt(debt.paidAtNanos(), debt.turnedAway() + 1);
        debts.replace(source, more); // and keeps its place: only failures count
        return more.turnedAway();
    }

    /** Nanoseconds of a minute's share that the address owes; for tests. */
    synchronized long owedNanos(InetAddress address) {
        Debt debt = debts.get(source(address));
        return debt == null ? 0 : Math.max(0, debt.paidAtNanos() - nanoTime.getAsLong());
    }

    synchronized int addresses() {
        return Math.max(debts.size(), knownSinceNanos.size());
    }

    @GuardedBy("this")
    private AddressBlock source(InetAddress address) {
        return knownSinceNanos.containsKey(address) ? AddressBlock.single(address) : AddressBlock.network(address);
    }

    private static <K, V> void putLast(Map<K, V> map, K key, V value) {
        if (map.size() >= MAX_ADDRESSES) {
            Iterator<K> oldest = map.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        map.put(key, value);
    }
}
