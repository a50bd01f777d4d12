package recon.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import recon.common.job.FileName;
import recon.common.job.JobId;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.job.Priority;
import recon.common.wire.Report;
import recon.server.queue.MemoryJobStore;

class StatusReportTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T23:59:59Z"));
    private final MemoryJobStore store = new MemoryJobStore();
    private final StatusReport report = new StatusReport(store, 4, new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    });

    private JobId job(String name, JobState... states) {
        JobId id = JobId.random();
        store.add(new JobSummary(
                id, JobState.RECEIVING, Priority.NORMAL, new FileName(name), 3, now.get(), now.get(), ""));
        JobState from = JobState.RECEIVING;
        for (JobState to : states) {
            store.move(id, from, to, "");
            from = to;
        }
        return id;
    }

    @Test
    void uptimeCountsHoursBeyondADay() {
        assertThat(StatusReport.uptime(Duration.ofSeconds(56))).isEqualTo("00h 00m 56s");
        assertThat(StatusReport.uptime(Duration.ofSeconds(3_661))).isEqualTo("01h 01m 01s");
        assertThat(StatusReport.uptime(Duration.ofHours(1234))).isEqualTo("1234h 00m 00s");
    }

    @Test
    void countsBusyWorkersAndWaitingJobs() {
        job("receiving");
        job("queued", JobState.QUEUED);
        job("running", JobState.QUEUED, JobState.RUNNING);
        job("delivering", JobState.QUEUED, JobState.RUNNING, JobState.DELIVERING);
        now.set(now.get().plusSeconds(60));
        assertThat(report.server()).isEqualTo(new Report.ServerStatus("00h 01m 00s", 4, 2, 1, 0, ""));
    }

    @Test
    void showsEveryJobWithItsState() {
        JobId queued = job("b.7", JobState.QUEUED);
        now.set(now.get().plusSeconds(1));
        JobId running = job("a.7", JobState.QUEUED, JobState.RUNNING);
        assertThat(report.queue().jobs())
                .containsExactly(
                        new Report.QueueDetails.Row(
                                running.toString(),
                                "running",
                                "a.7",
                                3,
                                "2026-02-01 00:00:00 UTC",
                                "job_" + running + "_input",
                                "normal",
                                "2026-02-01 00:00:00 UTC",
                                ""),
                        new Report.QueueDetails.Row(
                                queued.toString(),
                                "queued",
                                "b.7",
                                3,
                                "2026-01-31 23:59:59 UTC",
                                "job_" + queued + "_input",
                                "normal",
                                "2026-01-31 23:59:59 UTC",
                                ""));
    }

    @Test
    void anEmptyServerHasNoJobs() {
        assertThat(report.queue().jobs()).isEmpty();
    }
}
