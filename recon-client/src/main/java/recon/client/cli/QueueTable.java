package recon.client.cli;

import java.util.ArrayList;
import java.util.List;
import recon.common.job.JobState;
import recon.common.wire.Report;

/**
 * The rows of the queue for people, in lines of at most {@value #MAX_CHARS} characters. Whose the jobs are is told where
 * that differs.
 */
final class QueueTable {
    static final int MAX_CHARS = 120;
    private static final int MAX_NAME_CHARS = 28;

    /** Where there is a column for the owners as well. */
    private static final int MAX_OWNER_CHARS = 12;

    private static final int MAX_SHORT_NAME_CHARS = MAX_NAME_CHARS - MAX_OWNER_CHARS - 2;
    private static final String INDENT = "   ";

    private QueueTable() {}

    /** @param all whether ended jobs were asked for too */
    static List<String> lines(Report.QueueDetails queue, boolean all) {
        if (queue.jobs().isEmpty()) {
            return List.of(all ? "There is no job." : "No job runs or waits.");
        }
        Table table = new Table();
        boolean owners = queue.jobs().stream()
                        .map(Report.QueueDetails.Row::owner)
                        .distinct()
                        .count()
                > 1;
        row(table, owners, "OWNER", "", "JOB ID", "STATUS", "PRIORITY", "PRIMARY FILE", "FILES", "SUBMITTED (UTC)");
        for (Report.QueueDetails.Row job : queue.jobs()) {
            row(
                    table,
                    owners,
                    cut(job.owner(), MAX_OWNER_CHARS),
                    isWithWorker(job) ? "*" : "",
                    job.jobId(),
                    job.status(),
                    job.priority(),
                    cut(job.primaryFile(), owners ? MAX_SHORT_NAME_CHARS : MAX_NAME_CHARS),
                    Integer.toString(job.fileCount()),
                    withoutZone(job.submittedAtUtc()));
            table.note(note(job));
        }
        List<String> lines = new ArrayList<>(table.lines());
        long running = queue.jobs().stream().filter(QueueTable::isWithWorker).count();
        int shown = queue.jobs().size();
        String count = shown < queue.total() ? shown + " of " : "";
        lines.add(count + Words.count(Math.max(shown, queue.total()), "job") + ", " + running + " with a worker (*)");
        return lines;
    }

    /** The owner has the column before the file. */
    private static void row(Table table, boolean owners, String owner, String... others) {
        List<String> cells = new ArrayList<>(List.of(others));
        if (owners) {
            cells.add(4, owner);
        }
        table.row(cells.toArray(String[]::new));
    }

    private static boolean isWithWorker(Report.QueueDetails.Row job) {
        return job.status().equals(JobState.RUNNING.word()) || job.status().equals("processing"); // as Python has it
    }

    /** Since when an ended job has been so; and of every job why, if there is something to say. */
    private static String note(Report.QueueDetails.Row job) {
        String since = isEnded(job) && !job.changedAtUtc().isEmpty() ? "since " + withoutZone(job.changedAtUtc()) : "";
        String why = job.reason();
        String words = since.isEmpty() || why.isEmpty() ? since + why : since + ": " + why;
        if (!job.backend().isEmpty()) {
            words = "on " + job.backend() + (words.isEmpty() ? "" : ", " + words);
        }
        return words.isEmpty() ? "" : INDENT + cut(Printable.cell(words), MAX_CHARS - INDENT.length());
    }

    private static boolean isEnded(Report.QueueDetails.Row job) {
        try {
            return JobState.parse(job.status()).isEnded();
        } catch (IllegalArgumentException unknownHere) {
            return false;
        }
    }

    private static String withoutZone(String time) {
        return time.replace(" UTC", "");
    }

    private static String cut(String text, int maxChars) {
        return text.length() <= maxChars ? text : text.substring(0, maxChars - 3) + "...";
    }
}
