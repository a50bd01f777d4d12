package recon.client.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.common.job.Failures;
import recon.common.job.JobId;
import recon.common.wire.PayloadWriter;

/** Where a run of the program says what, and how much of it. */
record ClientConsole(PrintWriter out, PrintWriter err, Style style) {
    static final String USAGE_ERROR = "usage";

    /** As the command line asks. */
    record Style(boolean json, boolean quiet, boolean verbose) {}

    /** A line for the person, whatever is printed for programs. */
    void tell(String line) {
        err.println("recon-client: " + line);
        err.flush();
    }

    /** @param kind as in {@link JsonReport#error} */
    void error(String kind, String message) {
        if (style.json()) {
            JsonReport.error(out, kind, message);
        }
        Printable.text(message).lines().forEach(this::tell);
    }

    int fail(int exitCode, Exception e) {
        if (style.verbose()) {
            e.printStackTrace(err);
        }
        if (e instanceof ClientException failure) {
            boolean fetchable = ExitCode.of(failure.kind()) == ExitCode.LOST
                    && failure.job().isPresent();
            error(
                    failure.kind().name().toLowerCase(Locale.ROOT),
                    fetchable
                            ? failure.getMessage() + ": "
                                    + howToFetch(failure.job().get())
                            : failure.getMessage());
        } else {
            error(exitCode == ExitCode.USAGE ? USAGE_ERROR : "failed", Failures.words(e));
        }
        return exitCode;
    }

    /**
     * Says what was written.
     *
     * @param words for people
     * @param more fields for programs than the path
     */
    void wrote(Path path, String words, Consumer<PayloadWriter> more) {
        if (style.json()) {
            JsonReport.print(out, "wrote", fields -> {
                fields.text("path", path.toString());
                more.accept(fields);
            });
        } else {
            out.println("wrote " + words);
        }
    }

    /** For people, to be typed. */
    static String howToFetch(JobId job) {
        return "java -jar recon-client.jar --fetch " + job;
    }

    StatusPrinter printer() {
        return new StatusPrinter(out, style.json());
    }

    /** For a job whose end is awaited. */
    JobReport report(ReconClient client) {
        if (style.json()) {
            return new JsonReport(out);
        }
        if (style.quiet()) {
            return new QuietReport(err);
        }
        if (style.verbose() || !TerminalReport.isPossible()) {
            return new PlainReport(out, err);
        }
        return new TerminalReport(out, err, job -> place(client, job));
    }

    /** For a job that is only submitted: standard output is for its id alone. */
    JobReport submissionReport() {
        return style.json() ? new JsonReport(out) : new SubmissionReport(this);
    }

    /** Returns null if the server does not say; should it be gone, the job's own connection will tell. */
    private static String place(ReconClient client, JobId job) {
        try {
            return StatusLine.place(client.queueDetails().jobs(), job.toString());
        } catch (ClientException e) {
            return null;
        }
    }
}
