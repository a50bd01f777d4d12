package recon.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.Request;

/** What can be asked about one job, and the queue with its ended jobs. */
@Timeout(60)
class JobActionsTest {
    private static final String JOB = FakeServer.JOB.toString();

    @TempDir
    private Path directory;

    private Cli cli;

    @BeforeEach
    void writeOptions() throws IOException {
        cli = new Cli(directory);
    }

    private Cli.Run ask(Request expected, Event answer, String... arguments) throws Exception {
        List<Request> asked = new ArrayList<>();
        try (FakeServer server = FakeServer.that(client -> {
            asked.add(client.request(Request.class, "a request"));
            client.channel.announce(answer);
        })) {
            Cli.Run run = cli.run(server, arguments);
            server.join();
            assertThat(asked).containsExactly(expected);
            return run;
        }
    }

    private static Request about(Request.OfJob.Verb verb) {
        return new Request.OfJob(verb, FakeServer.JOB);
    }

    @Test
    void showsAJobAndItsHistory() throws Exception {
        assertThat(ask(about(Request.OfJob.Verb.SHOW), Samples.details("failed"), "--job", JOB))
                .isEqualTo(new Cli.Run(0, """
                Job           %s
                Status        failed since 2026-02-01 00:10:00 UTC
                Reason        script exited with code 3
                              no coil?[2J
                Priority      urgent
                Submitted     2026-01-31 23:59:59 UTC from 10.0.0.5
                Primary file  a.7
                Input         3 files, 12.3 MB
                Options       {"num_slices":128}
                Attempts      2
                Results       32 files, 16.8 MB, kept until 2026-02-08 00:10:00 UTC

                TIME (UTC)           STATUS     BY        REASON
                2026-01-31 23:59:59  receiving  10.0.0.5
                2026-02-01 00:10:00  failed     server    exit code 3
                """.formatted(JOB), ""));
    }

    @Test
    void showsAJobAsOneObject() throws Exception {
        Cli.Run run = ask(about(Request.OfJob.Verb.SHOW), Samples.details("failed"), "--job", JOB, "--json");
        assertThat(run.outLines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("event").textValue()).isEqualTo("job_details");
        assertThat(json.at("/job/job_id").textValue()).isEqualTo(JOB);
        assertThat(json.at("/history/1/by").textValue()).isEqualTo("server");
    }

    @Test
    void saysWhatBecameOfAJobThatWasCancelledOrRunAgain() throws Exception {
        assertThat(ask(about(Request.OfJob.Verb.CANCEL), Samples.details("cancelled"), "--cancel", JOB))
                .isEqualTo(new Cli.Run(0, "job " + JOB + " is cancelled\n", ""));
        assertThat(ask(about(Request.OfJob.Verb.RERUN), Samples.details("queued"), "--rerun", JOB))
                .isEqualTo(new Cli.Run(0, "job " + JOB + " is queued\n", ""));
        assertThat(ask(about(Request.OfJob.Verb.RERUN), Samples.details("queued"), "--rerun", JOB, "--json")
                        .out())
                .startsWith("{\"event\":\"job_details\",\"job\":{\"job_id\":\"" + JOB + "\",\"status\":\"queued\"");
    }

    @Test
    void saysWhyNothingCanBeDone() throws Exception {
        try (FakeServer server = FakeServer.that(client -> {
            client.request(Request.class, "a request");
            client.channel.announce(new Event.EventError("job " + JOB + " has ended already"));
        })) {
            Cli.Run run = cli.run(server, "--cancel", JOB);
            assertThat(run.exitCode()).isEqualTo(4);
            assertThat(run.err()).isEqualTo("recon-client: the server refused: job " + JOB + " has ended already\n");
        }
    }

    private Cli.Run log(List<byte[]> pieces, String... arguments) throws Exception {
        try (FakeServer server = FakeServer.that(client -> {
            assertThat(client.request(Request.GetJobLog.class, "get_job_log"))
                    .isEqualTo(new Request.GetJobLog(
                            FakeServer.JOB, List.of(arguments).contains("--follow")));
            for (int i = 0; i < pieces.size(); i++) {
                client.channel.announce(new Report.JobLog(FakeServer.JOB, pieces.get(i), i == pieces.size() - 1));
            }
        })) {
            Cli.Run run = cli.run(server, arguments);
            server.join();
            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            return run;
        }
    }

