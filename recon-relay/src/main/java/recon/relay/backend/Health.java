package recon.relay.backend;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import recon.common.wire.Report;
import recon.common.wire.WireTime;

/** How a server has answered: out with the first failure, and back after two good answers. Thread-safe. */
final class Health {
    /** So many a server that was out has to give. */
    private static final int GOOD_ANSWERS = 2;

    @GuardedBy("this")
    private boolean healthy;

    @GuardedBy("this")
    private boolean failedBefore;

    @GuardedBy("this")
    private int goodAnswers;

    @GuardedBy("this")
    private String problem = "it was not asked yet";

    @GuardedBy("this")
    private Optional<Report.ServerStatus> status = Optional.empty();

    @GuardedBy("this")
    private long latencyMillis;

    @GuardedBy("this")
    private String lastError = "";

    @GuardedBy("this")
    private Instant lastErrorAt = Instant.EPOCH;

    /** Returns whether it was out and is back. */
    synchronized boolean answered(Report.ServerStatus now, Duration latency) {
        status = Optional.of(now);
        latencyMillis = latency.toMillis();
        goodAnswers++;
        boolean back = !healthy && (!failedBefore || goodAnswers >= GOOD_ANSWERS);
        if (back) {
            healthy = true;
            problem = "";
        }
        return back;
    }

    /** Returns whether this is news. */
    synchronized boolean failed(String words) {
        boolean news = healthy || !failedBefore;
        healthy = false;
        failedBefore = true;
        goodAnswers = 0;
        problem = words;
        lastError = words;
        lastErrorAt = Instant.now();
        return news;
    }

    synchronized boolean isHealthy() {
        return healthy;
    }

    /** Why it is out, or empty. */
    synchronized String problem() {
        return problem;
    }

    /** As it told last. */
    synchronized Optional<Report.ServerStatus> status() {
        return status;
    }

    /** Whether it said last that it takes no new jobs. */
    synchronized boolean drains() {
        return status.map(Report.ServerStatus::draining).orElse(false);
    }

    /** How long its last answer took. */
    synchronized long latencyMillis() {
        return latencyMillis;
    }

    /** Of whenever it failed last, or empty. */
    synchronized String lastError() {
        return lastError;
    }

    /** When that was, or empty. */
    synchronized String lastErrorAtUtc() {
        return lastError.isEmpty() ? "" : WireTime.utc(lastErrorAt);
    }
}
