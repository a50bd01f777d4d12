package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.server.queue.JobControl.NotPossibleException;

@Timeout(20)
class JobControlTest {
    private static final String BY = "192.0.2.9";

    @TempDir
    Path directory;

    private QueueFixture jobs;

    @BeforeEach
    void open() throws IOException {
        jobs = new QueueFixture(directory);
    }

    @AfterEach
    void close() {
        jobs.close();
    }

    private JobControl control(Retention retention, BiConsumer<JobId, String> cancel) {
        return control(retention, new FakeWorkers(cancel));
    }

    private JobControl control(Retention retention, FakeWorkers workers) {
        return new JobControl(jobs.store, jobs.queue, jobs.watches, workers, jobs.workspace, retention, jobs.clock);
    }

    private JobControl control() {
        return control(QueueFixture.RETENTION, (job, by) -> {
            throw new AssertionError("no job runs");
        });
    }

    private void requireCancelled(JobId job) throws IOException {
        assertThat(jobs.record(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(jobs.record(job).reason()).isEqualTo("cancelled by " + BY);
        assertThat(jobs.store.history(job)).last().satisfies(change -> {
            assertThat(change.by()).isEqualTo(BY);
            assertThat(change.to()).isEqualTo(JobState.CANCELLED);
        });
    }

    @Test
    void aQueuedJobIsTakenOutOfTheQueueAndCanRunAgain() throws Exception {
        JobId job = jobs.queued();
        try (JobWatches.Watch watch = jobs.watches.watch(job)) {
            control().cancel(job, BY);
            assertThat(watch.await(Duration.ZERO)).isTrue();
        }
        requireCancelled(job);
        assertThat(jobs.queue.poll()).isEmpty();
        assertThat(jobs.directories(job).inputs().resolve("P1.7")).exists();
        assertThat(jobs.record(job).inputsUntil()).contains(jobs.clock.instant().plus(Duration.ofHours(3)));
    }

    @Test
    void inputsThatAreNotToBeKeptGoAtOnce() throws Exception {
        JobId job = jobs.queued();
        control(new Retention(Duration.ZERO, Duration.ZERO, Duration.ZERO), (id, by) -> {})
                .cancel(job, BY);
        requireCancelled(job);
        assertThat(jobs.directories(job).inputs()).doesNotExist();
    }

    @Test
    void aJobThatWaitsForItsClientLosesItsResults() throws Exception {
        JobId job = jobs.delivering();
        control().cancel(job, BY);
        requireCancelled(job);
        assertThat(jobs.directories(job).outputs()).doesNotExist();
        assertThat(jobs.record(job).resultsUntil()).isEmpty();
    }

    @Test
    void theCancelOfARunningJobReturnsWhenItsEndIsRecorded() throws Exception {
        JobId job = jobs.running();
        JobControl control = control(QueueFixture.RETENTION, (id, by) -> {
            Thread worker = new Thread(() -> end(id, JobState.CANCELLED, "cancelled by " + by, by), "worker");
            worker.start();
        });
        control.cancel(job, BY);
        requireCancelled(job);
    }

    @Test
    void aJobThatEndsByItselfInThisMomentIsSaidToHaveEnded() throws Exception {
        JobId job = jobs.running();
        JobControl control =
                control(QueueFixture.RETENTION, (id, by) -> end(id, JobState.FAILED, "exit code 3", "server"));
        assertThatThrownBy(() -> control.cancel(job, BY))
                .isInstanceOf(NotPossibleException.class)
                .hasMessage("job " + job + " has ended already: it is failed");
    }

    private void end(JobId job, JobState state, String reason, String by) {
        try {
            jobs.store.move(job, JobState.RUNNING, state, reason, by, Kept.NOTHING);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
        jobs.watches.changed(job);
    }

    @Test
    void aJobThatBeginsToRunInThisMomentIsCancelledAllTheSame() throws Exception {
        JobId job = jobs.queued();
        jobs.store.start(job); // between the record that was read and the change: the loop looks again
        control(QueueFixture.RETENTION, (id, by) -> end(id, JobState.CANCELLED, "cancelled by " + by, by))
                .cancel(job, BY);
        requireCancelled(job);
    }

    @Test
    void aJobThatHasEndedStaysAsItIs() throws Exception {
        JobId delivered = jobs.delivered();
        assertThatThrownBy(() -> control().cancel(delivered, BY))
                .hasMessage("job " + delivered + " has ended already: it is delivered");
        JobId failed = jobs.failed(Kept.NOTHING);
        assertThatThrownBy(() -> control().cancel(failed, BY)).hasMessageEndingWith("it is failed");
        JobId cancelled = jobs.queued();
        control().cancel(cancelled, BY);
        int lines = jobs.store.history(cancelled).size();
        control().cancel(cancelled, "192.0.2.10"); // what was asked for is so
        assertThat(jobs.store.history(cancelled)).hasSize(lines);
    }

    @Test
    void aJobThatComesInOrIsUnknownCannotBeCancelled() throws Exception {
        JobId receiving = jobs.receiving();
        assertThatThrownBy(() -> control().cancel(receiving, BY))
                .hasMessage("job " + receiving + " is not accepted yet; it is dropped if its client does not go on");
        JobId unknown = JobId.random();
        assertThatThrownBy(() -> control().cancel(unknown, BY)).hasMessage("there is no job " + unknown);
        assertThatThrownBy(() -> control().rerun(unknown, BY)).hasMessage("there is no job " + unknown);
    }

    @Test
    void aFailedJobWhoseInputsAreKeptRunsAgain() throws Exception {
        JobId job =
                jobs.failed(Kept.inputsUntil(Optional.of(jobs.clock.instant().plusSeconds(3600))));
        JobId other = jobs.queued();
        try (JobWatches.Watch watch = jobs.watches.watch(job)) {
            control().rerun(job, BY);
            assertThat(watch.await(Duration.ZERO)).isTrue();
        }
        JobRecord record = jobs.record(job);
        assertThat(record.state()).isEqualTo(JobState.QUEUED);
        assertThat(record.attempts()).isZero();
        assertThat(record.inputsUntil()).isEmpty();
        assertThat(jobs.store.history(job)).last().extracting(JobChange::by).isEqualTo(BY);
        assertThat(jobs.directories(job).log()).doesNotExist();
        assertThat(jobs.directories(job).inputs().resolve("P1.7")).exists();
        assertThat(jobs.queue.poll().orElseThrow().job()).isEqualTo(other);
        assertThat(jobs.queue.poll().orElseThrow().job()).isEqualTo(job); // behind those that waited
    }

    @Test
    void aCancelledJobRunsAgain() throws Exception {
        JobId job = jobs.queued();
        control().cancel(job, BY);
        control().rerun(job, BY);
        assertThat(jobs.queue.poll().orElseThrow().job()).isEqualTo(job);
    }

    @Test
    void aJobRunsAgainOnlyAfterTheWorkerOfItsLastRunHasCleanedUp() throws Exception {
        JobId job =
                jobs.failed(Kept.inputsUntil(Optional.of(jobs.clock.instant().plusSeconds(3600))));
        AtomicInteger looks = new AtomicInteger();
        FakeWorkers workers = new FakeWorkers(
                id -> {
                    assertThatNoJobWaits();
                    return looks.incrementAndGet() < 3;
                },
                (id, by) -> {});
        control(QueueFixture.RETENTION, workers).rerun(job, BY);
        assertThat(looks).hasValue(3);
        assertThat(jobs.queue.poll().orElseThrow().job()).isEqualTo(job);
    }

    private void assertThatNoJobWaits() {
        try {
            assertThat(jobs.store.queued()).isEmpty();
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void withoutItsInputsAJobCannotRunAgain() throws Exception {
        JobId job = jobs.failed(Kept.NOTHING);
        assertThatThrownBy(() -> control().rerun(job, BY))
                .isInstanceOf(NotPossibleException.class)
                .hasMessage("the inputs of job " + job
                        + " are not kept (FAILED_INPUT_RETENTION_HOURS); submit them again as a new job");
    }

    @Test
    void aJobThatHasNotFailedCannotRunAgain() throws Exception {
        for (JobId job : new JobId[] {jobs.queued(), jobs.running(), jobs.delivering(), jobs.delivered()}) {
            assertThatThrownBy(() -> control().rerun(job, BY))
                    .isInstanceOf(NotPossibleException.class)
                    .hasMessage("job " + job + " is " + jobs.record(job).state().word()
                            + "; only a failed or cancelled job can run again");
        }
    }
}
