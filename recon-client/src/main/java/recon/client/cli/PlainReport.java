package recon.client.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;

/** One line for each step, for log files and pipes. */
final class PlainReport implements JobReport {
    private final PrintWriter out;
    private final PrintWriter err;
    private final Set<Path> folders = new TreeSet<>();

    PlainReport(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public void sending(int files, long bytes) {
        say("sending " + count(files, "file") + ", " + size(bytes));
    }

    @Override
    public void queued(JobId job) {
        say("queued as job " + job);
    }

    @Override
    public void receiving(int files) {
        say("receiving " + count(files, "result"));
    }

    @Override
    public void saved(Path file, boolean elsewhere) {
        folders.add(file.getParent());
        if (elsewhere) {
            say("saved as " + file + ": a different file of that name was there already");
        }
    }

    @Override
    public void ended(JobOutcome outcome) {
        if (outcome instanceof JobOutcome.Failed failed) {
            QuietReport.printFailure(failed, err);
        } else if (outcome instanceof JobOutcome.Completed completed) {
            say(summary(completed, folders));
        }
    }

    static String summary(JobOutcome.Completed completed, Set<Path> folders) {
        if (completed.files().isEmpty()) {
            return "job " + completed.job() + " is complete; the script left no files";
        }
        String where = folders.size() == 1 ? folders.iterator().next().toString() : folders.size() + " folders";
        return "job " + completed.job() + " is complete: "
                + count(completed.files().size(), "file") + " in " + where;
    }

    static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    static String size(long bytes) {
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
