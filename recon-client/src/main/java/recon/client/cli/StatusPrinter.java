package recon.client.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import recon.common.wire.Report;

/** Prints the answers to queries: an aligned table for people, or lines of JSON for programs. */
final class StatusPrinter {
    private final PrintWriter out;
    private final boolean json;

    StatusPrinter(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    void print(Report.ServerStatus status) {
        if (json) {
            JsonReport.print(out, "server_status", status::writeParams);
            return;
        }
        out.printf("Uptime       %s%n", Printable.cell(status.uptime()));
        out.printf("Workers      %d busy of %d%n", status.busyWorkers(), status.maxWorkers());
        out.printf("Queued jobs  %d%n", status.queuedJobs());
    }

    void print(Report.QueueDetails queue) {
        if (json) {
            for (Report.QueueDetails.Row job : queue.jobs()) {
                JsonReport.print(out, "job", job::write);
            }
            JsonReport.print(
                    out, "queue", fields -> fields.number("count", queue.jobs().size()));
            return;
        }
        if (queue.jobs().isEmpty()) {
            out.println("No job runs or waits.");
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "JOB ID", "STATUS", "PRIMARY FILE", "FILES", "SUBMITTED (UTC)", "INPUT DIRECTORY"));
        for (Report.QueueDetails.Row job : queue.jobs()) {
            rows.add(Stream.of(
                            isWithWorker(job) ? "*" : "",
                            job.jobId(),
                            job.status(),
                            job.primaryFile(),
                            Integer.toString(job.fileCount()),
                            job.submittedAtUtc().replace(" UTC", ""),
                            job.inputDirectory())
                    .map(Printable::cell)
                    .toList());
        }
        printTable(rows);
        long running = queue.jobs().stream().filter(StatusPrinter::isWithWorker).count();
        out.printf("%s, %d with a worker (*)%n", Words.count(queue.jobs().size(), "job"), running);
    }

    private static boolean isWithWorker(Report.QueueDetails.Row job) {
        return job.status().equals("running")
                || job.status().equals("delivering")
                || job.status().equals("processing");
    }

    private void printTable(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = row.get(i);
                line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
