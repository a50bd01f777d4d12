package recon.common.net;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections there may be, in all and from one address. When there is no place left, one that has shown no key
 * makes room, so that a flood of silent connections cannot keep out a peer that speaks: of the address that has most of
 * them, the one that came first. One that we keep waiting, because we are still busy with what it sent, makes room only
 * if there is no other. Peers that have shown a key are never pushed out.
 *
 * <p>All clients of a relay come from one address, its own: an address that has shown a relay's key within the last hour may
 * have as many as all together.
 */
@ThreadSafe
final class Admission {
    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    /** How long a relay's key speaks for its address. */
    private static final long RELAY_NANOS = TimeUnit.HOURS.toNanos(1);

    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private int max;

    @GuardedBy("this")
    private int maxPerAddress;

    @GuardedBy("this")
    private final Map<InetAddress, Integer> places = new HashMap<>();

    /** In order of arrival. */
    @GuardedBy("this")
    private final Map<Place, Occupant> strangers = new LinkedHashMap<>();

    @GuardedBy("this")
    private final Map<AddressBlock, Integer> strangersOf = new HashMap<>();

    @GuardedBy("this")
    private final Map<InetAddress, Long> relaySinceNanos = new HashMap<>();

    @GuardedBy("this")
    private int taken;

    /** The connection that holds a place. */
    interface Occupant {
        /** Whether it is the peer's turn to send. Does not block. */
        boolean isWaitedFor();

        /** Closes it. */
        void makeRoom() throws IOException;
    }

    /** @param nanoTime as {@link System#nanoTime} */
    Admission(int max, int maxPerAddress, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /** From now on; connections that are there stay, strangers until somebody needs their place. */
    synchronized void limit(int newMax, int newMaxPerAddress) {
        max = newMax;
        maxPerAddress = newMaxPerAddress;
    }

    /** One place, held by a stranger until {@link #known}. */
    final class Place {
        private final InetAddress address;
        private final AddressBlock network;
        private boolean held = true;

        private Place(InetAddress address) {
            this.address = address;
            this.network = AddressBlock.network(address);
        }

        /** @param relay whether the key is a relay's */
        void known(boolean relay) {
            synchronized (Admission.this) {
                noLongerStranger(this);
                if (relay) {
                    relayIsAt(address);
                }
            }
        }

        void release() {
            synchronized (Admission.this) {
                free(this);
            }
        }
    }

    /**
     * Takes a place.
     *
     * @param occupant the new connection, should it have to make room later
     * @return empty if all places are held by peers that have shown a key
     */
    Optional<Place> enter(InetAddress address, Occupant occupant) {
        List<Occupant> pushedOut = new ArrayList<>();
        Place place = null;
        synchronized (this) {
            Place leaving = strangerToMakeRoom(address);
            while (leaving != null) { // several, if there are more than a new limit allows
                pushedOut.add(strangers.get(leaving));
                free(leaving);
                leaving = strangerToMakeRoom(address);
            }
            if (taken < max && !isFull(address)) {
                place = new Place(address);
                strangers.put(place, occupant);
                strangersOf.merge(place.network, 1, Integer::sum);
                places.merge(address, 1, Integer::sum);
                taken++;
            }
        }
        for (Occupant occupantOut : pushedOut) {
            try {
                occupantOut.makeRoom();
            } catch (IOException e) {
                log.debug("closing a connection that made room failed: {}", e.toString()); // no fault of the new one
            }
        }
        return Optional.ofNullable(place);
    }

    synchronized int taken() {
        return taken;
    }

    @GuardedBy("this")
    private boolean isFull(InetAddress address) {
        return places.getOrDefault(address, 0) >= (isOfRelay(address) ? max : maxPerAddress);
    }

    @GuardedBy("this")
    private boolean isOfRelay(InetAddress address) {
        Long shown = relaySinceNanos.get(address);
        return shown != null && nanoTime.getAsLong() - shown <= RELAY_NANOS;
    }

    @GuardedBy("this")
    private void relayIsAt(InetAddress address) {
        long now = nanoTime.getAsLong();
        relaySinceNanos.values().removeIf(shown -> now - shown > RELAY_NANOS);
        relaySinceNanos.put(address, now);
    }

    /** Null if there is room for the address, or if nobody can be pushed out for it. */
    @GuardedBy("this")
    private Place strangerToMakeRoom(InetAddress address) {
        boolean addressIsFull = isFull(address);
        if (!addressIsFull && taken < max) {
            return null;
        }
        Place chosen = null;
        int highest = -1;
        for (Map.Entry<Place, Occupant> stranger : strangers.entrySet()) {
            Place place = stranger.getKey();
            if (!addressIsFull || place.address.equals(address)) {
                int rank = strangersOf.get(place.network) + (stranger.getValue().isWaitedFor() ? max : 0);
                if (rank > highest) {
                    highest = rank;
                    chosen = place;
                }
            }
        }
        return chosen;
    }

    @GuardedBy("this")
    private void noLongerStranger(Place place) {
        if (strangers.remove(place) != null) {
            strangersOf.computeIfPresent(place.network, (network, n) -> n == 1 ? null : n - 1);
        }
    }

    @GuardedBy("this")
    private void free(Place place) {
        if (place.held) {
            place.held = false;
            noLongerStranger(place);
            places.computeIfPresent(place.address, (address, n) -> n == 1 ? null : n - 1);
            taken--;
        }
    }
}
