package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.Request;

@Timeout(60)
class QueryCommandTest {
    private static final Report.ServerStatus STATUS = new Report.ServerStatus("00h 00m 56s", 4, 2, 7, 0, "");
    private static final String FIRST = "11111111-2222-3333-4444-555555555555";
    private static final String SECOND = "99999999-2222-3333-4444-555555555555";
    private static final Report.QueueDetails QUEUE = new Report.QueueDetails(
            List.of(
                    new Report.QueueDetails.Row(
                            FIRST,
                            "running",
                            "a.7",
                            1,
                            "2026-01-31 23:59:59 UTC",
                            "job_" + FIRST + "_input",
                            "normal",
                            "",
                            "",
                            ""),
                    new Report.QueueDetails.Row(
                            SECOND,
                            "queued",
                            "a_longer_name.h5",
                            12,
                            "2026-02-01 00:00:01 UTC",
                            "job_" + SECOND + "_input",
                            "urgent",
                            "",
                            "",
                            "")),
            2);

    @TempDir
    private Path directory;

    private Cli cli;

    @BeforeEach
    void writeOptions() throws IOException {
        cli = new Cli(directory);
    }

    private static FakeServer.Behaviour answer(Class<? extends Request> request, Event answer) {
        return client -> {
            client.request(request, "another request");
            client.channel.announce(answer);
        };
    }

    private Cli.Run status(String... arguments) throws Exception {
        try (FakeServer server = FakeServer.that(answer(Request.GetServerStatus.class, STATUS))) {
            Cli.Run run = cli.run(server, arguments);
            server.join();
            return run;
        }
    }

    private Cli.Run queue(Report.QueueDetails answer, String... arguments) throws Exception {
        try (FakeServer server = FakeServer.that(answer(Request.GetQueueDetails.class, answer))) {
            Cli.Run run = cli.run(server, arguments);
            server.join();
            return run;
        }
    }

    @Test
    void showsTheStatus() throws Exception {
        assertThat(status("--server-status")).isEqualTo(new Cli.Run(0, """
                Uptime       00h 00m 56s
                Workers      2 busy of 4
                Queued jobs  7
                Undelivered  0
                Transport    fernet (of this query)
                """, ""));
    }

    @Test
    void showsTheStatusAsJson() throws Exception {
        assertThat(status("--server-status", "--json").out())
                .isEqualTo("{\"event\":\"server_status\",\"server_uptime\":\"00h 00m 56s\","
                        + "\"configured_max_workers\":4,\"current_worker_thread_count\":2,"
                        + "\"queued_jobs_in_system\":7,\"undelivered_jobs\":0,\"transport\":\"fernet\"}\n");
    }

    @Test
    void showsTheQueueInAlignedColumns() throws Exception {
        assertThat(queue(QUEUE, "--view-queue")).isEqualTo(new Cli.Run(0, """
                   JOB ID                                STATUS   PRIORITY  PRIMARY FILE      FILES  SUBMITTED (UTC)
                *  %s  running  normal    a.7               1      2026-01-31 23:59:59
                   %s  queued   urgent    a_longer_name.h5  12     2026-02-01 00:00:01
                2 jobs, 1 with a worker (*)
                """.formatted(FIRST, SECOND), ""));
    }

    @Test
    void showsTheQueueAsJson() throws Exception {
        assertThat(queue(QUEUE, "--json", "--view-queue").outLines())
                .hasSize(3)
                .endsWith("{\"event\":\"queue\",\"count\":2,\"total\":2}")
                .first()
                .isEqualTo("{\"event\":\"job\",\"job_id\":\"" + FIRST
                        + "\",\"status\":\"running\",\"primary_input_file\":\"a.7\",\"num_input_files\":1,"
                        + "\"submitted_at_utc\":\"2026-01-31 23:59:59 UTC\",\"job_input_dir_basename\":\"job_" + FIRST
                        + "_input\",\"priority\":\"normal\",\"changed_at_utc\":\"\",\"reason\":\"\"}");
    }

    @Test
    void showsThatTheQueueIsEmpty() throws Exception {
        Report.QueueDetails empty = new Report.QueueDetails(List.of(), 0);
        assertThat(queue(empty, "--view-queue").out()).isEqualTo("No job runs or waits.\n");
        assertThat(queue(empty, "--view-queue", "--json").out())
                .isEqualTo("{\"event\":\"queue\",\"count\":0,\"total\":0}\n");
    }

    @Test
    void doesNotLetNamesFromTheServerControlTheTerminal() throws Exception {
        Report.QueueDetails hostile = new Report.QueueDetails(
                List.of(new Report.QueueDetails.Row("id", "queued", "\u001b[2J\nx", 1, "", "d", "normal", "", "", "")),
                1);
        assertThat(queue(hostile, "--view-queue").outLines()).hasSize(3).anyMatch(line -> line.contains("?[2J?x"));
    }

    @Test
    void reachesAServerByItsIpv6Address() throws Exception {
        byte[] address = new byte[16];
        address[15] = 1;
        InetAddress loopback = InetAddress.getByAddress(address);
        try (FakeServer server = FakeServer.at(loopback, answer(Request.GetServerStatus.class, STATUS))) {
            Cli.Run run = cli.run("--server-status", "--server", "[::1]:" + server.port());
            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
        } catch (java.net.BindException e) {
            org.junit.jupiter.api.Assumptions.abort("skipped: this machine has no IPv6 loopback");
        }
    }

    @Test
    void takesThePortFromTheOptionsIfTheServerIsNamedWithoutOne() throws Exception {
        try (FakeServer server = FakeServer.that(answer(Request.GetServerStatus.class, STATUS))) {
            Cli.Run run = cli.run("--server-status", "--server", "localhost", "--set", "server_port=" + server.port());
            assertThat(run.exitCode()).isZero();
        }
    }
}
