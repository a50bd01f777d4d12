package recon.client.cli;

import java.io.PrintWriter;
import java.util.List;
import recon.client.ReconClient;
import recon.common.wire.Report;

/** Prints the answers to queries: aligned text for people, or lines of JSON for programs. */
final class StatusPrinter {
    private final PrintWriter out;
    private final boolean json;

    StatusPrinter(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    void print(ReconClient.StatusAnswer answer) {
        Report.ServerStatus status = answer.status();
        if (json) {
            JsonReport.print(out, "server_status", fields -> {
                status.writeParams(fields);
                fields.text("transport", answer.transport());
            });
            return;
        }
        printLines(status);
        out.printf("Transport    %s (of this query)%n", answer.transport());
        if (!status.backends().isEmpty()) {
            out.println();
            backends(status.backends()).forEach(out::println);
        }
    }

    void print(Report.ServerStatus status) {
        if (json) {
            JsonReport.print(out, "server_status", status::writeParams);
        } else {
            printLines(status);
        }
    }

    private void printLines(Report.ServerStatus status) {
        out.printf("Uptime       %s%n", Printable.cell(status.uptime()));
        out.printf("Workers      %d busy of %d%n", status.busyWorkers(), status.maxWorkers());
        out.printf("Queued jobs  %d%n", status.queuedJobs());
        if (!status.waitingBecause().isEmpty()) {
            out.printf("They wait    %s%n", Printable.cell(status.waitingBecause()));
        }
        out.printf("Undelivered  %d%n", status.undeliveredJobs());
        if (status.draining()) {
            out.println("Draining     takes no new jobs");
        }
    }

    /** Those of a relay. */
    private static List<String> backends(List<Report.ServerStatus.Backend> backends) {
        Table table = new Table();
        table.row("BACKEND", "STATE", "BUSY", "WORKERS", "QUEUED");
        for (Report.ServerStatus.Backend backend : backends) {
            table.row(
                    Printable.cell(backend.name()),
                    state(backend),
                    Integer.toString(backend.busyWorkers()),
                    Integer.toString(backend.maxWorkers()),
                    Integer.toString(backend.queuedJobs()));
            table.note(backend.problem().isEmpty() ? "" : "   " + Printable.cell(backend.problem()));
        }
        return table.lines();
    }

    /** In a word. */
    static String state(Report.ServerStatus.Backend backend) {
        if (!backend.healthy()) {
            return "out";
        }
        return backend.draining() ? "draining" : "healthy";
    }

    /** @param all whether ended jobs were asked for too */
    void print(Report.QueueDetails queue, boolean all) {
        if (json) {
            for (Report.QueueDetails.Row job : queue.jobs()) {
                JsonReport.print(out, "job", job::write);
            }
            JsonReport.print(out, "queue", fields -> {
                fields.number("count", queue.jobs().size());
                fields.number("total", queue.total());
            });
            return;
        }
        QueueTable.lines(queue, all).forEach(out::println);
    }

    void print(Report.JobDetails job) {
        if (json) {
            printJson(job);
        } else {
            JobSheet.lines(job).forEach(out::println);
        }
    }

    /** What became of a job that something was done to. */
    void printStatusOf(Report.JobDetails job) {
        if (json) {
            printJson(job);
        } else {
            out.println("job " + Printable.cell(job.job().jobId()) + " is "
                    + Printable.cell(job.job().status()));
        }
    }

    private void printJson(Report.JobDetails job) {
        JsonReport.print(out, "job_details", job::writeParams);
    }
}
