package recon.client.cli;

import java.time.Duration;
import java.util.List;
import recon.common.wire.Report;

/** The words and figures of the line at the bottom of a terminal. */
final class StatusLine {
    private static final int BAR_CHARS = 24;

    private StatusLine() {}

    /** A bar: "sending 2 files [######..................]  25 % of 40.0 MB, 80 MB/s, 0:01 left". */
    static String sending(int files, long bytes, long totalBytes, Duration elapsed) {
        String words = "sending " + Words.count(files, "file");
        if (totalBytes == 0) {
            return words;
        }
        double share = Math.min(1, (double) bytes / totalBytes);
        int done = (int) (share * BAR_CHARS);
        double rate = rate(bytes, elapsed);
        String left = rate > 0 ? Words.clock((long) (Math.max(0, totalBytes - bytes) / rate)) : "-:--";
        return String.format(
                "%s [%s%s] %3d %% of %s, %s, %s left",
                words,
                "#".repeat(done),
                ".".repeat(BAR_CHARS - done),
                (int) (100 * share),
                Words.size(totalBytes),
                Words.rate(rate),
                left);
    }

    /** "receiving 5/32, 12.3 MB, 80 MB/s": the fifth is coming in. */
    static String receiving(int saved, int results, long bytes, Duration elapsed) {
        return "receiving " + Math.min(saved + 1, results) + "/" + results + ", " + Words.size(bytes) + ", "
                + Words.rate(rate(bytes, elapsed));
    }

    /** "queued, 2 ahead, 0:12" or "running 0:12". */
    static String waiting(String place, Duration elapsed) {
        return place + (place.contains(",") ? ", " : " ") + Words.clock(elapsed.toSeconds());
    }

    /** Where a job is, given the rows of the queue: "queued, 2 ahead", or "running". */
    static String place(List<Report.QueueDetails.Row> jobs, String job) {
        int ahead = 0;
        for (Report.QueueDetails.Row row : jobs) {
            if (row.jobId().equals(job)) {
                return row.status().equals("queued") ? "queued, " + ahead + " ahead" : Printable.cell(row.status());
            }
            if (row.status().equals("queued")) {
                ahead++;
            }
        }
        return "waiting";
    }

    private static double rate(long bytes, Duration elapsed) {
        return bytes / Math.max(0.001, elapsed.toMillis() / 1000.0);
    }
}
