package recon.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import recon.common.job.JobId;
import recon.common.wire.AdminRequest;
import recon.common.wire.RelayReport;
import recon.common.wire.Report;

/** The commands of {@code admin} that show something of a relay. */
final class AdminRelayViews {
    private AdminRelayViews() {}

    static void print(RelayReport.Status status, ClientConsole console) {
        if (console.style().json()) {
            JsonReport.print(console.out(), "relay_status", status::writeParams);
            return;
        }
        PrintWriter out = console.out();
        out.printf("Uptime    %s%n", Printable.cell(status.uptime()));
        out.printf("Version   %s%n", Printable.cell(status.version()));
        out.printf("Clients   %d connected%n", status.clients());
        out.printf(
                "Backends  %d of %d healthy%s%n",
                status.healthy(),
                status.backends(),
                status.draining() > 0 ? ", " + status.draining() + " of them draining" : "");
    }

    /** Its servers. */
    @Command(
            name = "backends",
            mixinStandardHelpOptions = true,
            description = {
                "Of a relay: each of its servers, a line each: whether it is healthy, out or draining, its jobs and workers,"
                        + " its load (waiting, running and coming jobs per worker), and how long its last status query took.",
                "Below it, its last error; it may have recovered since."
            },
            footerHeading = "%nExample:%n",
            footer = "  java -jar recon-client.jar admin --opts relay.opts backends")
    static final class Backends implements Callable<Integer> {
        @ParentCommand
        private AdminCommand admin;

        @Override
        public Integer call() throws IOException {
            return admin.run((client, console) -> print(
                    client.ask(new AdminRequest.Show(AdminRequest.Show.What.BACKENDS), RelayReport.Backends.class),
                    console));
        }

        private static void print(RelayReport.Backends backends, ClientConsole console) {
            if (console.style().json()) {
                backends.backends().forEach(backend -> JsonReport.print(console.out(), "backend", backend::write));
                return;
            }
            Table table = new Table().row("BACKEND", "STATE", "RUNNING", "QUEUED", "WORKERS", "LOAD", "LATENCY");
            for (RelayReport.Backends.Backend backend : backends.backends()) {
                Report.ServerStatus.Backend server = backend.server();
                table.row(
                        server.name(),
                        StatusPrinter.state(server),
                        Integer.toString(server.busyWorkers()),
                        Integer.toString(server.queuedJobs()),
                        Integer.toString(server.maxWorkers()),
                        String.format(Locale.ROOT, "%.2f", backend.loadPercent() / 100.0),
                        backend.latencyMillis() + " ms");
                table.note(
                        backend.lastError().isEmpty()
                                ? ""
                                : "   last error " + Printable.cell(backend.lastErrorAtUtc()) + ": "
                                        + Printable.cell(backend.lastError()));
            }
            table.lines().forEach(console.out()::println);
        }
    }

    /** Who is connected. */
    @Command(
            name = "clients",
            mixinStandardHelpOptions = true,
            description =
                    "Of a relay: who is connected with which key, since when, for what, and to which of its servers.",
            footerHeading = "%nExample:%n",
            footer = "  java -jar recon-client.jar admin --opts relay.opts clients --json")
    static final class Clients implements Callable<Integer> {
        @ParentCommand
        private AdminCommand admin;

        @Override
        public Integer call() throws IOException {
            return admin.run((client, console) -> print(
                    client.ask(new AdminRequest.Show(AdminRequest.Show.What.CLIENTS), RelayReport.Clients.class),
                    console));
        }

        private static void print(RelayReport.Clients clients, ClientConsole console) {
            if (console.style().json()) {
                clients.clients().forEach(client -> JsonReport.print(console.out(), "client", client::write));
                return;
            }
            if (clients.clients().isEmpty()) {
                console.out().println("No client is connected.");
                return;
            }
            Table table = new Table().row("ADDRESS", "OWNER", "TRANSPORT", "SINCE", "COMMAND", "BACKEND", "JOB ID");
            for (RelayReport.Clients.Client client : clients.clients()) {
                table.row(
                        client.address(),
                        client.owner(),
                        client.transport(),
                        client.sinceUtc(),
                        client.command(),
                        client.backend().isEmpty() ? "-" : client.backend(),
                        client.job().map(JobId::toString).orElse("-"));
            }
            table.lines().forEach(console.out()::println);
        }
    }
}
