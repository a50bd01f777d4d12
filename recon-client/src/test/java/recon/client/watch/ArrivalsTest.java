package recon.client.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import recon.client.submit.FileMark;

class ArrivalsTest {
    private static final WatchPattern PATTERN = WatchPattern.parse("*.7,*.dat");

    private final Map<String, Integer> files = new LinkedHashMap<>();
    private final Set<String> written = new HashSet<>();
    private final Arrivals arrivals = new Arrivals(Duration.ofSeconds(5), Duration.ofSeconds(3));

    private static long nanos(double seconds) {
        return Long.MAX_VALUE - 10 + (long) (seconds * 1e9); // the clock of the system may overflow
    }

    private List<String> look(double second) {
        List<Sighting> seen = files.entrySet().stream()
                .map(file -> new Sighting(
                        file.getKey(),
                        new FileMark(file.getValue(), 1, ""),
                        PATTERN.rank(file.getKey()).orElseThrow()))
                .toList();
        return arrivals.look(seen, nanos(second), written::contains).stream()
                .map(Group::toString)
                .toList();
    }

    @Test
    void aFileIsTakenOnceItHasNotChangedForTheStabilityDelayAndTheGroupingTimeoutIsOver() {
        files.put("P1.7", 1);
        assertThat(look(0)).isEmpty();
        files.put("P1.7", 2);
        assertThat(look(4)).isEmpty();
        assertThat(look(8.9)).isEmpty();
        assertThat(arrivals.nanosToNext(nanos(8.9))).hasValue(nanos(9) - nanos(8.9));
        assertThat(look(9)).isEmpty();
        assertThat(arrivals.nanosToNext(nanos(9))).hasValue(nanos(12) - nanos(9));
        assertThat(look(11.9)).isEmpty();
        assertThat(look(12)).containsExactly("P1.7");
        assertThat(arrivals.isIdle()).isTrue();
        assertThat(look(100)).isEmpty();
    }

    @Test
    void aFileThatIsOpenForWritingIsNotComplete() {
        files.put("P1.7", 1);
        written.add("P1.7");
        look(0);
        assertThat(look(60)).isEmpty();
        written.clear();
        assertThat(look(61)).isEmpty();
        assertThat(look(64)).containsExactly("P1.7");
    }

    @Test
    void filesOfOneStemThatBecomeCompleteWithinTheGroupingTimeoutAreOneJobWhosePrimaryFileMatchesTheFirstPattern() {
        files.put("P1.dat", 1);
        look(0);
        files.put("P1.7", 1);
        files.put("P1.2.7", 1);
        look(2);
        look(5);
        look(7);
        assertThat(look(8)).containsExactly("P1.7, P1.dat");
        assertThat(look(10)).containsExactly("P1.2.7");
    }

    @Test
    void aFileThatBecomesCompleteLaterIsAJobOfItsOwn() {
        files.put("P1.7", 1);
        look(0);
        look(5);
        files.put("P1.dat", 1);
        look(6);
        assertThat(look(8)).containsExactly("P1.7");
        look(11);
        assertThat(look(14)).containsExactly("P1.dat");
    }

    @Test
    void aFileThatChangesAfterItWasCompleteButBeforeItWasTakenStartsAnew() {
        files.put("P1.7", 1);
        look(0);
        look(5);
        files.put("P1.7", 2);
        assertThat(look(8)).isEmpty();
        look(13);
        assertThat(look(16)).containsExactly("P1.7");
    }

    @Test
    void optionsThatStillChangeAreWaitedForAndMakeNoJobOfTheirOwn() {
        files.put("P1.7", 1);
        look(0);
        files.put("P1.json", 1);
        look(5);
        assertThat(look(8)).isEmpty();
        assertThat(look(10)).containsExactly("P1.7");
        assertThat(look(100)).isEmpty();
        assertThat(arrivals.isIdle()).isTrue();
    }

    @Test
    void aTakenFileIsTakenAgainOnlyIfItChangesOrIsReleased() {
        files.put("P1.7", 1);
        look(0);
        look(5);
        assertThat(look(8)).hasSize(1);
        files.put("P1.7", 2);
        look(9);
        look(14);
        assertThat(look(17)).hasSize(1);
        arrivals.release(List.of("P1.7"));
        look(18);
        look(23);
        assertThat(look(26)).hasSize(1);
    }

    @Test
    void aFileThatVanishesIsForgotten() {
        files.put("P1.7", 1);
        look(0);
        files.clear();
        assertThat(look(5)).isEmpty();
        assertThat(arrivals.isIdle()).isTrue();
        assertThat(arrivals.nanosToNext(nanos(5))).isEmpty();
    }
}
