package recon.client.cli;

import java.io.PrintWriter;
import recon.client.submit.JobOutcome;

/** Says only why there are no results. */
final class QuietReport implements JobReport {
    private final PrintWriter err;

    QuietReport(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void ended(JobOutcome outcome) {
        if (outcome instanceof JobOutcome.Failed failed) {
            printFailure(failed, err);
        }
    }

    static void printFailure(JobOutcome.Failed failed, PrintWriter err) {
        String what = switch (failed.state()) {
            case CANCELLED -> "was cancelled";
            case EXPIRED -> "has expired";
            default -> "failed";
        };
        err.println("recon-client: job " + failed.job() + " " + what + ": " + Printable.text(failed.reason()));
        err.flush();
    }
}
