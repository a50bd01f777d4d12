package recon.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.client.cli.InProcess;
import recon.common.crypto.SharedKey;

/** An administrator at the command line, and a server from its jar. */
@Timeout(60)
class AdminIT {
    private static final String NO_JOB = "00000000-0000-4000-8000-000000000000";
    private static final Pattern PORT = Pattern.compile(".*administration: .* port (\\d+).*");

    @TempDir
    Path directory;

    private final String key = newKey();
    private final String adminKey = newKey();
    private Site site;
    private Site.Server server;
    private String adminPort;

    private static String newKey() {
        try (SharedKey made = SharedKey.generate(new SecureRandom())) {
            return made.text();
        }
    }

    @BeforeEach
    void site() {
        site = new Site(directory);
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    private void options(String more) throws IOException {
        site.options(key, "SERVER_ADMIN_PORT = 0\nSERVER_ADMIN_SHARED_KEY = " + adminKey + "\n" + more);
        if (more.contains("LOG_FILEPATH")) {
            String text = Files.readString(site.path("recon.opts"));
            Files.writeString(site.path("recon.opts"), text.replaceFirst("(?m)^LOG_FILEPATH =$", ""));
        }
    }

    private void start(String more) throws Exception {
        options("STATE_DIR = state\n" + more);
        Files.copy(site.path("recon.opts"), site.path("admin.opts"), StandardCopyOption.COPY_ATTRIBUTES);
        server = site.server();
        var port = PORT.matcher(server.program().awaitErr("administration: "));
        assertThat(port.matches()).isTrue();
        adminPort = port.group(1);
        Files.writeString(site.path("a.7"), "a");
    }

    private List<String> command(String... arguments) {
        List<String> all = new ArrayList<>(List.of("admin"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--opts=" + site.path("admin.opts"), "--server=127.0.0.1:" + adminPort));
        return all;
    }

    private InProcess.Run admin(String... arguments) {
        return InProcess.run(command(arguments));
    }

    /** What it prints, if it succeeds. */
    private String done(String... arguments) {
        InProcess.Run run = admin(arguments);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run.out();
    }

    /** The one line with which it is refused. */
    private String refused(int exitCode, String... arguments) {
        InProcess.Run run = admin(arguments);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.err().lines()).hasSize(1);
        return run.err();
    }

    private InProcess.Run submit(String... more) {
        List<String> all = new ArrayList<>(List.of("--files", site.path("a.7").toString(), "--no-wait"));
        all.addAll(List.of(more));
        all.addAll(List.of("--opts=" + site.path("recon.opts"), "--server=127.0.0.1:" + server.port()));
        return InProcess.run(all);
    }

    private String submitted(String... more) {
        InProcess.Run run = submit(more);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out().strip();
    }

    /** Asks until the answer fits: each question is a connection, and takes its time. */
    private String await(Predicate<String> fits, String... arguments) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String answer = done(arguments);
        while (!fits.test(answer)) {
            assertThat(System.nanoTime()).as(answer).isLessThan(end);
            answer = done(arguments);
        }
        return answer;
    }

    /** A worker that has taken a job records a moment later that it runs. */
    private void awaitBusy(int workers) {
        await(answer -> answer.contains("\"busy\":" + workers + ","), "workers", "--json");
        await(answer -> answer.contains("  " + workers + " busy of "), "status");
    }

    private List<String> rows(String question) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + site.path("state/recon.db"));
                Statement sql = connection.createStatement();
                ResultSet result = sql.executeQuery(question)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    private List<String> actions() throws Exception {
        return rows("SELECT action || ' by ' || done_by FROM admin_action ORDER BY number");
    }

