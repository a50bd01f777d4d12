package recon.common.net;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections there may be, in all and from one address. When there is no place left, the connection that has
 * waited longest without showing a key makes room, so that a flood of silent connections cannot keep out a peer that
 * speaks at once. Peers that have shown a key are never pushed out.
 */
@ThreadSafe
final class Admission {
    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    private final int max;
    private final int maxPerAddress;

    @GuardedBy("this")
    private final Map<InetAddress, Integer> places = new HashMap<>();

    /** In order of arrival. */
    @GuardedBy("this")
    private final Map<Place, Closer> strangers = new LinkedHashMap<>();

    @GuardedBy("this")
    private int taken;

    /** Closes the connection that holds a place. */
    interface Closer {
        void close() throws IOException;
    }

    Admission(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /** One place, held by a stranger until {@link #known}. */
    final class Place {
        private final InetAddress address;
        private boolean held = true;

        private Place(InetAddress address) {
            this.address = address;
        }

        void known() {
            synchronized (Admission.this) {
                strangers.remove(this);
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
     * @param closer closes the new connection, should it have to make room later
     * @return empty if all places are held by peers that have shown a key
     */
    Optional<Place> enter(InetAddress address, Closer closer) {
        Closer pushedOut = null;
        Place place = null;
        synchronized (this) {
            boolean addressIsFull = places.getOrDefault(address, 0) >= maxPerAddress;
            if (addressIsFull || taken >= max) {
                Place oldest = oldestStranger(addressIsFull ? address : null);
                if (oldest != null) {
                    pushedOut = strangers.get(oldest);
                    free(oldest);
                }
            }
            if (taken < max && places.getOrDefault(address, 0) < maxPerAddress) {
                place = new Place(address);
                strangers.put(place, closer);
                places.merge(address, 1, Integer::sum);
                taken++;
            }
        }
        if (pushedOut != null) {
            try {
                pushedOut.close();
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
    private Place oldestStranger(InetAddress fromOrNull) {
        for (Place stranger : strangers.keySet()) {
            if (fromOrNull == null || stranger.address.equals(fromOrNull)) {
                return stranger;
            }
        }
        return null;
    }

    @GuardedBy("this")
    private void free(Place place) {
        if (place.held) {
            place.held = false;
            strangers.remove(place);
            places.computeIfPresent(place.address, (address, n) -> n == 1 ? null : n - 1);
            taken--;
        }
    }
}
