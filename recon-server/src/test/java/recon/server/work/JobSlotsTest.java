package recon.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class JobSlotsTest {
    private static final int PATIENCE_SECONDS = 15;

    /** A worker that waits for a slot, once it does wait: nothing else can let it go on than what the test does next. */
    private static CompletableFuture<Boolean> waiting(JobSlots slots) throws InterruptedException {
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        Thread worker = new Thread(
                () -> {
                    try {
                        taken.complete(slots.take());
                    } catch (InterruptedException e) {
                        taken.completeExceptionally(e);
                    }
                },
                "waiting-worker");
        worker.setDaemon(true);
        worker.start();
        while (worker.getState() != Thread.State.WAITING) {
            assertThat(taken).isNotDone();
            Thread.onSpinWait();
        }
        return taken;
    }

    private static boolean end(CompletableFuture<Boolean> taken) throws Exception {
        return taken.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whoComesTooLateWaitsUntilASlotIsGivenBack() throws Exception {
        JobSlots slots = new JobSlots(1);
        assertThat(slots.areAllFree()).isTrue();
        assertThat(slots.take()).isTrue();
        CompletableFuture<Boolean> second = waiting(slots);
        assertThat(slots.areAllFree()).isFalse();
        slots.giveBack();
        assertThat(end(second)).isTrue();
        slots.giveBack();
        assertThat(slots.areAllFree()).isTrue();
    }

    @Test
    void aHigherLimitLetsThoseGoOnWhoWait() throws Exception {
        JobSlots slots = new JobSlots(1);
        slots.take();
        CompletableFuture<Boolean> second = waiting(slots);
        slots.limit(2);
        assertThat(end(second)).isTrue();
        assertThat(slots.limit()).isEqualTo(2);
    }

    @Test
    void aLowerLimitHoldsOnceEnoughSlotsAreGivenBack() throws Exception {
        JobSlots slots = new JobSlots(3);
        for (int i = 0; i < 3; i++) {
            slots.take();
        }
        slots.limit(1);
        CompletableFuture<Boolean> next = waiting(slots);
        slots.giveBack();
        slots.giveBack();
        assertThat(next).isNotDone(); // one is taken still, and there is one
        slots.giveBack();
        assertThat(end(next)).isTrue();
    }

    @Test
    void onceClosedThereAreNone() throws Exception {
        JobSlots slots = new JobSlots(1);
        slots.take();
        CompletableFuture<Boolean> second = waiting(slots);
        slots.close();
        assertThat(end(second)).isFalse();
        assertThat(slots.take()).isFalse();
        slots.giveBack();
        assertThat(slots.areAllFree()).isTrue();
        assertThat(slots.take()).isFalse();
    }

    @Property(tries = 30)
    void noMoreAreTakenThanThereAreWhoeverComes(
            @ForAll @IntRange(min = 1, max = 5) int limit, @ForAll @IntRange(min = 1, max = 8) int workers)
            throws Exception {
        JobSlots slots = new JobSlots(limit);
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger jobs = new AtomicInteger();
        CountDownLatch together = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            together.await();
                            for (int job = 0; job < 50 && slots.take(); job++) {
                                most.accumulateAndGet(taken.incrementAndGet(), Math::max);
                                taken.decrementAndGet();
                                jobs.incrementAndGet();
                                slots.giveBack();
                            }
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "worker-" + i);
            threads.add(thread);
            thread.start();
        }
        together.countDown();
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
        assertThat(jobs).hasValue(50 * workers);
        assertThat(most.get()).isBetween(1, limit);
        assertThat(slots.areAllFree()).isTrue();
    }
}
