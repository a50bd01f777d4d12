package recon.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.job.FileName;
import recon.common.job.InputFile;
import recon.common.job.JobChange;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.JobState;
import recon.common.job.Priority;
import recon.common.job.ReconOptions;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;
import recon.server.queue.JobQueue;
import recon.server.queue.JobRecord;
import recon.server.queue.NewJob;
import recon.server.queue.QueuePlace;
import recon.server.queue.Retention;
import recon.server.queue.SqliteJobStore;
import recon.server.queue.StoredFile;
import recon.server.queue.Workspace;

/** What a crash can leave behind, made by hand, and what the next start makes of it. */
class RecoveryTest {
    private static final String NOT_AGAIN =
            "the server ended while the script ran, and it must not run twice" + " (RERUN_INTERRUPTED = false)";
    private static final List<StoredFile> INPUTS = List.of(file("P1.7", 3));

    @TempDir
    Path directory;

    /** A little in the past: a file system's clock may lag behind by some milliseconds. */
    private final Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-1));

    private final JobQueue queue = new JobQueue(100);
    private final Set<JobId> scriptsEnded = new HashSet<>();
    private int maxAttempts = 2;
    private boolean rerunInterrupted = true;
    private Retention retention = new Retention(Duration.ZERO, Duration.ofHours(1), Duration.ZERO);
    private Workspace workspace;
    private SqliteJobStore store;

    @BeforeEach
    void open() throws IOException {
        workspace = new Workspace(directory.resolve("in"), directory.resolve("out"), false, directory.resolve("state"));
        store = SqliteJobStore.open(workspace.state(), clock);
        workspace.claim(store.createdAt(), store.counts()); // as the first start does
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static StoredFile file(String name, long size) {
        return new StoredFile(ResultPath.parse(name), size, new Sha256("%064x".formatted(size)));
    }

    private JobId receiving(Priority priority) throws IOException {
        JobId job = JobId.random();
        JobRequest request =
                new JobRequest(List.of(new InputFile(new FileName("P1.7"), "/scans/P1.7")), ReconOptions.NONE);
        store.add(new NewJob(
                job, SubmissionId.random(), request, priority, "192.0.2.7", "shared", false, clock.instant()));
        Files.writeString(workspace.createInputs(job).inputs().resolve("P1.7"), "raw");
        return job;
    }

    private JobId queued(Priority priority) throws IOException {
        JobId job = receiving(priority);
        store.queue(job, INPUTS);
        return job;
    }

    private JobId running() throws IOException {
        JobId job = queued(Priority.NORMAL);
        store.start(job);
        workspace.createOutputs(workspace.directories(job));
        Files.writeString(workspace.directories(job).outputs().resolve("half"), "x");
        return job;
    }

    private JobId delivering() throws IOException {
        JobId job = running();
        store.finish(job, List.of(file("half", 1)), "done", clock.instant().plusSeconds(3600));
        return job;
    }

    /** As the next start finds it. */
    private void restart() throws Exception {
        store.close();
        store = SqliteJobStore.open(workspace.state(), clock);
        new Recovery(store, queue, workspace, new Recovery.Rules(maxAttempts, rerunInterrupted, retention), clock)
                .takeStock(scriptsEnded::addAll);
    }

    private JobRecord record(JobId job) throws IOException {
        return store.find(job).orElseThrow();
    }

    private void requireFailed(JobId job, String reason) throws IOException {
        assertThat(record(job).state()).isEqualTo(JobState.FAILED);
        assertThat(record(job).reason()).isEqualTo(reason);
        assertThat(store.history(job)).last().extracting(JobChange::reason).isEqualTo(reason);
        assertThat(order()).isEmpty();
    }

    private List<JobId> order() {
        List<JobId> order = new ArrayList<>();
        for (Optional<QueuePlace> next = queue.poll(); next.isPresent(); next = queue.poll()) {
            order.add(next.get().job());
        }
        return order;
    }

    @Test
    void jobsThatWaitedWaitAgainInTheSameOrder() throws Exception {
        JobId low = queued(Priority.LOW);
        JobId first = queued(Priority.NORMAL);
        JobId urgent = queued(Priority.URGENT);
        JobId second = queued(Priority.NORMAL);
        restart();
        assertThat(order()).containsExactly(urgent, first, second, low);
        assertThat(workspace.directories(low).inputs().resolve("P1.7")).hasContent("raw");
        assertThat(scriptsEnded).isEmpty();
    }

    @Test
    void aJobThatRanRunsAgainAtItsOldPlaceAndTheAttemptCounts() throws Exception {
        JobId ran = running();
        JobId waited = queued(Priority.NORMAL);
        restart();
        assertThat(order()).containsExactly(ran, waited);
        assertThat(record(ran).state()).isEqualTo(JobState.QUEUED);
        assertThat(record(ran).attempts()).isEqualTo(1);
        assertThat(record(ran).reason()).isEqualTo("interrupted: the server ended");
        assertThat(scriptsEnded).containsExactly(ran);
        assertThat(workspace.directories(ran).inputs().resolve("P1.7")).hasContent("raw");
        assertThat(workspace.directories(ran).outputs()).doesNotExist();
    }

    @Test
    void aJobThatWasInterruptedTooOftenFails() throws Exception {
        JobId job = running();
        restart();
        store.start(order().get(0));
        restart();
        requireFailed(job, "the server ended while the script ran, 2 times (MAX_ATTEMPTS)");
        assertThat(record(job).attempts()).isEqualTo(2);
        assertThat(workspace.directories(job).inputs()).doesNotExist();
    }

    @Test
    void inputsOfAJobThatWasInterruptedTooOftenStayWhereTheyAreToBeKept() throws Exception {
        maxAttempts = 1;
        retention = new Retention(Duration.ZERO, Duration.ofHours(1), Duration.ofHours(1));
        JobId job = running();
        restart();
        requireFailed(job, "the server ended while the script ran, 1 times (MAX_ATTEMPTS)");
        assertThat(record(job).inputsUntil()).isPresent();
        assertThat(workspace.directories(job).inputs().resolve("P1.7")).exists();
    }

    @Test
    void aScriptThatMustNotRunTwiceFailsItsJob() throws Exception {
        rerunInterrupted = false;
        JobId job = running();
        restart();
        requireFailed(job, NOT_AGAIN);
        assertThat(scriptsEnded).containsExactly(job);
    }

    @Test
    void aJobThatWasComingInIsForgottenWithItsFiles() throws Exception {
        JobId job = receiving(Priority.NORMAL);
        restart();
        assertThat(store.find(job)).isEmpty();
        assertThat(workspace.directories(job).inputs()).doesNotExist();
    }

    @Test
    void resultsWaitForTheirClient() throws Exception {
        JobId job = delivering();
        restart();
        assertThat(record(job).state()).isEqualTo(JobState.DELIVERING);
        assertThat(workspace.directories(job).outputs().resolve("half")).exists();
        assertThat(workspace.directories(job).inputs()).doesNotExist(); // left by a crash before their removal
        assertThat(order()).isEmpty();
    }

    @Test
    void aJobWhoseInputsAreGoneFails() throws Exception {
        JobId job = queued(Priority.NORMAL);
        workspace.removeInputs(workspace.directories(job));
        restart();
        requireFailed(job, "its inputs are gone from the server's disk");
    }

    @Test
    void anInterruptedJobWhoseInputsAreGoneFails() throws Exception {
        JobId job = running();
        workspace.removeInputs(workspace.directories(job));
        restart();
        requireFailed(job, "its inputs are gone from the server's disk");
    }

    @Test
    void aJobWhoseResultsAreGoneFails() throws Exception {
        JobId job = delivering();
        workspace.removeOutputs(workspace.directories(job));
        restart();
        requireFailed(job, "its results are gone from the server's disk");
    }

    @Test
    void directoriesThatNoJobKnowsAreSwept() throws Exception {
        JobId unknown = JobId.random();
        workspace.createInputs(unknown);
        workspace.createOutputs(workspace.directories(unknown));
        restart();
        assertThat(workspace.directories(unknown).inputs()).doesNotExist();
        assertThat(workspace.directories(unknown).outputs()).doesNotExist();
    }

    @Test
    void resultsOfAJobThatAnOldCopyOfTheRecordHasAsRunningStay() throws Exception {
        JobId job = running();
        workspace.removeInputs(workspace.directories(job)); // as when it had ended
        restart();
        requireFailed(job, "its inputs are gone from the server's disk");
        assertThat(record(job).resultsUntil()).isPresent();
        assertThat(workspace.directories(job).outputs().resolve("half")).exists();
    }
}