    @Test
    void whoLooksSeesJobsWorkersAndLogs() throws Exception {
        site.heldScript();
        start(site.script(
                        "talk.sh",
                        "echo one; echo two; echo three\nwhile [ -e held ] || [ -e " + site.path("held")
                                + " ]; do sleep 0.1; done\nexit 3\n")
                + "\nLOG_FILEPATH = server.log\n");
        String running = submitted();
        String waiting = submitted("--priority", "low");
        awaitBusy(1);

        assertThat(done("status"))
                .contains("Workers      1 busy of 1", "Queued jobs  1")
                .doesNotContain("Draining");
        assertThat(done("queue").lines().filter(line -> line.contains(running) || line.contains(waiting)))
                .hasSize(2);
        assertThat(done("workers")).contains("worker-1", running, "a.7", "1 of 1 worker busy");
        assertThat(done("workers", "--json").lines().toList().get(0))
                .startsWith("{\"event\":\"worker\",\"worker\":\"worker-1\"")
                .contains(running);
        assertThat(done("jobs", "--state", "queued")).contains(waiting).doesNotContain(running);
        assertThat(done("jobs", "--state", "FAILED")).isEqualTo("There is no job.\n");
        await(answer -> answer.equals("two\nthree\n"), "logs", "--job", running, "--lines", "2");
        assertThat(done("logs", "--job", waiting)).isEmpty();
        assertThat(done("logs", "--lines", "5").lines()).hasSize(5);
        assertThat(done("logs", "--lines", "500")).contains("ready: localhost port", running);

        CompletableFuture<InProcess.Run> followed =
                CompletableFuture.supplyAsync(() -> admin("logs", "--job", running, "--follow", "--json"));
        site.letScriptsEnd();
        InProcess.Run log = followed.get(60, TimeUnit.SECONDS);
        assertThat(log.exitCode()).isZero();
        assertThat(log.out())
                .contains("one\\ntwo\\nthree\\n")
                .endsWith("{\"event\":\"log_end\",\"job_id\":\"" + running + "\"}\n");
        await(answer -> answer.contains(running), "jobs", "--state", "failed", "--since", "24h");
        assertThat(done("jobs", "--since", "24h", "--limit", "1")).contains("1 of 2 jobs");
    }

