package recon.client.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;

/** One line for each step, for log files and pipes. */
final class PlainReport implements JobReport {
    private final PrintWriter out;
    private final PrintWriter err;
    private final SavedFiles savedFiles = new SavedFiles();

    PlainReport(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public void sending(int files, long bytes) {
        say("sending " + Words.count(files, "file") + ", " + Words.size(bytes));
    }

    @Override
    public void queued(JobId job) {
        say("queued as job " + job);
    }

    @Override
    public void receiving(int files) {
        say("receiving " + Words.count(files, "result"));
    }

    @Override
    public void saved(Path file, boolean elsewhere) {
        savedFiles.add(file, elsewhere);
    }

    @Override
    public void ended(JobOutcome outcome) {
        if (outcome instanceof JobOutcome.Failed failed) {
            QuietReport.printFailure(failed, err);
        } else if (outcome instanceof JobOutcome.Completed completed) {
            savedFiles.summary(completed).forEach(this::say);
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
