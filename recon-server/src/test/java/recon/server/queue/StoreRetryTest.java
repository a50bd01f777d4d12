package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.server.testing.RecordedLog;

@Timeout(20)
class StoreRetryTest {
    private static String failingUntil(AtomicInteger attempts, int good) throws StoreException {
        int attempt = attempts.incrementAndGet();
        if (attempt < good) {
            throw new StoreException("disk full, attempt " + attempt, null);
        }
        return "done";
    }

    @Test
    void aChangeThatIsTakenAtOnceIsMadeOnce() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        assertThat(new StoreRetry(Duration.ofHours(1)).until("x", () -> failingUntil(attempts, 1)))
                .isEqualTo("done");
        assertThat(attempts).hasValue(1);
    }

    @Test
    void aChangeIsRepeatedWithLongerPausesUntilTheStoreTakesIt() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (RecordedLog log = new RecordedLog()) {
            assertThat(new StoreRetry(Duration.ofMillis(1)).until("note it", () -> failingUntil(attempts, 4)))
                    .isEqualTo("done");
            assertThat(log.text())
                    .contains(
                            "cannot note it, trying again in 1 ms: disk full, attempt 1",
                            "cannot note it, trying again in 2 ms: disk full, attempt 2",
                            "cannot note it, trying again in 4 ms: disk full, attempt 3");
        }
    }

    @Test
    void whatIsRepeatedIsToldToOperatorsUntilItIsDone() throws Exception {
        StoreRetry retry = new StoreRetry(Duration.ofMillis(1));
        AtomicInteger attempts = new AtomicInteger();
        List<Optional<String>> seen = new ArrayList<>();
        retry.until("note it", () -> {
            seen.add(retry.trouble());
            return failingUntil(attempts, 2);
        });
        assertThat(seen)
                .containsExactly(Optional.empty(), Optional.of("the server cannot note it: disk full, attempt 1"));
        assertThat(retry.trouble()).isEmpty();
    }

    @Test
    void aServerThatStopsWaitsNoLonger() throws Exception {
        StoreRetry retry = new StoreRetry(Duration.ofHours(1));
        CountDownLatch tried = new CountDownLatch(1);
        CompletableFuture<String> result = CompletableFuture.supplyAsync(() -> {
            try {
                return retry.until("note it", () -> {
                    tried.countDown();
                    throw new StoreException("disk full", null);
                });
            } catch (StoreException e) {
                return "gave up: " + e.getMessage();
            }
        });
        assertThat(tried.await(10, TimeUnit.SECONDS)).isTrue();
        retry.close();
        assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("gave up: disk full");
    }

    @Test
    void anInterruptEndsTheWaitAndIsNotForgotten() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new StoreRetry(Duration.ofHours(1)).until("note it", () -> {
                    throw new StoreException("disk full", null);
                }))
                .isInstanceOf(StoreException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatIsNoFailureOfTheStoreIsNotRepeated() {
        assertThatThrownBy(() -> new StoreRetry(Duration.ofHours(1)).until("note it", () -> {
                    throw new IllegalStateException("a bug");
                }))
                .isInstanceOf(IllegalStateException.class);
    }
}
