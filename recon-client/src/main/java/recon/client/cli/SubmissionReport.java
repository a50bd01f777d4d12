package recon.client.cli;

import recon.client.submit.JobOutcome;

/** Tells only what is unusual, and not on standard output. */
final class SubmissionReport implements JobReport {
    private final ClientConsole console;

    SubmissionReport(ClientConsole console) {
        this.console = console;
    }

    @Override
    public void goesOn() {
        unusual(PlainReport.GOES_ON);
    }

    @Override
    public void notice(String words) {
        unusual(PlainReport.noticed(words));
    }

    @Override
    public void connectionLost(String reason) {
        unusual(PlainReport.lost(reason));
    }

    @Override
    public void reconnected() {
        unusual(PlainReport.CONNECTED_AGAIN);
    }

    @Override
    public void ended(JobOutcome outcome) {}

    private void unusual(String line) {
        if (!console.style().quiet()) {
            console.tell(line);
        }
    }
}
