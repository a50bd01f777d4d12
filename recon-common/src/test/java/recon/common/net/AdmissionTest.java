package recon.common.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final List<String> closed = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(-1);

    private static InetAddress address(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    private Admission.Occupant occupant(String name, boolean waitedFor) {
        return new Admission.Occupant() {
            @Override
            public boolean isWaitedFor() {
                return waitedFor;
            }

            @Override
            public void makeRoom() {
                closed.add(name);
            }
        };
    }

    private Admission.Place enter(Admission admission, int address, String name) throws IOException {
        return admission.enter(address(address), occupant(name, true)).orElseThrow();
    }

    @Test
    void theStrangerThatWaitedLongestMakesRoom() throws IOException {
        Admission admission = new Admission(2, 2, nanos::get);
        enter(admission, 1, "a");
        enter(admission, 2, "b");
        enter(admission, 3, "c");
        enter(admission, 4, "d");
        assertThat(closed).containsExactly("a", "b");
        assertThat(admission.taken()).isEqualTo(2);
    }

    @Test
    void theAddressWithMostStrangersMakesRoom() throws IOException {
        Admission admission = new Admission(4, 4, nanos::get);
        enter(admission, 1, "slow, but alone");
        enter(admission, 2, "a").known(false);
        enter(admission, 3, "b");
        enter(admission, 3, "c");
        enter(admission, 4, "d");
        enter(admission, 5, "e");
        assertThat(closed).containsExactly("b", "slow, but alone");
    }

    @Test
    void aStrangerThatWeKeepWaitingMakesRoomLast() throws IOException {
        Admission admission = new Admission(2, 2, nanos::get);
        admission.enter(address(1), occupant("busy", false));
        enter(admission, 1, "a");
        admission.enter(address(2), occupant("busy too", false));
        assertThat(closed).containsExactly("a");
        enter(admission, 2, "b");
        assertThat(closed).containsExactly("a", "busy");
    }

    @Test
    void theAddressOfARelayMayHaveAllPlacesForAnHour() throws IOException {
        Admission admission = new Admission(4, 2, nanos::get);
        Admission.Place first = enter(admission, 1, "a");
        first.known(true);
        first.release();
        List<Admission.Place> places = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            places.add(enter(admission, 1, "relayed " + i));
            places.get(i).known(false);
        }
        assertThat(admission.enter(address(1), occupant("one too many", true))).isEmpty();
        places.forEach(Admission.Place::release);
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        for (int i = 0; i < 3; i++) {
            enter(admission, 1, "within the hour");
        }
        assertThat(closed).isEmpty();
        nanos.incrementAndGet();
        enter(admission, 1, "after it");
        assertThat(closed).containsExactly("within the hour", "within the hour");
        enter(admission, 2, "of another address").known(true);
        assertThat(admission.taken()).isEqualTo(3);
    }

    @Test
    void whoHasShownAKeyIsNeverPushedOut() throws IOException {
        Admission admission = new Admission(2, 2, nanos::get);
        enter(admission, 1, "a").known(false);
        enter(admission, 1, "b");
        enter(admission, 2, "c").known(false);
        assertThat(closed).containsExactly("b");
        Optional<Admission.Place> place = admission.enter(address(3), occupant("d", true));
        assertThat(place).isEmpty();
        assertThat(closed).containsExactly("b");
        assertThat(admission.taken()).isEqualTo(2);
    }

    @Test
    void anAddressThatIsFullPushesOutOnlyItsOwn() throws IOException {
        Admission admission = new Admission(10, 2, nanos::get);
        enter(admission, 1, "other");
        enter(admission, 2, "a");
        enter(admission, 2, "b");
        enter(admission, 2, "c");
        assertThat(closed).containsExactly("a");
        assertThat(admission.taken()).isEqualTo(3);
    }

    @Test
    void anAddressFullOfKnownPeersGetsNoMore() throws IOException {
        Admission admission = new Admission(10, 1, nanos::get);
        enter(admission, 1, "stranger elsewhere");
        enter(admission, 2, "a").known(false);
        assertThat(admission.enter(address(2), occupant("b", true))).isEmpty();
        assertThat(closed).isEmpty();
    }

    @Test
    void aPlaceIsReleasedOnce() throws IOException {
        Admission admission = new Admission(2, 2, nanos::get);
        Admission.Place pushedOut = enter(admission, 1, "a");
        enter(admission, 1, "b");
        Admission.Place c = enter(admission, 1, "c");
        pushedOut.release(); // its thread notices late
        pushedOut.known(false);
        assertThat(admission.taken()).isEqualTo(2);
        c.release();
        c.release();
        assertThat(admission.taken()).isEqualTo(1);
        enter(admission, 1, "d");
        assertThat(closed).containsExactly("a");
    }

    @Test
    void aConnectionThatCannotBeClosedDoesNotHurtTheNewOne() throws IOException {
        Admission admission = new Admission(1, 1, nanos::get);
        admission.enter(address(1), new Admission.Occupant() {
            @Override
            public boolean isWaitedFor() {
                return true;
            }

            @Override
            public void makeRoom() throws IOException {
                throw new IOException("cannot be closed");
            }
        });
        Admission.Place place = enter(admission, 1, "b");
        place.release();
        assertThat(admission.taken()).isZero();
    }

    @Test
    void aHigherLimitLetsMoreInAtOnce() throws IOException {
        Admission admission = new Admission(1, 1, nanos::get);
        enter(admission, 1, "a").known(false);
        assertThat(admission.enter(address(1), occupant("b", true))).isEmpty();
        admission.limit(3, 2);
        enter(admission, 1, "b").known(false);
        assertThat(admission.enter(address(1), occupant("c", true))).isEmpty();
        enter(admission, 2, "c");
        assertThat(closed).isEmpty();
    }

    @Test
    void aLowerLimitPushesStrangersOutOnceTheirPlaceIsNeeded() throws IOException {
        Admission admission = new Admission(10, 10, nanos::get);
        for (String name : List.of("a", "b", "c", "d")) {
            enter(admission, 1, name);
        }
        admission.limit(2, 10);
        assertThat(admission.taken()).isEqualTo(4);
        assertThat(closed).isEmpty();
        enter(admission, 2, "e");
        assertThat(closed).containsExactly("a", "b", "c");
        assertThat(admission.taken()).isEqualTo(2);
    }

    @Test
    void aLowerLimitLeavesKnownPeersWhereTheyAre() throws IOException {
        Admission admission = new Admission(10, 10, nanos::get);
        Admission.Place first = enter(admission, 1, "a");
        first.known(false);
        enter(admission, 1, "b").known(false);
        admission.limit(1, 1);
        assertThat(admission.enter(address(2), occupant("c", true))).isEmpty();
        first.release();
        assertThat(admission.enter(address(2), occupant("c", true))).isEmpty();
        assertThat(closed).isEmpty();
        assertThat(admission.taken()).isEqualTo(1);
    }

    /** One who has a place, for all that the test knows. */
    private static final class Guest implements Admission.Occupant {
        final int address;
        Admission.Place place;
        boolean known;
        boolean pushedOut;

        Guest(int address) {
            this.address = address;
        }

        @Override
        public boolean isWaitedFor() {
            return true;
        }

        @Override
        public void makeRoom() {
            pushedOut = true;
        }
    }

    private static void comes(Admission admission, Guest guest, List<Guest> guests, int max, int maxPerAddress)
            throws IOException {
        Optional<Admission.Place> place = admission.enter(address(guest.address), guest);
        assertThat(guests.stream().filter(other -> other.pushedOut)).noneMatch(other -> other.known);
        guests.removeIf(other -> other.pushedOut);
        List<Guest> ofAddress =
                guests.stream().filter(other -> other.address == guest.address).toList();
        assertThat(place.isPresent()).isEqualTo(guests.size() < max && ofAddress.size() < maxPerAddress);
        if (place.isPresent()) {
            guest.place = place.get();
            guests.add(guest);
        } else {
            assertThat(ofAddress.size() < maxPerAddress ? guests : ofAddress)
                    .as("nobody is turned away for a stranger")
                    .allMatch(other -> other.known);
        }
    }

    /** Each number is something that happens: what it is, and to whom. */
    @Property(tries = 300)
    void placesAreNeverLostNorGivenTwice(@ForAll @Size(max = 150) List<@IntRange(max = 9_999) Integer> happenings)
            throws IOException {
        int max = 4;
        int maxPerAddress = 3;
        Admission admission = new Admission(max, maxPerAddress, nanos::get);
        List<Guest> guests = new ArrayList<>();
        for (int happening : happenings) {
            int who = happening / 10;
            Optional<Guest> one = guests.isEmpty() ? Optional.empty() : Optional.of(guests.get(who % guests.size()));
            switch (happening % 10) {
                case 0 -> {
                    max = 1 + who % 6;
                    maxPerAddress = 1 + who / 6 % 4;
                    admission.limit(max, maxPerAddress);
                }
                case 1, 2 ->
                    one.ifPresent(guest -> {
                        guest.place.known(false);
                        guest.known = true;
                    });
                case 3, 4 ->
                    one.ifPresent(guest -> {
                        guest.place.release();
                        guests.remove(guest);
                    });
                default -> comes(admission, new Guest(who % 3), guests, max, maxPerAddress);
            }
            assertThat(admission.taken()).isEqualTo(guests.size());
        }
    }
}
