package recon.client.cli;

import java.util.ArrayList;
import java.util.List;
import recon.common.crypto.KeyOwner;
import recon.common.wire.Report;

/** One job with its history, for people. */
final class JobSheet {
    private static final int LABEL_CHARS = 14;

    private final List<String> lines = new ArrayList<>();

    private JobSheet() {}

    static List<String> lines(Report.JobDetails details) {
        JobSheet sheet = new JobSheet();
        sheet.describe(details);
        sheet.lines.add("");
        Table history = new Table().row("TIME (UTC)", "STATUS", "BY", "REASON");
        for (Report.JobDetails.Change change : details.history()) {
            history.row(change.atUtc().replace(" UTC", ""), change.status(), change.by(), change.reason());
        }
        sheet.lines.addAll(history.lines());
        return sheet.lines;
    }

    private void describe(Report.JobDetails details) {
        Report.QueueDetails.Row job = details.job();
        add("Job", job.jobId());
        add("Status", job.status() + (job.changedAtUtc().isEmpty() ? "" : " since " + job.changedAtUtc()));
        add("Reason", details.reason());
        add("Priority", job.priority());
        add(
                "Submitted",
                job.submittedAtUtc() + (details.submittedFrom().isEmpty() ? "" : " from " + details.submittedFrom()));
        add("Owner", job.owner().equals(KeyOwner.SHARED.name()) ? "" : job.owner());
        add("Primary file", job.primaryFile());
        add(
                "Input",
                Words.count(job.fileCount(), "file") + ", " + Words.size(details.inputBytes())
                        + until(details.inputsKeptUntilUtc()));
        add("Options", details.optionsJson());
        add("Attempts", Integer.toString(details.attempts()));
        add(
                "Results",
                details.resultCount() == 0
                        ? "none"
                        : Words.count(details.resultCount(), "file") + ", " + Words.size(details.resultBytes())
                                + until(details.resultsKeptUntilUtc()));
    }

    private static String until(String time) {
        return time.isEmpty() ? "" : ", kept until " + time;
    }

    /** Several lines of text stay below each other. */
    private void add(String label, String text) {
        if (text.isEmpty()) {
            return;
        }
        String indent = "";
        for (String line : Printable.text(text).lines().toList()) {
            String left = indent.isEmpty() ? label : "";
            indent = left + " ".repeat(LABEL_CHARS - left.length());
            lines.add(indent + line);
        }
    }
}