    @Test
    void theServersLogIsFollowedUntilTheAdministratorLeaves() throws Exception {
        start(site.script("quick.sh", "true\n") + "\nLOG_FILEPATH = server.log\n");
        List<String> command = Site.java(
                Site.CLIENT_JAR, command("logs", "--lines", "0", "--follow").toArray(String[]::new));
        Site.Program follower = site.start(command);
        String job = null;
        // The follower may begin late: submit until it shows a job.
        CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> {
            try {
                return follower.awaitOut("queued: 1 files");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40); !seen.isDone() && System.nanoTime() < end; ) {
            job = submitted();
        }
        assertThat(seen.get(60, TimeUnit.SECONDS)).contains("client=127.0.0.1");
        assertThat(job).isNotNull();
        follower.signal("INT");
        assertThat(follower.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(done("status")).contains("Workers");
    }

    @Test
    void jobsAreMovedAndCancelled() throws Exception {
        start(site.heldScript());
        String running = submitted();
        awaitBusy(1);
        String first = submitted();
        String second = submitted();

        assertThat(done("priority", second, "urgent")).isEqualTo("job " + second + " is queued, priority urgent\n");
        String queue = done("queue");
        assertThat(queue.indexOf(second)).isLessThan(queue.indexOf(first));
        assertThat(done("cancel", first)).isEqualTo("job " + first + " is cancelled, priority normal\n");
        assertThat(done("cancel", running, "--json")).contains("\"status\":\"cancelled\"");
        awaitBusy(1); // the second one, which was moved, runs next

        assertThat(refused(4, "priority", first, "low"))
                .contains("job " + first + " is cancelled; only a job that waits (queued) can get another priority");
        assertThat(rows("SELECT state || ' ' || reason || ' by ' || done_by FROM job_change WHERE job = '" + second
                        + "' AND done_by LIKE 'admin%'"))
                .containsExactly("queued priority urgent instead of normal by admin@127.0.0.1");
        assertThat(rows("SELECT done_by FROM job_change WHERE state = 'cancelled'"))
                .containsExactly("admin@127.0.0.1", "admin@127.0.0.1");
    }

    @Test
    void workersGrowAndShrinkWhileJobsRun() throws Exception {
        start(site.heldScript());
        for (int i = 0; i < 6; i++) {
            submitted();
        }
        awaitBusy(1);
        assertThat(done("set-max-jobs", "4"))
                .isEqualTo("up to 4 jobs run at once now, before 1; also after a restart, until MAX_CONCURRENT_JOBS is"
                        + " another than 1\n");
        awaitBusy(4);
        assertThat(done("set-max-jobs", "2", "--json"))
                .isEqualTo(
                        "{\"event\":\"done\",\"message\":\"up to 2 jobs run at once now, before 4; also after a restart,"
                                + " until MAX_CONCURRENT_JOBS is another than 1\",\"figures\":{\"max_jobs\":2}}\n");
        assertThat(done("workers")).contains("4 of 2 workers busy");

        // With two of the four gone, nothing new may start; with a third gone, one may.
        List<String> running = rows("SELECT id FROM job WHERE state = 'running'");
        done("cancel", running.get(0));
        done("cancel", running.get(1));
        awaitBusy(2);
        assertThat(rows("SELECT id FROM job WHERE state = 'running'"))
                .containsExactlyInAnyOrder(running.get(2), running.get(3));
        done("cancel", running.get(2));
        await(answer -> answer.contains("\"busy\":2,") && !answer.contains(running.get(2)), "workers", "--json");
        assertThat(done("status")).contains("Workers      2 busy of 2");
        assertThat(refused(4, "set-max-jobs", "257")).contains("cannot run 257 jobs at once; the range is 1..256");
        assertThat(refused(2, "set-max-jobs", "0")).contains("cannot run 0 jobs at once");
        assertThat(actions())
                .containsExactly(
                        "set-max-jobs 4, before 1 by admin@127.0.0.1", "set-max-jobs 2, before 4 by admin@127.0.0.1");
    }

    @Test
    void aDrainedServerRunsOutAndIsResumed() throws Exception {
        start(site.heldScript());
        submitted();
        submitted();
        awaitBusy(1);
        CompletableFuture<InProcess.Run> waiting = CompletableFuture.supplyAsync(() -> admin("drain", "--wait"));
        await(answer -> answer.contains("Draining     takes no new jobs"), "status");

        CompletableFuture<InProcess.Run> patient = CompletableFuture.supplyAsync(() -> InProcess.run(List.of(
                "--files",
                site.path("a.7").toString(),
                "--output=" + site.path("patient"),
                "--opts=" + site.path("recon.opts"),
                "--server=127.0.0.1:" + server.port())));
        server.program().awaitErr("submission refused: the server is draining");
        InProcess.Run turnedAway = submit("--timeout", "1");
        assertThat(turnedAway.exitCode()).isNotZero();
        assertThat(turnedAway.err()).contains("the server is draining and takes no new jobs for now; try again later");
        assertThat(waiting.isDone()).isFalse();
        assertThat(done("drain")).startsWith("no new jobs are taken until \"resume\"");
        site.letScriptsEnd();
        InProcess.Run drained = waiting.get(60, TimeUnit.SECONDS);
        assertThat(drained.out()).isEqualTo("drained: no job waits or runs, and no new ones are taken\n");
        assertThat(rows("SELECT count(*) FROM job WHERE state IN ('queued', 'running')"))
                .containsExactly("0");

        assertThat(done("resume")).isEqualTo("new jobs are taken\n");
        assertThat(patient.get(60, TimeUnit.SECONDS).exitCode()).isZero();
        assertThat(patient.get().outLines().get(0))
                .isEqualTo("the server says: Job submission: the server is draining and takes no new jobs for now; try"
                        + " again later");
        submitted();
        assertThat(done("status")).doesNotContain("Draining");
        assertThat(refused(4, "drain", "recon2:60000")).contains("this is a server, not a relay");
        assertThat(actions())
                .containsExactly("drain by admin@127.0.0.1", "drain by admin@127.0.0.1", "resume by admin@127.0.0.1");
    }

    @Test
    void whatWasSetHoldsAfterARestart() throws Exception {
        start(site.heldScript());
        done("set-max-jobs", "3");
        done("drain");
        server.program().signal("TERM");
        assertThat(server.program().process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        Site.Program again = site.start(Site.java(Site.SERVER_JAR));
        again.awaitErr("an administrator drained this server before it was started");
        again.awaitErr("up to 3 jobs run at once, as an administrator has set; MAX_CONCURRENT_JOBS = 1");
        String ready = again.awaitErr("ready: ");
        assertThat(ready).contains(", 3 workers, draining, script hold.sh");
        server = new Site.Server(again, Integer.parseInt(ready.replaceAll(".* port (\\d+),.*", "$1")));
        var port = PORT.matcher(again.awaitErr("administration: "));
        assertThat(port.matches()).isTrue();
        adminPort = port.group(1);
        assertThat(done("status")).contains("Workers      0 busy of 3", "Draining     takes no new jobs");
        assertThat(submit("--timeout", "3").err()).contains("the server is draining");

        done("resume");
        for (int i = 0; i < 4; i++) {
            submitted();
        }
        awaitBusy(3);
        assertThat(done("set-max-jobs", "1"))
                .isEqualTo("up to 1 jobs run at once now, before 3; as MAX_CONCURRENT_JOBS says\n");
    }

    @Test
    void reloadTakesOverWhatItCanAndNothingOfABrokenFile() throws Exception {
        String script = site.heldScript() + "\nSTATE_DIR = state\n";
        start(site.script("hold.sh", "while [ -e held ]; do sleep 0.1; done\n"));
        assertThat(done("reload")).contains("nothing has changed");

        options(script + "MAX_CONCURRENT_JOBS = 3\nMAX_QUEUED_JOBS = 0\nNONSENSE = 1\n");
        InProcess.Run wrong = admin("reload");
        assertThat(wrong.exitCode()).isEqualTo(4);
        assertThat(wrong.err())
                .contains("the options are wrong, and nothing was changed", "MAX_QUEUED_JOBS", "NONSENSE");
        assertThat(wrong.err().lines()).allMatch(line -> line.startsWith("recon-client: "));
        assertThat(done("workers")).contains("0 of 1 worker busy");

        String newKey = newKey();
        site.options(
                newKey,
                "SERVER_ADMIN_PORT = 0\nSERVER_ADMIN_SHARED_KEY = " + adminKey + "\n" + script
                        + "MAX_CONCURRENT_JOBS = 3\nSCRIPT_TIMEOUT_SECONDS = 77\nTRUSTED_IPS = 127.0.0.1\n");
        assertThat(done("reload")).isEqualTo("""
                        changed: SHARED_KEY
                        changed: TRUSTED_IPS = 127.0.0.1 (was blank)
                        changed: MAX_CONCURRENT_JOBS = 3 (was 1)
                        needs a restart: SCRIPT_TIMEOUT_SECONDS = 77 (was 1800)
                        """);
        assertThat(done("workers")).contains("0 of 3 workers busy");
        submitted(); // the options file has the new key
        assertThat(submit("--set", "SHARED_KEY=" + key, "--timeout", "1").exitCode())
                .isNotZero();

        options(script + "MAX_CONCURRENT_JOBS = 2\n");
        server.program().signal("HUP");
        await(answer -> answer.contains("\"max_jobs\":2"), "workers", "--json");
        submitted();
        assertThat(actions().get(2)).startsWith("reload: changed ").endsWith(" by SIGHUP");
        assertThat(String.join("\n", actions())).doesNotContain(key, newKey);
    }

    @Test
    void purgeForgetsOnlyJobsThatEndedLongAgo() throws Exception {
        start(site.script("fail.sh", "exit 3\n"));
        String job = submitted();
        await(answer -> answer.contains(job), "jobs", "--state", "failed");
        assertThat(done("purge", "--older-than", "1h")).startsWith("forgot 0 jobs");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + site.path("state/recon.db"));
                Statement sql = connection.createStatement()) {
            sql.executeUpdate("UPDATE job SET changed_at = '2020-01-01T00:00:00.000Z' WHERE id = '" + job + "'");
        }
        assertThat(site.path("state/logs/job_" + job + ".log")).exists();
        assertThat(done("purge")).startsWith("forgot 1 job;");
        assertThat(site.path("state/logs/job_" + job + ".log")).doesNotExist();
        assertThat(rows("SELECT id FROM job")).isEmpty();
        assertThat(rows("SELECT * FROM job_change")).isEmpty();
        assertThat(refused(4, "purge", "--older-than", "10m")).contains("1 hour to 36,500 days ago");
        assertThat(actions().get(3)).startsWith("purged 1 jobs that ended before ");
    }

