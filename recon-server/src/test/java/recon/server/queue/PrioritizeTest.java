package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static recon.server.queue.StoreSamples.files;
import static recon.server.queue.StoreSamples.newJob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.job.Priority;

/** Jobs that get another priority while they wait. */
class PrioritizeTest {
    private static final String BY = "admin@192.0.2.7";

    @TempDir
    Path state;

    private static QueuePlace queued(SqliteJobStore store, Priority priority) throws IOException {
        NewJob job = newJob(priority, "P1.7");
        store.add(job);
        return store.queue(job.id(), files(1));
    }

    private SqliteJobStore open() throws IOException {
        return SqliteJobStore.open(state, new StoreSamples.TickingClock());
    }

    @Test
    void theJobKeepsItsNumberAndItsHistorySaysWhoMovedIt() throws IOException {
        try (SqliteJobStore store = open()) {
            queued(store, Priority.URGENT);
            QueuePlace moved = queued(store, Priority.LOW);
            queued(store, Priority.URGENT);
            QueuePlace now = new QueuePlace(moved.job(), Priority.URGENT, moved.number());
            assertThat(store.prioritize(moved.job(), Priority.URGENT, "urgent\nnow", BY))
                    .contains(now);
            assertThat(store.queued().get(1)).isEqualTo(now);
            JobChange last = store.history(moved.job()).get(2);
            assertThat(last.to()).isEqualTo(JobState.QUEUED);
            assertThat(last.reason()).isEqualTo("urgent");
            assertThat(last.by()).isEqualTo(BY);
        }
    }

    @Test
    void onlyAJobThatWaitsIsMoved() throws IOException {
        try (SqliteJobStore store = open()) {
            NewJob receiving = newJob();
            store.add(receiving);
            JobId running = queued(store, Priority.NORMAL).job();
            store.start(running);
            JobId ended = queued(store, Priority.NORMAL).job();
            store.move(ended, JobState.QUEUED, JobState.CANCELLED, "", BY, Kept.NOTHING);
            for (JobId job : List.of(receiving.id(), running, ended, JobId.random())) {
                int lines = store.history(job).size();
                assertThat(store.prioritize(job, Priority.URGENT, "", BY)).isEmpty();
                assertThat(store.history(job)).hasSize(lines);
                assertThat(store.find(job).map(found -> found.priority())).isNotEqualTo(Optional.of(Priority.URGENT));
            }
        }
    }

    /** Ten jobs, some of which are moved one after the other. */
    @Property(tries = 25)
    void theQueueIsInOrderWhateverIsMoved(
            @ForAll @Size(10) List<Priority> priorities,
            @ForAll @Size(max = 25) List<@IntRange(max = 9) Integer> moved,
            @ForAll @Size(25) List<Priority> to)
            throws IOException {
        Path directory = Files.createTempDirectory("recon-priorities");
        try (SqliteJobStore store = SqliteJobStore.open(directory, new StoreSamples.TickingClock())) {
            List<QueuePlace> places = new ArrayList<>();
            for (Priority priority : priorities) {
                places.add(queued(store, priority));
            }
            for (int i = 0; i < moved.size(); i++) {
                QueuePlace old = places.get(moved.get(i));
                QueuePlace now = new QueuePlace(old.job(), to.get(i), old.number());
                assertThat(store.prioritize(old.job(), to.get(i), "", BY)).contains(now);
                places.set(moved.get(i), now);
            }
            List<QueuePlace> inOrder = places.stream().sorted().toList();
            assertThat(store.queued()).isEqualTo(inOrder);
            assertThat(store.active(20).stream().map(JobSummary::id))
                    .isEqualTo(inOrder.stream().map(QueuePlace::job).toList());
            JobQueue queue = new JobQueue(20);
            places.forEach(queue::add);
            assertThat(Stream.generate(queue::poll).limit(10).map(Optional::orElseThrow))
                    .as("the queue in memory has the same order")
                    .containsExactlyElementsOf(inOrder);
        } finally {
            try (Stream<Path> left = Files.walk(directory)) {
                for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
