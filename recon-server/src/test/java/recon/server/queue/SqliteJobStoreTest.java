package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static recon.server.queue.StoreSamples.CLIENT;
import static recon.server.queue.StoreSamples.START;
import static recon.server.queue.StoreSamples.file;
import static recon.server.queue.StoreSamples.files;
import static recon.server.queue.StoreSamples.newJob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.FileName;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.job.PeerText;
import recon.common.job.Priority;
import recon.common.job.SubmissionId;

class SqliteJobStoreTest {
    private static final Instant LATER = START.plus(Duration.ofDays(7));

    @TempDir
    Path state;

    private final StoreSamples.TickingClock clock = new StoreSamples.TickingClock();
    private SqliteJobStore store;

    @BeforeEach
    void open() throws IOException {
        store = SqliteJobStore.open(state, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void reopen() throws IOException {
        store.close();
        open();
    }

    private NewJob added() throws IOException {
        NewJob job = newJob();
        store.add(job);
        return job;
    }

    private JobId queued(Priority priority) throws IOException {
        NewJob job = newJob(priority, "P1.7");
        store.add(job);
        store.queue(job.id(), List.of(file("P1.7", 1000)));
        return job.id();
    }

    private JobId queued() throws IOException {
        return queued(Priority.NORMAL);
    }

    private JobId running() throws IOException {
        JobId job = queued();
        store.start(job);
        return job;
    }

    private JobId delivering() throws IOException {
        JobId job = running();
        assertThat(store.finish(job, files(3), "", LATER)).isTrue();
        return job;
    }

    private JobId failed(Kept kept) throws IOException {
        JobId job = running();
        assertThat(store.move(job, JobState.RUNNING, JobState.FAILED, "exit code 3", "server", kept))
                .isTrue();
        return job;
    }

    private JobRecord record(JobId job) throws IOException {
        return store.find(job).orElseThrow();
    }

    private List<JobId> order() throws IOException {
        return store.queued().stream().map(QueuePlace::job).toList();
    }

    private static List<JobId> ids(List<JobSummary> jobs) {
        return jobs.stream().map(JobSummary::id).toList();
    }

    private static JobId id(JobRecord job) {
        return job.id();
    }

    // --- a job's way ---

    @Test
    void aNewJobIsRecordedAsItWasSubmitted() throws IOException {
        NewJob job = added();

        JobRecord record = record(job.id());
        assertThat(record.submission()).isEqualTo(job.submission());
        assertThat(record.state()).isEqualTo(JobState.RECEIVING);
        assertThat(record.priority()).isEqualTo(Priority.NORMAL);
        assertThat(record.primaryFile()).isEqualTo(new FileName("P12800.7"));
        assertThat(record.fileCount()).isEqualTo(2);
        assertThat(record.inputBytes()).isZero();
        assertThat(record.options()).isEqualTo(job.request().options());
        assertThat(record.client()).isEqualTo(CLIENT);
        assertThat(record.submittedAt()).isEqualTo(job.submittedAt());
        assertThat(record.changedAt()).isAfter(START);
        assertThat(record.reason()).isEmpty();
        assertThat(record.attempts()).isZero();
        assertThat(record.inputsUntil()).isEmpty();
        assertThat(record.resultsUntil()).isEmpty();
        assertThat(store.find(job.submission())).contains(record);
        assertThat(store.inputs(job.id())).isEmpty();
        assertThat(store.history(job.id()))
                .containsExactly(new JobChange(record.changedAt(), JobState.RECEIVING, "submitted, 2 files", CLIENT));
    }

    @Test
    void whatIsNotRecordedIsNotFound() throws IOException {
        assertThat(store.find(JobId.random())).isEmpty();
        assertThat(store.find(SubmissionId.random())).isEmpty();
        assertThat(store.history(JobId.random())).isEmpty();
        assertThat(store.inputs(JobId.random())).isEmpty();
        assertThat(store.results(JobId.random())).isEmpty();
        assertThat(store.counts()).isEmpty();
    }

    @Test
    void neitherAJobNorASubmissionIsAddedTwice() throws IOException {
        NewJob job = added();
        NewJob sameSubmission = new NewJob(
                JobId.random(),
                job.submission(),
                job.request(),
                job.priority(),
                job.client(),
                job.owner(),
                false,
                job.submittedAt());
        NewJob sameId = new NewJob(
                job.id(),
                SubmissionId.random(),
                job.request(),
                job.priority(),
                job.client(),
                job.owner(),
                false,
                job.submittedAt());

        assertThatIllegalStateException().isThrownBy(() -> store.add(job)).withMessageContaining("recorded already");
        assertThatIllegalStateException()
                .isThrownBy(() -> store.add(sameSubmission))
                .withMessageContaining(job.id().toString());
        assertThatIllegalStateException().isThrownBy(() -> store.add(sameId));

        assertThat(store.counts()).isEqualTo(Map.of(JobState.RECEIVING, 1));
        assertThat(store.history(job.id())).hasSize(1);
    }

    @Test
    void aJobThatNeverBecomesWholeIsForgotten() throws IOException {
        NewJob job = added();
        NewJob other = added();

        store.discard(job.id());

        assertThat(store.find(job.id())).isEmpty();
        assertThat(store.find(job.submission())).isEmpty();
        assertThat(store.history(job.id())).isEmpty();
        assertThat(store.find(other.id())).isPresent();
        store.add(job); // and may come again
        assertThat(record(job.id()).state()).isEqualTo(JobState.RECEIVING);
    }

    @Test
    void anAcceptedJobIsNotDiscarded() throws IOException {
        JobId job = queued();

        store.discard(job);

        assertThat(record(job).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void aQueuedJobHasItsFilesAndItsPlace() throws IOException {
        NewJob job = added();
        List<StoredFile> inputs = List.of(file("P12800.7", 7_000_000_000L), file("extra.h5", 12));

        QueuePlace place = store.queue(job.id(), inputs);

        assertThat(place).isEqualTo(new QueuePlace(job.id(), Priority.NORMAL, 1));
        assertThat(store.queued()).containsExactly(place);
        assertThat(store.inputs(job.id())).isEqualTo(inputs);
        assertThat(record(job.id()).inputBytes()).isEqualTo(7_000_000_012L);
        assertThat(store.history(job.id()))
                .extracting(JobChange::to)
                .containsExactly(JobState.RECEIVING, JobState.QUEUED);
    }

    @Test
    void onlyAJobThatIsReceivingIsQueued() throws IOException {
        JobId job = queued();

        assertThatIllegalStateException()
                .isThrownBy(() -> store.queue(job, files(1)))
                .withMessageContaining(job.toString());
        assertThatIllegalStateException().isThrownBy(() -> store.queue(JobId.random(), files(1)));

        assertThat(store.inputs(job)).hasSize(1);
        assertThat(store.queue(added().id(), files(1)).number())
                .as("refused ones take no number")
                .isEqualTo(2);
    }

    @Test
    void jobsWaitByPriorityThenInTheOrderOfTheirUploadsAlsoAfterAReopening() throws IOException {
        JobId low = queued(Priority.LOW);
        JobId normal = queued(Priority.NORMAL);
        JobId urgent = queued(Priority.URGENT);
        JobId secondUrgent = queued(Priority.URGENT);
        JobId secondNormal = queued(Priority.NORMAL);

        assertThat(order()).containsExactly(urgent, secondUrgent, normal, secondNormal, low);
        assertThat(store.queued()).isSorted();
        List<QueuePlace> before = store.queued();
        reopen();
        assertThat(store.queued()).isEqualTo(before);
    }

    @Test
    void aNumberIsNotGivenAgainAfterItsJobHasGone() throws IOException {
        JobId job = queued();
        store.move(job, JobState.QUEUED, JobState.CANCELLED, "", CLIENT, Kept.NOTHING);
        reopen();

        assertThat(store.queue(added().id(), files(1)).number()).isEqualTo(2);
    }

    @Test
    void aStartedJobCountsItsAttempt() throws IOException {
        JobId job = queued();

        JobRecord started = store.start(job).orElseThrow();

        assertThat(started).isEqualTo(record(job));
        assertThat(started.state()).isEqualTo(JobState.RUNNING);
        assertThat(started.attempts()).isEqualTo(1);
        assertThat(store.queued()).isEmpty();
        assertThat(store.start(job)).isEmpty();
        assertThat(store.start(JobId.random())).isEmpty();
        assertThat(store.history(job)).last().satisfies(change -> {
            assertThat(change.to()).isEqualTo(JobState.RUNNING);
            assertThat(change.reason()).isEqualTo("attempt 1");
            assertThat(change.by()).isEqualTo(JobChange.SERVER);
        });
    }

    @Test
    void aFinishedJobHasItsResultsInTheOrderGiven() throws IOException {
        JobId job = running();

        assertThat(store.finish(job, files(12), "12 images", LATER)).isTrue();

        assertThat(store.results(job)).isEqualTo(files(12));
        JobRecord record = record(job);
        assertThat(record.state()).isEqualTo(JobState.DELIVERING);
        assertThat(record.reason()).isEqualTo("12 images");
        assertThat(record.resultsUntil()).contains(LATER);
        assertThat(record.inputsUntil()).isEmpty();
        assertThat(store.finish(job, files(1), "", LATER)).isFalse();
        assertThat(store.results(job)).hasSize(12);
    }

    @Test
    void anInterruptedJobGoesBackToItsPlace() throws IOException {
        JobId first = running();
        JobId second = queued();

        QueuePlace place = store.requeue(first, "the server stopped", true).orElseThrow();

        assertThat(place.number()).isEqualTo(1);
        assertThat(order()).containsExactly(first, second);
        assertThat(record(first).attempts()).isEqualTo(1);
        assertThat(record(first).reason()).isEqualTo("the server stopped");
        assertThat(store.requeue(first, "", true)).isEmpty();
        assertThat(store.start(first).orElseThrow().attempts()).isEqualTo(2);
    }

    @Test
    void anAttemptThatDoesNotCountIsTakenBack() throws IOException {
        JobId job = running();

        store.requeue(job, "no memory to start it", false);

        assertThat(record(job).attempts()).isZero();
    }

    @Test
    void aRerunBeginsAnewBehindTheOthers() throws IOException {
        JobId job = delivering();
        store.move(
                job,
                JobState.DELIVERING,
                JobState.FAILED,
                "lost",
                "server",
                new Kept(Optional.of(LATER), Optional.of(LATER)));
        JobId other = queued();

        QueuePlace place = store.rerun(job, "rerun", CLIENT).orElseThrow();

        assertThat(place.number()).isEqualTo(3);
        assertThat(order()).containsExactly(other, job);
        JobRecord record = record(job);
        assertThat(record.attempts()).isZero();
        assertThat(record.inputsUntil()).isEmpty();
        assertThat(record.resultsUntil()).isEmpty();
        assertThat(store.results(job)).isEmpty();
        assertThat(store.inputs(job)).hasSize(1);
        assertThat(store.history(job)).last().satisfies(change -> {
            assertThat(change.reason()).isEqualTo("rerun");
            assertThat(change.by()).isEqualTo(CLIENT);
        });
        store.start(job);
        assertThat(store.finish(job, files(2), "", LATER)).isTrue();
        assertThat(store.results(job)).hasSize(2);
    }

    @Test
    void onlyFailedAndCancelledJobsWithInputsRunAgain() throws IOException {
        JobId withoutInputs = failed(Kept.NOTHING);
        JobId cancelled = queued();
        store.move(cancelled, JobState.QUEUED, JobState.CANCELLED, "", CLIENT, Kept.inputsUntil(Optional.of(LATER)));
        JobId delivering = delivering();

        assertThat(store.rerun(withoutInputs, "", CLIENT)).isEmpty();
        assertThat(store.rerun(delivering, "", CLIENT)).isEmpty();
        assertThat(store.rerun(cancelled, "", CLIENT)).isPresent();
        assertThat(store.rerun(cancelled, "", CLIENT)).isEmpty();
    }

    @Test
    void aMoveNamesTheStateItComesFrom() throws IOException {
        JobId job = queued();

        assertThat(store.move(job, JobState.RUNNING, JobState.CANCELLED, "", CLIENT, Kept.NOTHING))
                .isFalse();
        assertThat(record(job).state()).isEqualTo(JobState.QUEUED);
        assertThat(store.history(job)).hasSize(2);
        assertThat(store.move(job, JobState.QUEUED, JobState.CANCELLED, "not needed", CLIENT, Kept.NOTHING))
                .isTrue();

        JobRecord record = record(job);
        assertThat(record.state()).isEqualTo(JobState.CANCELLED);
        assertThat(store.history(job))
                .last()
                .isEqualTo(new JobChange(record.changedAt(), JobState.CANCELLED, "not needed", CLIENT));
    }

    @Test
    void aMoveOnlyEndsAJob() throws IOException {
        JobId job = failed(Kept.NOTHING);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.move(job, JobState.FAILED, JobState.QUEUED, "", CLIENT, Kept.NOTHING))
                .withMessageContaining("queued");
    }

    @Test
    void theHistoryKeepsTheFirstLineOfAReasonAndTheJobAll() throws IOException {
        JobId job = running();
        String reason = "exit code 3\nTraceback\n  line 7";

        store.move(job, JobState.RUNNING, JobState.FAILED, reason, "server", Kept.NOTHING);
        store.note(job, JobState.FAILED, "x".repeat(1000) + "\nmore", CLIENT, Kept.NOTHING);

        assertThat(record(job).reason()).isEqualTo(reason);
        assertThat(store.ended(1)).containsExactly(record(job).summary());
        assertThat(store.history(job)).element(3).extracting(JobChange::reason).isEqualTo("exit code 3");
        assertThat(store.history(job))
                .last()
                .extracting(JobChange::reason)
                .isEqualTo("x".repeat(PeerText.MAX_CHARS) + "...");
    }

    @Test
    void aNoteLeavesTheStateAndSaysWhatIsKept() throws IOException {
        JobId job = failed(new Kept(Optional.of(LATER), Optional.of(LATER)));
        JobRecord before = record(job);

        assertThat(store.note(job, JobState.FAILED, "inputs removed", "server", Kept.resultsUntil(LATER)))
                .isTrue();

        JobRecord after = record(job);
        assertThat(after.state()).isEqualTo(JobState.FAILED);
        assertThat(after.changedAt()).isEqualTo(before.changedAt());
        assertThat(after.reason()).isEqualTo(before.reason());
        assertThat(after.inputsUntil()).isEmpty();
        assertThat(after.resultsUntil()).contains(LATER);
        assertThat(store.history(job)).last().satisfies(change -> {
            assertThat(change.to()).isEqualTo(JobState.FAILED);
            assertThat(change.reason()).isEqualTo("inputs removed");
        });
    }

    @Test
    void aNoteOnAJobThatIsElsewhereByNowChangesNothing() throws IOException {
        JobId job = failed(Kept.inputsUntil(Optional.of(LATER)));
        store.rerun(job, "again", CLIENT);
        JobRecord before = record(job);

        assertThat(store.note(job, JobState.FAILED, "inputs removed", "server", Kept.NOTHING))
                .isFalse();
        assertThat(store.note(JobId.random(), JobState.FAILED, "", "server", Kept.NOTHING))
                .isFalse();

        assertThat(record(job)).isEqualTo(before);
        assertThat(store.history(job)).last().extracting(JobChange::reason).isEqualTo("again");
    }

    // --- questions ---

    @Test
    void activeJobsAreThoseThatRunThenWaitThenComeInThenAreFetched() throws IOException {
        JobId delivering = delivering();
        JobId receiving = added().id();
        JobId low = queued(Priority.LOW);
        JobId urgent = queued(Priority.URGENT);
        JobId running = running();
        failed(Kept.NOTHING);
        JobId secondRunning = running();

        assertThat(ids(store.active(100))).containsExactly(running, secondRunning, urgent, low, receiving, delivering);
        for (int limit = 0; limit <= 6; limit++) {
            assertThat(store.active(limit)).isEqualTo(store.active(100).subList(0, limit));
        }
        assertThat(store.active(1)).containsExactly(record(running).summary());
    }

    @Test
    void endedJobsAreListedNewestFirst() throws IOException {
        JobId failed = failed(Kept.NOTHING);
        JobId delivered = delivering();
        JobId cancelled = queued();
        store.move(cancelled, JobState.QUEUED, JobState.CANCELLED, "", CLIENT, Kept.NOTHING);
        store.move(delivered, JobState.DELIVERING, JobState.DELIVERED, "", "server", Kept.resultsUntil(LATER));
        queued();

        assertThat(ids(store.ended(100))).containsExactly(delivered, cancelled, failed);
        assertThat(ids(store.ended(2))).containsExactly(delivered, cancelled);
    }

    @Test
    void theJobsOfOneOwnerAreListedAsAllAreButAlone() throws IOException {
        List<JobId> own = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (String owner : List.of("scanner1", "scanner2")) {
                NewJob low = newJob(owner, Priority.LOW, "low.7");
                NewJob urgent = newJob(owner, Priority.URGENT, "urgent.7");
                NewJob ended = newJob(owner, Priority.NORMAL, "ended.7");
                NewJob receiving = newJob(owner, Priority.NORMAL, "receiving.7");
                for (NewJob job : List.of(low, urgent, ended, receiving)) {
                    store.add(job);
                }
                for (NewJob job : List.of(low, urgent, ended)) {
                    store.queue(job.id(), StoreSamples.files(1));
                }
                store.start(ended.id());
                store.move(ended.id(), JobState.RUNNING, JobState.FAILED, "", "server", Kept.NOTHING);
                if (owner.equals("scanner2")) {
                    own.addAll(List.of(low.id(), urgent.id(), ended.id(), receiving.id()));
                }
            }
        }
        for (int limit = 0; limit <= 30; limit++) {
            assertThat(store.active("scanner2", limit))
                    .isEqualTo(store.active(100).stream()
                            .filter(job -> own.contains(job.id()))
                            .limit(limit)
                            .toList());
            assertThat(store.ended("scanner2", limit))
                    .isEqualTo(store.ended(100).stream()
                            .filter(job -> own.contains(job.id()))
                            .limit(limit)
                            .toList());
        }
        assertThat(store.active("scanner2", 100))
                .hasSize(9)
                .extracting(JobSummary::owner)
                .containsOnly("scanner2");
        assertThat(store.counts("scanner2"))
                .isEqualTo(Map.of(JobState.QUEUED, 6, JobState.RECEIVING, 3, JobState.FAILED, 3));
        assertThat(store.counts()).isEqualTo(Map.of(JobState.QUEUED, 12, JobState.RECEIVING, 6, JobState.FAILED, 6));
        assertThat(store.active("nobody", 100)).isEmpty();
        assertThat(store.counts("nobody")).isEmpty();
        store.discard(own.get(3));
        assertThat(store.counts("scanner2")).containsEntry(JobState.RECEIVING, 2);
        assertThat(store.history(own.get(0)).get(0).by()).isEqualTo("scanner2@" + CLIENT);
    }

    @Test
    void countsFollowEveryChange() throws IOException {
        added();
        store.discard(added().id());
        queued();
        queued();
        running();
        failed(Kept.NOTHING);

        Map<JobState, Integer> counts =
                Map.of(JobState.RECEIVING, 1, JobState.QUEUED, 2, JobState.RUNNING, 1, JobState.FAILED, 1);
        assertThat(store.counts()).isEqualTo(counts);
        reopen();
        assertThat(store.counts()).isEqualTo(counts);
    }

    @Test
    void jobsAreFoundByTheirState() throws IOException {
        JobId first = running();
        JobId second = running();
        queued();

        assertThat(store.inState(JobState.RUNNING))
                .extracting(SqliteJobStoreTest::id)
                .containsExactly(first, second);
        assertThat(store.inState(JobState.RUNNING).get(0)).isEqualTo(record(first));
        assertThat(store.inState(JobState.EXPIRED)).isEmpty();
    }

    @Test
    void filesAreDueWhenTheirTimeHasCome() throws IOException {
        JobId inputs = failed(Kept.inputsUntil(Optional.of(LATER)));
        failed(Kept.NOTHING);
        JobId results = delivering();

        assertThat(store.inputsDue(LATER.minusMillis(1))).isEmpty();
        assertThat(store.resultsDue(LATER.minusMillis(1))).isEmpty();
        assertThat(store.inputsDue(LATER)).extracting(SqliteJobStoreTest::id).containsExactly(inputs);
        assertThat(store.resultsDue(LATER.plusMillis(1)))
                .extracting(SqliteJobStoreTest::id)
                .containsExactly(results);
    }

    @Test
    void directoriesAreNeededAsLongAsTheirFilesAre() throws IOException {
        JobId receiving = added().id();
        JobId queued = queued();
        JobId running = running();
        JobId delivering = delivering();
        JobId failed = failed(Kept.inputsUntil(Optional.of(LATER)));
        JobId delivered = delivering();
        store.move(delivered, JobState.DELIVERING, JobState.DELIVERED, "", CLIENT, Kept.resultsUntil(LATER));
        failed(Kept.NOTHING);

        assertThat(store.holdingInputs()).containsExactlyInAnyOrder(receiving, queued, running, failed);
        assertThat(store.holdingResults()).containsExactlyInAnyOrder(queued, running, delivering, delivered);
    }

    // --- durability and threads ---

    @Test
    void aReopenedStoreHoldsEverything() throws IOException {
        Instant createdAt = store.createdAt();
        JobId job = delivering();
        JobRecord record = record(job);
        List<JobChange> history = store.history(job);

        reopen();

        assertThat(store.createdAt()).isEqualTo(createdAt).isEqualTo(START);
        assertThat(record(job)).isEqualTo(record);
        assertThat(store.history(job)).isEqualTo(history);
        assertThat(store.inputs(job)).hasSize(1);
        assertThat(store.results(job)).isEqualTo(files(3));
    }

    @Test
    void timesAreKeptInMilliseconds() throws IOException {
        store.close();
        Instant odd = Instant.parse("2026-01-02T03:04:05.000999Z");
        Path other = Files.createDirectory(state.resolve("other"));
        try (SqliteJobStore fixed = SqliteJobStore.open(other, Clock.fixed(odd, ZoneOffset.UTC))) {
            NewJob job = newJob();
            fixed.add(job);

            assertThat(fixed.createdAt()).isEqualTo("2026-01-02T03:04:05Z");
            assertThat(fixed.find(job.id()).orElseThrow().changedAt()).isEqualTo("2026-01-02T03:04:05Z");
        }
    }

    @Test
    void aTimeThatWouldBeSortedWronglyIsRefused() throws IOException {
        JobId job = running();

        assertThatIllegalArgumentException().isThrownBy(() -> store.finish(job, files(1), "", Instant.MAX));

        assertThat(record(job).state()).isEqualTo(JobState.RUNNING);
        assertThat(store.results(job)).isEmpty();
    }

    @Test
    void ofTwoThreadsOneStartsAJob() throws Exception {
        int rounds = 100;
        CyclicBarrier together = new CyclicBarrier(2);
        List<JobId> jobs = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            jobs.add(queued());
        }
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (JobId job : jobs) {
                List<Future<Boolean>> racers = threads.invokeAll(Collections.nCopies(2, () -> {
                    together.await();
                    return store.start(job).isPresent();
                }));
                assertThat(List.of(racers.get(0).get(), racers.get(1).get())).containsOnlyOnce(true);
                assertThat(record(job).attempts()).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
