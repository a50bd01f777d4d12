package recon.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.client.submit.InputFiles;
import recon.client.submit.JobListener;
import recon.client.submit.JobOutcome;
import recon.common.job.JobId;
import recon.common.job.Priority;
import recon.common.wire.ReconOptionsJson;
import recon.common.wire.Report;

/** Many clients at once, while servers or the relay are killed: every job has its own result, once. */
@Timeout(600)
class RelayLoadIT {
    @TempDir
    Path directory;

    private RelaySite site;
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final AtomicInteger done = new AtomicInteger();

    @BeforeEach
    void open() throws Exception {
        site = new RelaySite(directory);
    }

    @AfterEach
    void close() throws Exception {
        pool.shutdownNow();
        site.close();
    }

    /** What became of one client's jobs. */
    private record Done(List<JobId> jobs) {}

    private Done work(String client, String transport, int jobs, CountDownLatch someDone) throws Exception {
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            String name = client + "-" + i + ".7";
            Path input = site.input(name, 1000 + new SplittableRandom(name.hashCode()).nextInt(400_000));
            JobOutcome outcome = runUntilItIsTaken(transport, name, input);
            assertThat(outcome).as(name).isInstanceOf(JobOutcome.Completed.class);
            List<Path> files = ((JobOutcome.Completed) outcome).files();
            assertThat(files).hasSize(1);
            assertThat(files.get(0)).hasSameBinaryContentAs(input);
            ids.add(outcome.job());
            done.incrementAndGet();
            someDone.countDown();
        }
        return new Done(ids);
    }

    /** A client does not wait for a server that it has never heard of; the same command goes on. */
    private JobOutcome runUntilItIsTaken(String transport, String name, Path input) throws Exception {
        try (ReconClient client = site.client(transport)) {
            while (true) {
                try {
                    return client.run(
                            InputFiles.request(List.of(input), ReconOptionsJson.parse("{}")),
                            Priority.NORMAL,
                            site.path("results-" + name),
                            Optional.empty(),
                            new JobListener() {});
                } catch (ClientException e) {
                    if (e.kind() != ClientException.Kind.CANNOT_CONNECT
                            && !e.getMessage().contains("without a word")
                            && e.kind() != ClientException.Kind.REFUSED) {
                        throw e;
                    }
                    new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    private Map<String, Integer> perServer(List<Future<Done>> clients) throws Exception {
        Map<JobId, Boolean> seen = new HashMap<>();
        for (Future<Done> client : clients) {
            for (JobId job : client.get(500, TimeUnit.SECONDS).jobs()) {
                assertThat(seen.put(job, true)).isNull();
            }
        }
        Map<String, Integer> counts = new HashMap<>();
        try (ReconClient client = site.client("fernet")) {
            while (!client.serverStatus().status().backends().stream().allMatch(Report.ServerStatus.Backend::healthy)) {
                new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS); // one that is back is asked twice first
            }
            client.queueDetails(true, 10_000).jobs().forEach(row -> {
                if (row.status().equals("receiving")) {
                    return; // an upload that broke off before it was accepted, and was begun anew
                }
                assertThat(row.status()).isEqualTo("delivered");
                assertThat(seen).containsKey(JobId.parse(row.jobId()));
                counts.merge(row.backend(), 1, Integer::sum);
            });
        }
        assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(seen.size());
        return counts;
    }

    @Test
    void sixtyJobsOfTwelveClientsSpreadEvenlyOverThreeServers() throws Exception {
        for (int i = 0; i < 3; i++) {
            site.server("");
        }
        site.relay("");
        List<Future<Done>> clients = startClients(12, 5, new CountDownLatch(1));
        Map<String, Integer> counts = perServer(clients);
        System.out.println("jobs per server: " + counts);
        assertThat(counts).hasSize(3);
        assertThat(counts.values()).allMatch(count -> count >= 14 && count <= 26); // 20 and 30 %
    }

    @Test
    void sixtyJobsSurviveAServerThatIsKilled() throws Exception {
        List<RelaySite.Server> servers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            servers.add(site.server(""));
        }
        site.relay("");
        CountDownLatch some = new CountDownLatch(15);
        List<Future<Done>> clients = startClients(12, 5, some);
        assertThat(some.await(300, TimeUnit.SECONDS)).isTrue();
        servers.get(1).kill();
        servers.get(1).start();
        System.out.println("jobs per server: " + perServer(clients));
        assertThat(done.get()).isEqualTo(60);
        assertThat(site.journal().stream().distinct().count()).isEqualTo(60);
    }

    @Test
    void sixtyJobsSurviveAServerKilledOneDrainedAndOneAdded() throws Exception {
        List<RelaySite.Server> servers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            servers.add(site.server(""));
        }
        site.relay("");
        CountDownLatch some = new CountDownLatch(15);
        List<Future<Done>> clients = startClients(12, 5, some);
        assertThat(some.await(300, TimeUnit.SECONDS)).isTrue();

        site.holdScripts();
        awaitJobs(12); // each client waits for one now
        int before = done.get();

        servers.get(0).kill();
        RelaySite.Server drains = servers.get(1);
        assertThat(site.admin("drain", drains.name()).output()).startsWith("server " + drains.name() + " gets no new");
        long drainedHas = jobsOn(drains);
        RelaySite.Server added = site.server("");
        servers.add(added);
        site.relayOptions(servers, "");
        assertThat(site.admin("reload").output()).startsWith("changed: BACKEND_SERVERS = ");
        site.letScriptsEnd();
        servers.get(0).start();

        Map<String, Integer> counts = perServer(clients);
        System.out.println("jobs per server: " + counts + "; with " + before + " of 60 done "
                + servers.get(0).name() + " was killed, " + drains.name() + " drained with " + drainedHas + ", "
                + added.name() + " added");
        assertThat(done.get()).isEqualTo(60);
        assertThat(site.journal().stream().distinct().count()).isEqualTo(60);
        assertThat(counts.get(drains.name()).longValue()).isEqualTo(drainedHas);
        assertThat(counts.get(added.name())).isPositive();
        assertThat(site.actions()).hasSize(2);
    }

    private void awaitJobs(int jobs) throws Exception {
        try (ReconClient client = site.client("fernet")) {
            Report.ServerStatus status = client.serverStatus().status();
            while (status.busyWorkers() + status.queuedJobs() < jobs) {
                new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
                status = client.serverStatus().status();
            }
        }
    }

    private long jobsOn(RelaySite.Server server) throws Exception {
        try (ReconClient client = site.client("auto", site.serverKey, server.port)) {
            return client.queueDetails(true, 10_000).jobs().stream()
                    .filter(row -> !row.status().equals("receiving"))
                    .count();
        }
    }

    @Test
    void nothingIsLostOrDoubledWhileTheRelayIsKilledAtRandom() throws Exception {
        int kills = Integer.getInteger("recon.relay.kills", 5);
        for (int i = 0; i < 2; i++) {
            site.server("MAX_CONCURRENT_JOBS = 2");
        }
        Program relay = site.relay("");
        SplittableRandom random = new SplittableRandom();
        int jobs = 3 * kills;
        List<Future<Done>> clients = startClients(8, jobs, new CountDownLatch(1));
        for (int i = 0; i < kills; i++) {
            int target = done.get() + 1 + random.nextInt(12);
            while (done.get() < Math.min(target, 8 * jobs)) {
                new CountDownLatch(1).await(1 + random.nextInt(40), TimeUnit.MILLISECONDS);
            }
            relay.kill();
            relay = site.relay("");
        }
        Map<String, Integer> counts = perServer(clients);
        System.out.println(kills + " kills, jobs per server: " + counts);
        assertThat(done.get()).isEqualTo(8 * jobs);
        assertThat(site.journal()).doesNotHaveDuplicates().hasSize(8 * jobs);
    }

    private List<Future<Done>> startClients(int count, int jobs, CountDownLatch some) {
        List<Future<Done>> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "client" + (char) ('a' + i);
            String transport = i % 4 == 3 ? "fernet" : "auto";
            clients.add(pool.submit(() -> work(name, transport, jobs, some)));
        }
        return clients;
    }
}
