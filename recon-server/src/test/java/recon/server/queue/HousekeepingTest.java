package recon.server.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.server.testing.RecordedLog;

@Timeout(20)
class HousekeepingTest {
    private static final Duration LOGS_STAY = Duration.ofHours(2);

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

    private Housekeeping housekeeping(JobStore store, Housekeeping.Chore more) {
        return new Housekeeping(store, jobs.watches, jobs.workspace, LOGS_STAY, more, Duration.ofHours(1), jobs.clock);
    }

    private void cleanUp() {
        housekeeping(jobs.store, () -> {}).cleanUp();
    }

    @Test
    void resultsThatNobodyFetchesExpire() throws Exception {
        JobId job = jobs.delivering();
        Instant until = jobs.record(job).resultsUntil().orElseThrow();
        jobs.clock.advance(Duration.ofHours(2).minusMillis(1));
        cleanUp();
        assertThat(jobs.record(job).state()).isEqualTo(JobState.DELIVERING);
        assertThat(jobs.directories(job).outputs().resolve("1.dcm")).exists();

        jobs.clock.advance(Duration.ofMillis(1));
        try (RecordedLog log = new RecordedLog();
                JobWatches.Watch watch = jobs.watches.watch(job)) {
            cleanUp();
            assertThat(watch.await(Duration.ZERO)).isTrue();
            assertThat(log.text()).contains("job " + job + " (delivering): the results were removed");
        }
        JobRecord record = jobs.record(job);
        assertThat(record.state()).isEqualTo(JobState.EXPIRED);
        assertThat(record.reason())
                .isEqualTo("nobody fetched the results; the results were removed: they were kept until " + until);
        assertThat(record.resultsUntil()).isEmpty();
        assertThat(jobs.directories(job).outputs()).doesNotExist();
    }

    @Test
    void resultsThatAClientHasAreRemovedAndTheJobStaysDelivered() throws Exception {
        JobId job = jobs.delivered();
        jobs.clock.advance(Duration.ofHours(1));
        cleanUp();
        JobRecord record = jobs.record(job);
        assertThat(record.state()).isEqualTo(JobState.DELIVERED);
        assertThat(record.reason()).isEqualTo("delivered");
        assertThat(record.resultsUntil()).isEmpty();
        assertThat(jobs.store.history(job))
                .last()
                .extracting(JobChange::reason)
                .asString()
                .startsWith("the results were removed: they were kept until ");
        assertThat(jobs.directories(job).outputs()).doesNotExist();
        int lines = jobs.store.history(job).size();
        cleanUp(); // a second time there is nothing to say
        assertThat(jobs.store.history(job)).hasSize(lines);
    }

    @Test
    void inputsOfFailedJobsAreRemovedInTime() throws Exception {
        Instant end = jobs.clock.instant().plus(Duration.ofHours(3));
        JobId job = jobs.failed(Kept.inputsUntil(Optional.of(end)));
        cleanUp();
        assertThat(jobs.directories(job).inputs().resolve("P1.7")).exists();
        jobs.clock.advance(Duration.ofHours(3));
        cleanUp();
        assertThat(jobs.directories(job).inputs()).doesNotExist();
        assertThat(jobs.record(job).inputsUntil()).isEmpty();
        assertThat(jobs.record(job).state()).isEqualTo(JobState.FAILED);
        assertThat(jobs.store.history(job))
                .last()
                .extracting(JobChange::reason)
                .isEqualTo("the inputs were removed: they were kept until " + end);
    }

