package recon.client.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;

/** One line for each step, for log files and pipes. */
final class PlainReport implements JobReport {
    static final String CONNECTED_AGAIN = "connected again";

    static final String GOES_ON = "this command was begun before; it goes on where that ended";

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
    public void goesOn() {
        say(GOES_ON);
    }

    @Override
    public void notice(String words) {
        say(noticed(words));
    }

    @Override
    public void waiting(JobId job) {
        say("waiting for job " + job);
    }

    @Override
    public void connectionLost(String reason) {
        say(lost(reason));
    }

    @Override
    public void reconnected() {
        say(CONNECTED_AGAIN);
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

    static String noticed(String words) {
        return "the server says: " + Printable.cell(words);
    }

    static String lost(String reason) {
        return "connection lost (" + Printable.cell(reason) + "); trying again";
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
