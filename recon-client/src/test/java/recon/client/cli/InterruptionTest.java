package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InterruptionTest {
    private final List<Integer> halted = new CopyOnWriteArrayList<>();
    private final List<String> stopped = new ArrayList<>();

    @Test
    void stopsTheWorkAtTheFirstSignalOnly() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        try (Interruption interruption = new Interruption(
                () -> {
                    stopped.add("stopped");
                    stopping.countDown();
                },
                halted::add,
                Duration.ofSeconds(20),
                3)) {
            assertThat(interruption.hasHappened()).isFalse();
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> interruption.received("INT"));
            assertThat(stopping.await(20, TimeUnit.SECONDS)).isTrue();
            interruption.received("INT");
            assertThat(interruption.hasHappened()).isTrue();
            assertThat(interruption.again()).isTrue();
            assertThat(interruption.exitCode()).isEqualTo(130);
            first.get(20, TimeUnit.SECONDS);
        }
        assertThat(stopped).containsExactly("stopped");
        assertThat(halted).isEmpty();
    }

    @Test
    void doesNotTakeSigtermForASecondCtrlC() throws Exception {
        try (Interruption interruption = new Interruption(() -> {}, halted::add, Duration.ofSeconds(20), 3)) {
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> interruption.received("TERM"));
            while (!interruption.hasHappened()) {
                Thread.onSpinWait();
            }
            assertThat(interruption.again()).isFalse(); // at once
            assertThat(interruption.exitCode()).isEqualTo(143);
            first.get(20, TimeUnit.SECONDS);
            interruption.received("INT");
            interruption.received("INT");
        }
        assertThat(halted).containsExactly(130);
    }

    @Test
    void endsTheProgramIfTheWorkDoesNotEnd() {
        try (Interruption interruption = new Interruption(() -> {}, halted::add, Duration.ofMillis(1), 3)) {
            interruption.received("INT");
            assertThat(interruption.again()).isFalse(); // nobody pressed it
        }
        assertThat(halted).containsExactly(130);
    }

    @Test
    void endsTheProgramAtTheSecondCtrlCWhereThatIsEnough() throws Exception {
        CountDownLatch stopping = new CountDownLatch(1);
        try (Interruption interruption =
                new Interruption(stopping::countDown, halted::add, Duration.ofSeconds(20), Interruption.SECOND)) {
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> interruption.received("TERM"));
            assertThat(stopping.await(20, TimeUnit.SECONDS)).isTrue();
            interruption.received("HUP"); // of the terminal that is closed after it
            assertThat(halted).isEmpty();
            interruption.received("INT");
            assertThat(halted).containsExactly(130);
            interruption.close();
            first.get(20, TimeUnit.SECONDS);
        }
        halted.clear();
        try (Interruption interruption =
                new Interruption(() -> {}, halted::add, Duration.ofMillis(1), Interruption.SECOND)) {
            interruption.received("INT");
            halted.clear(); // for its work did not end
            interruption.received("INT");
            assertThat(halted).containsExactly(130);
        }
    }
}