    /** The store, with something that happens right after the answer to one question. */
    private JobStore withSurprise(String after, Housekeeping.Chore surprise) {
        return (JobStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JobStore.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(jobs.store, arguments);
                        if (method.getName().equals(after)) {
                            surprise.run();
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void inputsOfAJobThatIsQueuedAgainInThisMomentStay() throws Exception {
        JobId job = jobs.failed(Kept.inputsUntil(Optional.of(jobs.clock.instant())));
        JobStore store = withSurprise("inputsDue", () -> jobs.store.rerun(job, "again", StoreSamples.CLIENT));
        housekeeping(store, () -> {}).cleanUp();
        assertThat(jobs.record(job).state()).isEqualTo(JobState.QUEUED);
        assertThat(jobs.directories(job).inputs().resolve("P1.7")).hasContent("raw");
    }

    @Test
    void resultsThatAreDeliveredInThisMomentStay() throws Exception {
        JobId job = jobs.delivering();
        jobs.clock.advance(Duration.ofHours(2));
        JobStore store = withSurprise(
                "resultsDue",
                () -> jobs.store.move(
                        job,
                        JobState.DELIVERING,
                        JobState.DELIVERED,
                        "delivered",
                        StoreSamples.CLIENT,
                        QueueFixture.RETENTION.ofDelivered(jobs.clock.instant())));
        housekeeping(store, () -> {}).cleanUp();
        assertThat(jobs.record(job).state()).isEqualTo(JobState.DELIVERED);
        assertThat(jobs.record(job).resultsUntil()).isPresent();
        assertThat(jobs.directories(job).outputs().resolve("1.dcm")).exists();
    }

    @Test
    void whatNoJobNeedsIsSweptAndWhatIsOlderThanTheRecordsStays() throws Exception {
        List<JobId> needed = List.of(jobs.receiving(), jobs.queued(), jobs.running());
        JobId delivering = jobs.delivering();
        Path orphanInputs = orphan(jobs.directories(JobId.random()).inputs(), Duration.ofSeconds(1));
        Path orphanOutputs = orphan(jobs.directories(JobId.random()).outputs(), Duration.ofSeconds(1));
        Path old = orphan(jobs.directories(JobId.random()).inputs(), Duration.ofHours(-1));
        Path other = Files.createDirectory(directory.resolve("in/somebody's"));
        try (RecordedLog log = new RecordedLog()) {
            cleanUp();
            assertThat(log.text()).contains(old + " is older than this server's records");
        }
        assertThat(orphanInputs).doesNotExist();
        assertThat(orphanOutputs).doesNotExist();
        assertThat(old).exists();
        assertThat(other).exists();
        for (JobId job : needed) {
            assertThat(jobs.directories(job).inputs()).exists();
        }
        assertThat(jobs.directories(needed.get(2)).outputs()).exists();
        assertThat(jobs.directories(delivering).outputs()).exists();
    }

    @Test
    void whatIsRemovedMeanwhileKeepsNothingElseFromBeingSwept() throws Exception {
        Map<JobId, Path> found = new LinkedHashMap<>();
        JobId ended = JobId.random();
        found.put(ended, jobs.directories(ended).inputs()); // by the worker that had the job
        JobId left = JobId.random();
        found.put(left, orphan(jobs.directories(left).inputs(), Duration.ofSeconds(1)));
        new Sweep(jobs.store, jobs.workspace).run(found, Map.of());
        assertThat(jobs.directories(left).inputs()).doesNotExist();
    }

    private Path orphan(Path made, Duration afterTheStore) throws IOException {
        Files.createDirectory(made);
        Files.writeString(made.resolve("left"), "x");
        return Files.setLastModifiedTime(
                made, FileTime.from(jobs.store.createdAt().plus(afterTheStore)));
    }

    @Test
    void logsOfScriptsAreRemovedInTime() throws Exception {
        Path old = jobs.directories(jobs.running()).log();
        Path newer = jobs.directories(jobs.running()).log();
        Instant limit = jobs.clock.instant().minus(LOGS_STAY);
        Files.setLastModifiedTime(old, FileTime.from(limit.minusSeconds(1)));
        Files.setLastModifiedTime(newer, FileTime.from(limit.plusSeconds(1)));
        cleanUp();
        assertThat(old).doesNotExist();
        assertThat(newer).exists();
    }

    @Test
    void oneChoreThatFailsKeepsNoOtherFromBeingDone() throws Exception {
        Path left = orphan(jobs.directories(JobId.random()).inputs(), Duration.ofSeconds(1));
        try (RecordedLog log = new RecordedLog()) {
            housekeeping(jobs.store, () -> {
                        throw new IOException("made on purpose");
                    })
                    .cleanUp();
            assertThat(log.text()).contains("cannot tidy up: java.io.IOException: made on purpose");
        }
        assertThat(left).doesNotExist();
    }

    @Test
    void itWorksWhenItIsStartedAndEndsWhenItIsStopped() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Housekeeping housekeeping = housekeeping(jobs.store, done::countDown);
        housekeeping.start();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        housekeeping.stop();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("housekeeping"));
    }
}