    @Test
    void whereTheRecordCannotBeReadALogIsRefusedWithTheReason() throws Exception {
        start(site.script("true.sh", "true\n"));
        String job = submitted();
        await(answer -> answer.contains(job), "jobs", "--state", "delivering");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + site.path("state/recon.db"));
                Statement sql = connection.createStatement()) {
            sql.executeUpdate("ALTER TABLE job RENAME TO away");
        }
        assertThat(refused(4, "logs", "--job", job)).contains("the server's records cannot be used now");
    }

    @Test
    void eachMistakeIsOneClearLine() throws Exception {
        start(site.script("true.sh", "true\n"));
        assertThat(refused(4, "cancel", NO_JOB))
                .isEqualTo("recon-client: the server refused: there is no job " + NO_JOB + "\n");
        assertThat(refused(4, "priority", NO_JOB, "urgent")).contains("there is no job " + NO_JOB);
        assertThat(refused(4, "logs", "--job", NO_JOB)).contains("there is no job " + NO_JOB);
        assertThat(refused(4, "backends")).contains("this is a server, not a relay, and has no backends to show");
        assertThat(refused(4, "logs")).contains("the server writes no log file (LOG_FILEPATH is blank)");
        assertThat(refused(4, "queue", "--set", "SERVER_ADMIN_SHARED_KEY=" + newKey()))
                .contains(
                        "closed the connection without an answer; most likely its SERVER_ADMIN_SHARED_KEY is another");
        for (String transport : List.of("tls", "fernet")) {
            assertThat(done("queue", "--set", "TRANSPORT=" + transport)).contains("No job runs or waits.");
        }
        String admin = adminPort;
        adminPort = Integer.toString(server.port());
        assertThat(refused(4, "queue")).contains("this is its port for clients and not SERVER_ADMIN_PORT");
        assertThat(refused(4, "queue", "--set", "SERVER_ADMIN_SHARED_KEY=" + key, "--set", "SHARED_KEY=" + adminKey))
                .contains("this is the port for clients; administration is on SERVER_ADMIN_PORT");
        adminPort = "1";
        assertThat(refused(3, "queue")).contains("cannot connect to 127.0.0.1 port 1", "SERVER_ADMIN_PORT right?");
        adminPort = admin;
        assertThat(refused(2, "queue", "--set", "SERVER_ADMIN_SHARED_KEY="))
                .contains("SERVER_ADMIN_SHARED_KEY is not set");
        assertThat(admin("jobs", "--since", "soon").err()).contains("\"soon\" is no length of time");
        assertThat(admin("cancel", "12").exitCode()).isEqualTo(2);
        assertThat(InProcess.run(List.of("admin")).err()).contains("give a command of admin: status, queue, workers");
    }

    @Test
    void aPortThatIsTakenStopsTheStartInOneLine() throws Exception {
        start(site.script("true.sh", "true\n"));
        Path second = Files.createDirectory(site.path("second"));
        try (Site other = new Site(second)) {
            other.options(key, "SERVER_ADMIN_PORT = " + adminPort + "\nSERVER_ADMIN_SHARED_KEY = " + adminKey + "\n");
            Site.Run run = other.run(Site.java(Site.SERVER_JAR));
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .contains(
                            "admin cannot listen on 127.0.0.1 port " + adminPort + ": Address already in use",
                            "that is SERVER_ADMIN_PORT");
        }
    }

    @Test
    void everyCommandExplainsItself() {
        for (String command : List.of(
                "status",
                "queue",
                "workers",
                "jobs",
                "logs",
                "backends",
                "clients",
                "cancel",
                "priority",
                "set-max-jobs",
                "drain",
                "resume",
                "reload",
                "purge")) {
            InProcess.Run help = InProcess.run(List.of("admin", command, "--help"));
            assertThat(help.exitCode()).isZero();
            assertThat(help.out()).contains("Usage: recon-client admin " + command, "--opts", "--server", "--json");
        }
        assertThat(InProcess.run(List.of("admin", "--help")).out())
                .contains("Examples:", "set-max-jobs", "Exit codes:");
    }
}
