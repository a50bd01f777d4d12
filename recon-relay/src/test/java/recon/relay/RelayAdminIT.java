package recon.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.client.ReconClient;
import recon.client.submit.InputFiles;
import recon.client.submit.JobOutcome;
import recon.common.job.Priority;
import recon.common.wire.ReconOptionsJson;

/** An administrator at the command line, and a relay and servers from their jars. */
@Timeout(120)
class RelayAdminIT {
    @TempDir
    Path directory;

    private RelaySite site;

    @BeforeEach
    void open() throws Exception {
        site = new RelaySite(directory);
    }

    @AfterEach
    void close() throws Exception {
        site.close();
    }

    /** What it prints, if it succeeds. */
    private String done(String... words) throws Exception {
        return done(site.admin(words));
    }

    private static String done(RelaySite.Run run) {
        assertThat(run.exitCode()).as(run.output()).isZero();
        return run.output();
    }

    /** The one line with which it is refused. */
    private String refused(int exitCode, String... words) throws Exception {
        RelaySite.Run run = site.admin(words);
        assertThat(run.exitCode()).as(run.output()).isEqualTo(exitCode);
        assertThat(run.output().strip().lines()).hasSize(1);
        return run.output();
    }

    private CompletableFuture<JobOutcome> start(ReconClient client, Path input, Told told) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return client.run(
                        InputFiles.request(List.of(input), ReconOptionsJson.parse("{}")),
                        Priority.NORMAL,
                        site.path("results-" + input.getFileName()),
                        Optional.empty(),
                        told);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                told.letGo();
            }
        });
    }

    /** Starts a job and waits until a server has it. */
    private CompletableFuture<JobOutcome> queued(ReconClient client, String name) throws Exception {
        Told told = new Told();
        CompletableFuture<JobOutcome> job = start(client, site.input(name, 10_000), told);
        assertThat(told.isQueued.await(60, TimeUnit.SECONDS)).isTrue();
        return job;
    }

    private void assertSame(CompletableFuture<JobOutcome> job, String name) throws Exception {
        JobOutcome outcome = job.get(60, TimeUnit.SECONDS);
        assertThat(outcome).isInstanceOf(JobOutcome.Completed.class);
        assertThat(((JobOutcome.Completed) outcome).files())
                .singleElement()
                .satisfies(file -> assertThat(file).hasSameBinaryContentAs(site.path(name)));
    }

    @Test
    void whoLooksSeesTheRelayItsServersAndItsClients() throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        Program relay = site.relay("");
        site.holdScripts();
        assertThat(done("clients")).isEqualTo("No client is connected.\n");
        try (ReconClient client = site.client("auto")) {
            CompletableFuture<JobOutcome> job = queued(client, "a.7");
            String holder = client.queueDetails().jobs().get(0).backend();
            assertThat(done("status")).contains("Uptime    00h 0", "Clients   1 connected", "Backends  2 of 2 healthy");
            assertThat(done("status", "--json"))
                    .startsWith("{\"event\":\"relay_status\",\"relay_uptime\":\"00h ")
                    .contains("\"clients\":1,\"healthy_backends\":2,\"draining_backends\":0,\"all_backends\":2}");
            assertThat(done("backends").lines())
                    .hasSize(3)
                    .anyMatch(line -> line.matches(holder + " +healthy +1 +0 +1 +1\\.00 +\\d+ ms"))
                    .anyMatch(line -> line.matches("\\S+ +healthy +0 +0 +1 +0\\.00 +\\d+ ms"));
            String jobId = client.queueDetails().jobs().get(0).jobId();
            assertThat(done("clients").lines().skip(1))
                    .singleElement()
                    .asString()
                    .matches("127\\.0\\.0\\.1 +shared +tls +\\d+-\\d+-\\d+ .* UTC +submit_recon_job +" + holder + " +"
                            + jobId);
            assertThat(done("clients", "--json")).contains("\"owner\":\"shared\"", "\"job_id\":\"" + jobId + "\"");

            RelaySite.Server idle = holder.equals(one.name()) ? two : one;
            idle.kill();
            relay.awaitLine("server " + idle.name() + " is out");
            assertThat(done("backends").lines())
                    .anyMatch(line -> line.startsWith(idle.name() + "  out "))
                    .anyMatch(line -> line.matches("   last error .* UTC: .*"));
            assertThat(done("backends", "--json").lines())
                    .hasSize(2)
                    .anyMatch(line -> line.contains("\"last_error\":\"C"));
            assertThat(done("status")).contains("Backends  1 of 2 healthy");
            site.letScriptsEnd();
            assertSame(job, "a.7");
        }
        assertThat(site.actions()).isEmpty();
    }

    @Test
    void aServerThatIsDrainedGetsNoNewJobsAndFinishesThoseItHas() throws Exception {
        RelaySite.Server one = site.server("");
        RelaySite.Server two = site.server("");
        site.relay("");
        site.holdScripts();
        try (ReconClient client = site.client("auto")) {
            CompletableFuture<JobOutcome> first = queued(client, "a.7");
            String holder = client.queueDetails().jobs().get(0).backend();
            RelaySite.Server other = holder.equals(one.name()) ? two : one;
            Supplier<RelaySite.Run> waits = site.startAdmin("drain", holder, "--wait");
            while (!done("status").contains("1 of them draining")) {
                assertThat(first.isDone()).isFalse();
            }
            assertThat(done("backends")).contains(holder + "  draining  1");
            CompletableFuture<JobOutcome> second = queued(client, "b.7");
            CompletableFuture<JobOutcome> third = queued(client, "c.7");
            assertThat(client.queueDetails().jobs().stream()
                            .filter(job -> job.backend().equals(other.name())))
                    .hasSize(2);
            site.letScriptsEnd();
            assertThat(done(waits.get()))
                    .isEqualTo("drained: no job waits or runs on server " + holder + ", and it gets no new ones\n");
            assertSame(first, "a.7");
            assertSame(second, "b.7");
            assertSame(third, "c.7");

            assertThat(done("drain", other.name())).startsWith("server " + other.name() + " gets no new jobs until");
            Told told = new Told();
            CompletableFuture<JobOutcome> fourth = start(client, site.input("d.7", 10), told);
            assertThat(told.noticed.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(told.notices).singleElement().asString().contains("no server behind this relay can take it now");
            assertThat(done("resume", holder)).isEqualTo("server " + holder + " gets new jobs\n");
            assertSame(fourth, "d.7");
            assertSame(queued(client, "e.7"), "e.7");
            assertThat(site.actions())
                    .containsExactly(
                            "drain " + holder + " by admin@127.0.0.1",
                            "drain " + other.name() + " by admin@127.0.0.1",
                            "resume " + holder + " by admin@127.0.0.1");
        }
    }

    @Test
    void reloadExchangesServersWhileJobsGoOn() throws Exception {
        RelaySite.Server one = site.server("");
        Program relay = site.relay("");
        assertThat(done("reload")).isEqualTo("nothing has changed\n");
        site.holdScripts();
        try (ReconClient client = site.client("auto")) {
            CompletableFuture<JobOutcome> first = queued(client, "a.7");
            RelaySite.Server two = site.server("");

            site.relayOptions(List.of(one, two), "LOAD_BALANCING_STRATEGY = fastest\nNONSENSE = 1");
            RelaySite.Run wrong = site.admin("reload");
            assertThat(wrong.exitCode()).isEqualTo(4);
            assertThat(wrong.output())
                    .contains("the options are wrong, and nothing was changed", "LOAD_BALANCING_STRATEGY", "NONSENSE");
            assertThat(done("status")).contains("1 of 1 healthy");

            site.relayOptions(List.of(two), "LOAD_BALANCING_STRATEGY = round_robin\nQUEUE_WHEN_NO_BACKEND = true");
            assertThat(done("reload")).isEqualTo("""
                            changed: BACKEND_SERVERS = %s (was %s)
                            changed: LOAD_BALANCING_STRATEGY = round_robin (was least_loaded)
                            needs a restart: QUEUE_WHEN_NO_BACKEND = true (was false)
                            """.formatted(two.name(), one.name()));
            assertThat(done("backends").lines()).hasSize(2).anyMatch(line -> line.startsWith(two.name() + "  healthy"));
            assertThat(refused(4, "drain", one.name())).contains("there is no server \"" + one.name() + "\"");
            CompletableFuture<JobOutcome> second = queued(client, "b.7");
            assertThat(client.queueDetails().jobs())
                    .singleElement()
                    .satisfies(job -> assertThat(job.backend()).isEqualTo(two.name()));
            site.letScriptsEnd();
            assertSame(first, "a.7");
            assertSame(second, "b.7");

            site.relayOptions(List.of(one, two), "");
            relay.hangUp();
            relay.awaitLine("(was " + two.name() + ")");
            while (!done("status").contains("2 of 2 healthy")) {
                assertThat(relay.isAlive()).isTrue();
            }
            assertThat(site.actions()).hasSize(3).last().asString().endsWith(" by SIGHUP");
            assertThat(String.join("\n", site.actions()))
                    .doesNotContain(site.clientKey.text(), site.serverKey.text(), site.adminKey.text());
        }
    }

    @Test
    void eachMistakeIsOneClearLine() throws Exception {
        RelaySite.Server one = site.server("");
        site.relay("");
        String job = "00000000-0000-4000-8000-000000000000";
        for (String[] words : new String[][] {
            {"queue"},
            {"workers"},
            {"jobs"},
            {"logs"},
            {"cancel", job},
            {"priority", job, "urgent"},
            {"set-max-jobs", "1"},
        }) {
            assertThat(refused(4, words))
                    .contains("this is a relay, which does not know the admin command \"" + words[0].replace('-', '_'));
        }
        assertThat(refused(4, "drain", "nowhere:1"))
                .isEqualTo(
                        "recon-client: the server refused: there is no server \"nowhere:1\" behind this relay; there are "
                                + one.name() + "\n");
        assertThat(refused(4, "resume", "nowhere")).contains("\"nowhere\" is no host:port");
        assertThat(refused(4, "drain")).contains("this is a relay: say which server, as in \"drain HOST:PORT\"");
        assertThat(refused(
                        4,
                        "status",
                        "--set",
                        "RELAY_ADMIN_SHARED_KEY=" + RelaySite.newKey().text()))
                .contains("most likely its RELAY_ADMIN_SHARED_KEY is another one");
        assertThat(refused(4, "status", "--server", "127.0.0.1:" + site.relayPort()))
                .contains("this is its port for clients and not RELAY_ADMIN_PORT");
        assertThat(refused(3, "status", "--server", "127.0.0.1:1"))
                .contains("cannot connect to 127.0.0.1 port 1", "RELAY_ADMIN_PORT right?");
        assertThat(refused(2, "status", "--set", "RELAY_ADMIN_SHARED_KEY="))
                .contains("RELAY_ADMIN_SHARED_KEY is not set; it must be the same here as in the relay's relay.opts");
        for (String transport : List.of("tls", "fernet")) {
            assertThat(done("status", "--set", "TRANSPORT=" + transport)).contains("1 of 1 healthy");
        }
    }

    @Test
    void aPortThatIsTakenStopsTheStartInOneLine() throws Exception {
        site.server("");
        site.relay("");
        Program second = site.anotherRelayOnTheSameAdminPort();
        assertThat(second.awaitExit()).isEqualTo(2);
        assertThat(second.output()).contains("Address already in use", "that is RELAY_ADMIN_PORT");
    }

    @Test
    void waitingForAServerThatIsGoneEnds() throws Exception {
        RelaySite.Server one = site.server("");
        Program relay = site.relay("");
        one.kill();
        relay.awaitLine("server " + one.name() + " is out");
        assertThat(refused(4, "drain", one.name(), "--wait"))
                .contains("server " + one.name() + " gets no new jobs, but cannot be asked whether it has any");
    }
}
