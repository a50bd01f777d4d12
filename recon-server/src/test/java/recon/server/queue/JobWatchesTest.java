package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.common.job.JobId;

@Timeout(20)
class JobWatchesTest {
    private static final Duration LONG = Duration.ofSeconds(15);

    private final JobWatches watches = new JobWatches();
    private final JobId job = JobId.random();

    /** Another thread that waits already. */
    private static CompletableFuture<Boolean> waiting(JobWatches.Watch watch) {
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        seen.complete(watch.await(LONG));
                    } catch (InterruptedException e) {
                        seen.completeExceptionally(e);
                    }
                },
                "watcher");
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return seen;
    }

    @Test
    void everyWatchOfAJobIsWokenByItsChange() throws Exception {
        try (JobWatches.Watch one = watches.watch(job);
                JobWatches.Watch two = watches.watch(job)) {
            CompletableFuture<Boolean> first = waiting(one);
            CompletableFuture<Boolean> second = waiting(two);
            watches.changed(job);
            assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aChangeThatCameBeforeTheWaitIsSeenOnce() throws Exception {
        try (JobWatches.Watch watch = watches.watch(job)) {
            watches.changed(job);
            watches.changed(job);
            assertThat(watch.await(LONG)).isTrue();
            assertThat(watch.await(Duration.ofMillis(1))).isFalse();
        }
    }

    @Test
    void otherJobsAndEarlierChangesAreNoMatter() throws Exception {
        watches.changed(job);
        try (JobWatches.Watch watch = watches.watch(job)) {
            watches.changed(JobId.random());
            assertThat(watch.await(Duration.ofMillis(20))).isFalse();
        }
    }

    @Test
    void aWatchThatWasClosedIsForgottenAndTheOthersStay() throws Exception {
        JobWatches.Watch gone = watches.watch(job);
        try (JobWatches.Watch stays = watches.watch(job)) {
            gone.close();
            gone.close();
            watches.changed(job);
            assertThat(gone.await(Duration.ofMillis(1))).isFalse();
            assertThat(stays.await(LONG)).isTrue();
        }
    }

    @Test
    void nobodyWaitsAnyMoreAtTheEnd() throws Exception {
        try (JobWatches.Watch watch = watches.watch(job)) {
            CompletableFuture<Boolean> seen = waiting(watch);
            assertThat(watches.isClosed()).isFalse();
            watches.close();
            assertThat(seen.get(10, TimeUnit.SECONDS)).isFalse();
            assertThat(watches.isClosed()).isTrue();
            assertThat(watch.await(LONG)).isFalse();
        }
    }
}
