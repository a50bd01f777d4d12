package recon.common.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final List<String> closed = new ArrayList<>();

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
        Admission admission = new Admission(2, 2);
        enter(admission, 1, "a");
        enter(admission, 2, "b");
        enter(admission, 3, "c");
        enter(admission, 4, "d");
        assertThat(closed).containsExactly("a", "b");
        assertThat(admission.taken()).isEqualTo(2);
    }

    @Test
    void theAddressWithMostStrangersMakesRoom() throws IOException {
        Admission admission = new Admission(4, 4);
        enter(admission, 1, "slow, but alone");
        enter(admission, 2, "a").known();
        enter(admission, 3, "b");
        enter(admission, 3, "c");
        enter(admission, 4, "d");
        enter(admission, 5, "e");
        assertThat(closed).containsExactly("b", "slow, but alone");
    }

    @Test
    void aStrangerThatWeKeepWaitingMakesRoomLast() throws IOException {
        Admission admission = new Admission(2, 2);
        admission.enter(address(1), occupant("busy", false));
        enter(admission, 1, "a");
        admission.enter(address(2), occupant("busy too", false));
        assertThat(closed).containsExactly("a");
        enter(admission, 2, "b");
        assertThat(closed).containsExactly("a", "busy");
    }

    @Test
    void whoHasShownAKeyIsNeverPushedOut() throws IOException {
        Admission admission = new Admission(2, 2);
        enter(admission, 1, "a").known();
        enter(admission, 1, "b");
        enter(admission, 2, "c").known();
        assertThat(closed).containsExactly("b");
        Optional<Admission.Place> place = admission.enter(address(3), occupant("d", true));
        assertThat(place).isEmpty();
        assertThat(closed).containsExactly("b");
        assertThat(admission.taken()).isEqualTo(2);
    }

    @Test
    void anAddressThatIsFullPushesOutOnlyItsOwn() throws IOException {
        Admission admission = new Admission(10, 2);
        enter(admission, 1, "other");
        enter(admission, 2, "a");
        enter(admission, 2, "b");
        enter(admission, 2, "c");
        assertThat(closed).containsExactly("a");
        assertThat(admission.taken()).isEqualTo(3);
    }

    @Test
    void anAddressFullOfKnownPeersGetsNoMore() throws IOException {
        Admission admission = new Admission(10, 1);
        enter(admission, 1, "stranger elsewhere");
        enter(admission, 2, "a").known();
        assertThat(admission.enter(address(2), occupant("b", true))).isEmpty();
        assertThat(closed).isEmpty();
    }

    @Test
    void aPlaceIsReleasedOnce() throws IOException {
        Admission admission = new Admission(2, 2);
        Admission.Place pushedOut = enter(admission, 1, "a");
        enter(admission, 1, "b");
        Admission.Place c = enter(admission, 1, "c");
        pushedOut.release(); // its thread notices late
        pushedOut.known();
        assertThat(admission.taken()).isEqualTo(2);
        c.release();
        c.release();
        assertThat(admission.taken()).isEqualTo(1);
        enter(admission, 1, "d");
        assertThat(closed).containsExactly("a");
    }

    @Test
    void aConnectionThatCannotBeClosedDoesNotHurtTheNewOne() throws IOException {
        Admission admission = new Admission(1, 1);
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
}
