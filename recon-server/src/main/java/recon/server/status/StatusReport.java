package recon.server.status;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import recon.common.job.JobState;
import recon.common.job.JobSummary;
import recon.common.wire.Report;
import recon.server.queue.JobStore;

/** Answers operators' queries from the job store. Thread-safe. */
public final class StatusReport {
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final JobStore store;
    private final int workers;
    private final Clock clock;
    private final Instant startedAt;

    public StatusReport(JobStore store, int workers, Clock clock) {
        this.store = store;
        this.workers = workers;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    public Report.ServerStatus server() {
        return new Report.ServerStatus(
                uptime(Duration.between(startedAt, clock.instant())),
                workers,
                store.count(JobState.RUNNING) + store.count(JobState.DELIVERING),
                store.count(JobState.QUEUED),
                0,
                "");
    }

    public Report.QueueDetails queue() {
        List<Report.QueueDetails.Row> rows =
                store.active().stream().map(StatusReport::row).toList();
        return new Report.QueueDetails(rows, rows.size());
    }

    private static Report.QueueDetails.Row row(JobSummary job) {
        return new Report.QueueDetails.Row(
                job.id().toString(),
                job.state().word(),
                job.primaryFile().value(),
                job.fileCount(),
                UTC.format(job.submittedAt()),
                job.id().inputDirectoryName(),
                job.priority().word(),
                UTC.format(job.changedAt()),
                job.reason());
    }

    static String uptime(Duration time) {
        return String.format(
                Locale.ROOT, "%02dh %02dm %02ds", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }
}
