package recon.server.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.KeyOwner;
import recon.common.job.FileName;
import recon.common.job.InputFile;
import recon.common.job.JobId;
import recon.common.job.JobRequest;
import recon.common.job.JobState;
import recon.common.job.Priority;
import recon.common.job.ResultPath;
import recon.common.job.Sha256;
import recon.common.job.SubmissionId;
import recon.common.wire.ReconOptionsJson;
import recon.common.wire.Report;
import recon.common.wire.WireTime;
import recon.server.queue.JobControl.NotPossibleException;
import recon.server.queue.Kept;
import recon.server.queue.NewJob;
import recon.server.queue.SqliteJobStore;
import recon.server.queue.StoredFile;

class StatusReportTest {
    private static final KeyOwner OPERATOR = new KeyOwner("console", true);

    @TempDir
    Path state;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T23:59:59Z"));
    private final AtomicReference<Optional<String>> closedBecause = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());
    private SqliteJobStore store;
    private StatusReport report;

    @BeforeEach
    void open() throws Exception {
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
        store = SqliteJobStore.open(state, clock);
        report = new StatusReport(store, () -> 4, () -> false, closedBecause::get, trouble::get, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** A job that has come as far as that state. */
    private JobId job(String name, JobState state) throws Exception {
        return job("shared", name, state);
    }

    private JobId job(String owner, String name, JobState state) throws Exception {
        JobId id = JobId.random();
        List<InputFile> files = List.of(
                new InputFile(new FileName(name), "/scans/" + name),
                new InputFile(new FileName("x.h5"), "/scans/x.h5"));
        store.add(new NewJob(
                id,
                SubmissionId.random(),
                new JobRequest(files, ReconOptionsJson.parse("{\"slices\": 128}")),
                Priority.NORMAL,
                "192.0.2.7",
                owner,
                false,
                now.get()));
        if (state.compareTo(JobState.QUEUED) >= 0) {
            store.queue(id, List.of(file(name, 1000), file("x.h5", 24)));
        }
        if (state.compareTo(JobState.RUNNING) >= 0) {
            store.start(id);
        }
        if (state.compareTo(JobState.DELIVERING) >= 0) {
            store.finish(
                    id,
                    List.of(file("1.dcm", 7), file("2.dcm", 8)),
                    "done",
                    now.get().plusSeconds(3600));
        }
        return id;
    }

    private static StoredFile file(String path, long size) {
        return new StoredFile(ResultPath.parse(path), size, new Sha256("%064x".formatted(size)));
    }

    private static Report.QueueDetails.Row row(JobId id, String state, String name, String submitted) {
        return new Report.QueueDetails.Row(
                id.toString(), state, name, 2, submitted, "job_" + id + "_input", "normal", submitted, "", "shared");
    }

    @Test
    void uptimeCountsHoursBeyondADay() {
        assertThat(WireTime.uptime(Duration.ofSeconds(56))).isEqualTo("00h 00m 56s");
        assertThat(WireTime.uptime(Duration.ofSeconds(3_661))).isEqualTo("01h 01m 01s");
        assertThat(WireTime.uptime(Duration.ofHours(1234))).isEqualTo("1234h 00m 00s");
    }

    @Test
    void countsBusyWorkersAndWaitingJobs() throws Exception {
        job("receiving", JobState.RECEIVING);
        job("queued", JobState.QUEUED);
        job("running", JobState.RUNNING);
        job("running too", JobState.RUNNING);
        job("delivering", JobState.DELIVERING);
        now.set(now.get().plusSeconds(60));
        assertThat(report.server()).isEqualTo(new Report.ServerStatus("00h 01m 00s", 4, 2, 1, 1, ""));
    }

    @Test
    void saysWhyAJobWaitsThoughAWorkerIsFree() throws Exception {
        closedBecause.set(Optional.of("memory is short"));
        assertThat(report.server().waitingBecause()).isEmpty(); // no job waits
        job("queued", JobState.QUEUED);
        assertThat(report.server().waitingBecause()).isEqualTo("memory is short");
        for (int i = 0; i < 4; i++) {
            job("running", JobState.RUNNING);
        }
        assertThat(report.server().waitingBecause()).isEmpty(); // it waits for a worker
    }

    @Test
    void showsEveryJobWithItsState() throws Exception {
        JobId queued = job("b.7", JobState.QUEUED);
        now.set(now.get().plusSeconds(1));
        JobId running = job("a.7", JobState.RUNNING);
        Report.QueueDetails queue = report.queue(false, 100, OPERATOR);
        assertThat(queue.jobs())
                .containsExactly(
                        row(running, "running", "a.7", "2026-02-01 00:00:00 UTC"),
                        row(queued, "queued", "b.7", "2026-01-31 23:59:59 UTC"));
        assertThat(queue.total()).isEqualTo(2);
    }

    @Test
    void endedJobsAreShownWhereTheyAreAskedForAndNeverMoreThanTheLimit() throws Exception {
        JobId failed = job("f.7", JobState.RUNNING);
        store.move(failed, JobState.RUNNING, JobState.FAILED, "exit code 3\nmore", "server", Kept.NOTHING);
        JobId queued = job("b.7", JobState.QUEUED);
        assertThat(report.queue(false, 100, OPERATOR).total()).isEqualTo(1);
        Report.QueueDetails all = report.queue(true, 100, OPERATOR);
        assertThat(all.total()).isEqualTo(2);
        assertThat(all.jobs())
                .extracting(Report.QueueDetails.Row::jobId)
                .containsExactly(queued.toString(), failed.toString());
        assertThat(all.jobs().get(1).reason()).isEqualTo("exit code 3");
        Report.QueueDetails first = report.queue(true, 1, OPERATOR);
        assertThat(first.total()).isEqualTo(2);
        assertThat(first.jobs())
                .extracting(Report.QueueDetails.Row::jobId)
                .containsExactly(queued.toString(), failed.toString()); // one that has not ended, and one that has
    }

    @Test
    void oneJobIsShownWithItsHistory() throws Exception {
        JobId id = job("a.7", JobState.DELIVERING);
        Report.JobDetails job = report.job(id, KeyOwner.SHARED);
        assertThat(job.job().status()).isEqualTo("delivering");
        assertThat(job.reason()).isEqualTo("done");
        assertThat(job.inputBytes()).isEqualTo(1024);
        assertThat(job.submittedFrom()).isEqualTo("192.0.2.7");
        assertThat(job.attempts()).isEqualTo(1);
        assertThat(job.optionsJson()).contains("slices", "128");
        assertThat(job.resultCount()).isEqualTo(2);
        assertThat(job.resultBytes()).isEqualTo(15);
        assertThat(job.resultsKeptUntilUtc()).isEqualTo("2026-02-01 00:59:59 UTC");
        assertThat(job.inputsKeptUntilUtc()).isEmpty();
        assertThat(job.history())
                .extracting(Report.JobDetails.Change::status)
                .containsExactly("receiving", "queued", "running", "delivering");
        assertThat(job.history().get(0))
                .isEqualTo(new Report.JobDetails.Change(
                        "2026-01-31 23:59:59 UTC", "receiving", "submitted, 2 files", "192.0.2.7"));
    }

    @Test
    void aJobThatIsUnknownIsSaidToBe() {
        JobId unknown = JobId.random();
        assertThatThrownBy(() -> report.job(unknown, OPERATOR))
                .isInstanceOf(NotPossibleException.class)
                .hasMessage("there is no job " + unknown);
    }

    @Test
    void clientsSeeTheirOwnJobsAndOperatorsThoseOfAll() throws Exception {
        JobId first = job("scanner1", "a.7", JobState.QUEUED);
        JobId second = job("scanner2", "b.7", JobState.RUNNING);
        KeyOwner scanner1 = new KeyOwner("scanner1", false);
        assertThat(report.queue(true, 100, scanner1).jobs())
                .singleElement()
                .satisfies(row -> assertThat(row.jobId()).isEqualTo(first.toString()))
                .satisfies(row -> assertThat(row.owner()).isEqualTo("scanner1"));
        assertThat(report.queue(true, 100, scanner1).total()).isEqualTo(1);
        assertThat(report.queue(true, 100, KeyOwner.SHARED)).isEqualTo(new Report.QueueDetails(List.of(), 0));
        assertThat(report.queue(false, 1, OPERATOR).jobs())
                .extracting(Report.QueueDetails.Row::owner)
                .containsExactly("scanner2");
        assertThat(report.queue(false, 1, OPERATOR).total()).isEqualTo(2);
        assertThat(report.job(second, OPERATOR).job().owner()).isEqualTo("scanner2");
        assertThatThrownBy(() -> report.job(second, scanner1))
                .isInstanceOf(NotPossibleException.class)
                .hasMessage("there is no job " + second);
        assertThat(report.server().queuedJobs()).isEqualTo(1); // whoever asks
    }

    @Test
    void anEmptyServerHasNoJobs() throws Exception {
        assertThat(report.queue(true, 100, OPERATOR)).isEqualTo(new Report.QueueDetails(List.of(), 0));
    }

    @Test
    void saysThatTheRecordCannotBeWrittenWhateverElseIsWrong() throws Exception {
        closedBecause.set(Optional.of("too little memory"));
        trouble.set(Optional.of("the server cannot record that the job runs: the disk is full"));
        assertThat(report.server().waitingBecause()).contains("the disk is full");
    }
}
