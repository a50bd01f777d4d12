package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.common.job.JobId;
import recon.common.job.Priority;

@Timeout(20)
class JobQueueTest {
    private final JobQueue queue = new JobQueue(3);

    private static QueuePlace place(Priority priority, long number) {
        return new QueuePlace(JobId.random(), priority, number);
    }

    @Test
    void jobsComeOutByPriorityAndThenByNumber() {
        QueuePlace low = place(Priority.LOW, 1);
        QueuePlace second = place(Priority.NORMAL, 3);
        QueuePlace first = place(Priority.NORMAL, 2);
        QueuePlace urgent = place(Priority.URGENT, 4);
        List.of(low, second, first, urgent).forEach(queue::add);
        List<QueuePlace> order = new ArrayList<>();
        for (Optional<QueuePlace> next = queue.poll(); next.isPresent(); next = queue.poll()) {
            order.add(next.get());
        }
        assertThat(order).containsExactly(urgent, first, second, low);
    }

    @Test
    void aJobThatWasInterruptedComesBackToItsOldPlace() {
        QueuePlace first = place(Priority.NORMAL, 1);
        queue.add(first);
        queue.add(place(Priority.NORMAL, 2));
        assertThat(queue.poll()).contains(first);
        queue.add(first);
        assertThat(queue.poll()).contains(first);
    }

    @Test
    void roomIsReservedWhileFilesComeIn() {
        queue.add(place(Priority.NORMAL, 1));
        JobQueue.Room second = queue.reserve().orElseThrow();
        JobQueue.Room third = queue.reserve().orElseThrow();
        assertThat(queue.reserve()).isEmpty();
        queue.add(place(Priority.NORMAL, 2));
        second.close();
        second.close(); // frees its room once
        assertThat(queue.reserve()).isEmpty();
        third.close(); // its upload failed
        assertThat(queue.reserve()).isPresent();
    }

    @Test
    void aRestartMayBringMoreJobsThanThereIsRoomFor() {
        for (int i = 0; i < 5; i++) {
            queue.add(place(Priority.NORMAL, i));
        }
        assertThat(queue.reserve()).isEmpty();
        for (int i = 0; i < 3; i++) {
            assertThat(queue.poll()).isPresent();
        }
        assertThat(queue.reserve()).isPresent();
    }

    @Test
    void aJobThatWasCancelledIsTakenOut() {
        QueuePlace cancelled = place(Priority.NORMAL, 1);
        QueuePlace other = place(Priority.NORMAL, 2);
        queue.add(cancelled);
        queue.add(other);
        queue.remove(cancelled.job());
        queue.remove(JobId.random());
        assertThat(queue.poll()).contains(other);
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void aWorkerWaitsForAJob() throws Exception {
        CompletableFuture<Boolean> woken = awaitInThread();
        queue.add(place(Priority.NORMAL, 1));
        assertThat(woken.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClosedQueueGivesNothingOutAndTakesNoSubmissions() throws Exception {
        CompletableFuture<Boolean> woken = awaitInThread();
        assertThat(queue.isClosed()).isFalse();
        queue.close();
        assertThat(woken.get(10, TimeUnit.SECONDS)).isFalse();
        queue.add(place(Priority.NORMAL, 1));
        assertThat(queue.isClosed()).isTrue();
        assertThat(queue.poll()).isEmpty();
        assertThat(queue.awaitJob()).isFalse();
        assertThat(queue.reserve()).isEmpty();
    }

    private CompletableFuture<Boolean> awaitInThread() {
        CompletableFuture<Boolean> woken = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        woken.complete(queue.awaitJob());
                    } catch (InterruptedException e) {
                        woken.completeExceptionally(e);
                    }
                },
                "worker");
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return woken;
    }
}
