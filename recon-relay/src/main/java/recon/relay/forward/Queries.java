package recon.relay.forward;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.crypto.KeyOwner;
import recon.common.job.JobState;
import recon.common.job.Priority;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.WireTime;
import recon.relay.backend.Backend;
import recon.relay.backend.Backends;

/** What the relay answers itself: its servers' status, and the one queue of them all. Thread-safe. */
public final class Queries {
    private static final Logger log = LoggerFactory.getLogger(Queries.class);

    /** One answer must fit into one message. */
    private static final int MOST_ROWS = 10_000;

    private static final List<JobState> ORDER =
            List.of(JobState.RUNNING, JobState.QUEUED, JobState.RECEIVING, JobState.DELIVERING);

    private static final Comparator<Report.QueueDetails.Row> ACTIVE = Comparator.comparingInt(
                    (Report.QueueDetails.Row row) -> ORDER.indexOf(state(row)))
            .thenComparing(Queries::urgency)
            .thenComparing(Report.QueueDetails.Row::submittedAtUtc);

    private static final Comparator<Report.QueueDetails.Row> NEWEST_FIRST =
            Comparator.comparing(Report.QueueDetails.Row::changedAtUtc).reversed();

    private final Backends backends;
    private final Instant startedAt = Instant.now();

    public Queries(Backends backends) {
        this.backends = backends;
    }

    /** Of the relay itself. */
    public String uptime() {
        return WireTime.uptime(Duration.between(startedAt, Instant.now()));
    }

    Report.ServerStatus status() {
        backends.forEach(backends.healthy(), Backend::check);
        List<Report.ServerStatus> now = backends.healthy().stream()
                .flatMap(backend -> backend.status().stream())
                .toList();
        String waiting = now.stream()
                .map(Report.ServerStatus::waitingBecause)
                .filter(reason -> !reason.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
        return new Report.ServerStatus(
                uptime(),
                now.stream().mapToInt(Report.ServerStatus::maxWorkers).sum(),
                now.stream().mapToInt(Report.ServerStatus::busyWorkers).sum(),
                now.stream().mapToInt(Report.ServerStatus::queuedJobs).sum(),
                now.stream().mapToInt(Report.ServerStatus::undeliveredJobs).sum(),
                now.isEmpty() ? "no server behind this relay answers" : waiting,
                !now.isEmpty() && backends.all().stream().noneMatch(Backend::takesJobs),
                false,
                backends.all().stream().map(Backend::report).toList());
    }

    Report.QueueDetails queue(Request.GetQueueDetails request, KeyOwner client) {
        List<Report.QueueDetails.Row> rows = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger total = new AtomicInteger();
        backends.forEach(backends.healthy(), backend -> {
            try {
                Report.QueueDetails part = backend.ask(request, client, Report.QueueDetails.class);
                total.addAndGet(part.total());
                part.jobs().forEach(row -> rows.add(row.at(backend.name())));
            } catch (IOException e) {
                log.warn("{} did not show its queue: {}", backend.name(), e.getMessage());
            }
        });
        int most = Math.min(request.limit(), MOST_ROWS);
        List<Report.QueueDetails.Row> merged = new ArrayList<>(rows.stream()
                .filter(row -> !state(row).isEnded())
                .sorted(ACTIVE)
                .limit(most)
                .toList());
        rows.stream()
                .filter(row -> state(row).isEnded())
                .sorted(NEWEST_FIRST)
                .limit(most)
                .forEach(merged::add);
        return new Report.QueueDetails(merged, total.get());
    }

    private static JobState state(Report.QueueDetails.Row row) {
        try {
            return JobState.parse(row.status());
        } catch (IllegalArgumentException ofAnotherVersion) {
            return JobState.RUNNING; // a Python server says "processing"
        }
    }

    /** Only of those that wait: the others have their turn. */
    private static Priority urgency(Report.QueueDetails.Row row) {
        try {
            return state(row) == JobState.QUEUED ? Priority.parse(row.priority()) : Priority.NORMAL;
        } catch (IllegalArgumentException ofAnotherVersion) {
            return Priority.NORMAL;
        }
    }
}