    /** Two pieces, cut within a character. */
    private static List<byte[]> cut(String text, int at) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return List.of(java.util.Arrays.copyOf(bytes, at), java.util.Arrays.copyOfRange(bytes, at, bytes.length));
    }

    @Test
    void copiesALogByteForByteToAFileOrAPipe() throws Exception {
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        assertThat(log(List.of(every, new byte[0], every), "--log", JOB).out()).isEmpty();
        assertThat(cli.raw()).hasSize(512).startsWith(every).endsWith(every);
    }

    @Test
    void endsALogThatNobodyReadsAnyMore() throws Exception {
        cli.brokenPipe();
        try (FakeServer server = FakeServer.that(client -> {
            client.request(Request.GetJobLog.class, "get_job_log");
            client.channel.send(new Report.JobLog(FakeServer.JOB, new byte[1], false));
            client.awaitClose();
        })) {
            Cli.Run run = cli.run(server, "--log", JOB, "--follow");
            server.join();
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .isEqualTo("recon-client: the log cannot be written to standard output: Broken pipe\n");
        }
    }

    @Test
    void aLogWhoseConnectionBreaksIsNotTakenForWhole() throws Exception {
        try (FakeServer server = FakeServer.that(client -> {
            client.request(Request.GetJobLog.class, "get_job_log");
            client.channel.announce(new Report.JobLog(FakeServer.JOB, new byte[1], false));
        })) {
            Cli.Run run = cli.run(server, "--log", JOB);
            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.err()).contains("the connection broke: ");
        }
    }

    @Test
    void showsALogOnATerminalWithoutControlCodes() throws Exception {
        cli.onTerminal();
        String text = "\u00e4 1 %\r2 %\r\n\tdone\u001b[2J\u009b\u0007\n";
        assertThat(log(cut(text, 1), "--log", JOB, "--follow").out()).isEqualTo("\u00e4 1 %\n2 %\n\tdone?[2J??\n");
        assertThat(cli.raw()).isEmpty();
    }

    @Test
    void givesALogToProgramsAsText() throws Exception {
        assertThat(log(cut("\u00e4\n", 1), "--json", "--log", JOB).outLines())
                .containsExactly(
                        "{\"event\":\"log\",\"job_id\":\"" + JOB + "\",\"text\":\"\\u00e4\\n\"}",
                        "{\"event\":\"log_end\",\"job_id\":\"" + JOB + "\"}");
    }

    @Test
    void showsEndedJobsAndThatThereAreMore() throws Exception {
        Report.QueueDetails queue = new Report.QueueDetails(
                List.of(
                        Samples.row("running", "a.7", ""),
                        Samples.row("failed", "a_name_that_is_much_too_long_for_a_table.h5", "no coil ".repeat(30)),
                        Samples.row("delivered", "b.7", "")),
                3214);
        Cli.Run run = ask(new Request.GetQueueDetails(true, 100), queue, "--view-queue", "--all");
        assertThat(run.out()).isEqualTo("""
                   JOB ID                                STATUS     PRIORITY  PRIMARY FILE                  FILES  SUBMITTED (UTC)
                *  %1$s  running    urgent    a.7                           3      2026-01-31 23:59:59
                   %1$s  failed     urgent    a_name_that_is_much_too_l...  3      2026-01-31 23:59:59
                   since 2026-02-01 00:10:00: %2$s...
                   %1$s  delivered  urgent    b.7                           3      2026-01-31 23:59:59
                   since 2026-02-01 00:10:00
                3 of 3214 jobs, 1 with a worker (*)
                """.formatted(JOB, "no coil ".repeat(11).strip()));
        assertThat(run.outLines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void theQueueOfAnOperatorTellsWhoseTheJobsAre() throws Exception {
        Report.QueueDetails queue = new Report.QueueDetails(
                List.of(
                        Samples.row("running", "a.7", "", "scanner1"),
                        Samples.row("delivering", "a_name_that_is_too_long.h5", "", "scanner.in.the.basement")),
                2);
        Cli.Run run = ask(new Request.GetQueueDetails(false, 100), queue, "--view-queue");
        assertThat(run.out()).isEqualTo("""
                   JOB ID                                STATUS      PRIORITY  OWNER         PRIMARY FILE    FILES  SUBMITTED (UTC)
                *  %1$s  running     urgent    scanner1      a.7             3      2026-01-31 23:59:59
                   %1$s  delivering  urgent    scanner.i...  a_name_that...  3      2026-01-31 23:59:59
                2 jobs, 1 with a worker (*)
                """.formatted(JOB));
        assertThat(run.outLines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void theSheetNamesTheOwnerOfAJobUnlessTheKeyIsShared() throws Exception {
        for (String owner : List.of("scanner1", "shared", "")) {
            Report.JobDetails job = new Report.JobDetails(
                    Samples.row("queued", "a.7", "", owner), "", 7, "", 0, "{}", 0, 0, "", "", List.of());
            assertThat(ask(about(Request.OfJob.Verb.SHOW), job, "--job", JOB)
                            .outLines()
                            .contains("Owner         scanner1"))
                    .isEqualTo(owner.equals("scanner1"));
        }
    }

    @Test
    void theQueueOfOneOwnerDoesNotNameIt() throws Exception {
        Report.QueueDetails queue = new Report.QueueDetails(
                List.of(Samples.row("running", "a.7", "", "scanner1"), Samples.row("queued", "b.7", "", "scanner1")),
                2);
        assertThat(ask(new Request.GetQueueDetails(false, 100), queue, "--view-queue")
                        .out())
                .doesNotContain("OWNER", "scanner1");
        assertThat(ask(new Request.GetQueueDetails(false, 100), queue, "--view-queue", "--json")
                        .out())
                .contains("\"owner\":\"scanner1\"");
    }

    @Test
    void asksForSoManyJobs() throws Exception {
        Report.QueueDetails none = new Report.QueueDetails(List.of(), 0);
        assertThat(ask(new Request.GetQueueDetails(false, 7), none, "--view-queue", "--limit", "7")
                        .out())
                .isEqualTo("No job runs or waits.\n");
        assertThat(ask(new Request.GetQueueDetails(true, 100), none, "--view-queue", "--all")
                        .out())
                .isEqualTo("There is no job.\n");
    }

    @Test
    void saysWhyJobsWait() throws Exception {
        Report.ServerStatus status =
                new Report.ServerStatus("00h 00m 56s", 4, 0, 2, 5, "only 100 MB of memory are available");
        assertThat(ask(new Request.GetServerStatus(), status, "--server-status").out())
                .isEqualTo("""
                Uptime       00h 00m 56s
                Workers      0 busy of 4
                Queued jobs  2
                They wait    only 100 MB of memory are available
                Undelivered  5
                Transport    fernet (of this query)
                """);
    }
}
