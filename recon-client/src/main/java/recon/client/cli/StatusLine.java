package recon.client.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import recon.common.wire.Event;

/** The words and figures of the line. */
final class StatusLine {
    private static final int BAR_CHARS = 24;

    private StatusLine() {}

    static String of(String words, long bytes, long totalBytes, Duration elapsed, int saved, int results) {
        double seconds = Math.max(0.001, elapsed.toMillis() / 1000.0);
        double rate = bytes / seconds;
        if (totalBytes > 0) {
            double share = Math.min(1, (double) bytes / totalBytes);
            int done = (int) (share * BAR_CHARS);
            String eta = rate > 0 ? clock((long) ((totalBytes - bytes) / rate)) : "-:--";
            return String.format(
                    Locale.ROOT,
                    "%s [%s%s] %3d %% of %s, %.0f MB/s, %s left",
                    words,
                    "#".repeat(done),
                    ".".repeat(BAR_CHARS - done),
                    (int) (100 * share),
                    PlainReport.size(totalBytes),
                    rate / 1e6,
                    eta);
        }
        if (results > 0) {
            return String.format(
                    Locale.ROOT,
                    "receiving %d/%d, %s, %.0f MB/s",
                    Math.min(saved + 1, results),
                    results,
                    PlainReport.size(bytes),
                    rate / 1e6);
        }
        return words + " " + clock(elapsed.toSeconds());
    }

    /** Where a job is, given the rows of the queue: "queued, 2 ahead", or "running". */
    static String place(List<Event.QueueDetails.Row> jobs, String job) {
        int ahead = 0;
        for (Event.QueueDetails.Row row : jobs) {
            if (row.jobId().equals(job)) {
                return row.status().equals("queued") ? "queued, " + ahead + " ahead," : row.status();
            }
            if (row.status().equals("queued")) {
                ahead++;
            }
        }
        return "waiting";
    }

    private static String clock(long seconds) {
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
