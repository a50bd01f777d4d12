package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import recon.common.job.FileName;
import recon.common.job.InputFile;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.ReconOptions;

@Timeout(20)
class JobQueueTest {
    private static QueuedJob job() {
        Path nowhere = Path.of("nowhere");
        return new QueuedJob(
                JobId.random(),
                new JobRequest(List.of(new InputFile(new FileName("a.7"), "/a.7")), ReconOptions.NONE),
                Instant.EPOCH,
                new JobDirectories(nowhere, nowhere, true, nowhere),
                null,
                null,
                false);
    }

    @Test
    void givesJobsOutInTheOrderTheyCame() throws Exception {
        JobQueue queue = new JobQueue(3);
        QueuedJob first = job();
        QueuedJob second = job();
        assertThat(queue.offer(first)).isTrue();
        assertThat(queue.offer(second)).isTrue();
        assertThat(queue.take()).contains(first);
        assertThat(queue.take()).contains(second);
    }

    @Test
    void refusesWhatIsBeyondItsCapacityUntilAJobIsTaken() throws Exception {
        JobQueue queue = new JobQueue(1);
        assertThat(queue.isFull()).isFalse();
        assertThat(queue.offer(job())).isTrue();
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.offer(job())).isFalse();
        assertThat(queue.take()).isPresent();
        assertThat(queue.offer(job())).isTrue();
    }

    @Test
    void aWorkerWaitsUntilThereIsAJob() throws Exception {
        JobQueue queue = new JobQueue(1);
        CompletableFuture<Optional<QueuedJob>> taken = taking(queue);
        QueuedJob job = job();
        queue.offer(job);
        assertThat(taken.get(10, TimeUnit.SECONDS)).contains(job);
    }

    @Test
    void closingGivesTheWaitingJobsBackAndEndsTheWorkers() throws Exception {
        JobQueue queue = new JobQueue(5);
        CompletableFuture<Optional<QueuedJob>> first = taking(queue);
        queue.offer(job());
        assertThat(first.get(10, TimeUnit.SECONDS)).isPresent();

        QueuedJob left = job();
        queue.offer(left);
        assertThat(queue.close()).containsExactly(left);
        assertThat(queue.take()).isEmpty();
        assertThat(queue.offer(job())).isFalse();
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.close()).isEmpty();
    }

    @Test
    void closingWakesAWorkerThatWaits() throws Exception {
        JobQueue queue = new JobQueue(5);
        CompletableFuture<Optional<QueuedJob>> taken = taking(queue);
        queue.close();
        assertThat(taken.get(10, TimeUnit.SECONDS)).isEmpty();
    }

    private static CompletableFuture<Optional<QueuedJob>> taking(JobQueue queue) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
