package recon.client.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import recon.client.crash.Workload.Fate;

/**
 * Many jobs while clients are killed and connections cut. For the first half the server is killed too; the second half is
 * one server's, whose figures at the end are compared with those after its first jobs.
 */
final class SoakMode {
    private static final int CLIENTS = 6;
    private static final int PROCESSES = 2;
    private static final int CLIENT_KILL_PERCENT = 40;
    private static final int SHORTEST_LIFE_MILLIS = 2000;
    private static final int LONGEST_LIFE_MILLIS = 8000;
    private static final Duration QUIET = Duration.ofSeconds(5);

    private final Path directory;
    private final Report report;
    private final SplittableRandom random;
    private final Violations violations = new Violations();

    SoakMode(Path directory, Report report, long seed) {
        this.directory = directory;
        this.report = report;
        this.random = new SplittableRandom(seed);
        report.say(
                "%d clients (%d of them processes, of which %d %% are killed), seed %d",
                CLIENTS, PROCESSES, CLIENT_KILL_PERCENT, seed);
    }

    void run(int jobs) throws Exception {
        long start = System.nanoTime();
        try (CrashSite site = new CrashSite(directory, "RESULT_RETENTION_HOURS = 0\nMAX_CONCURRENT_JOBS = 3");
                CuttingProxy proxy = new CuttingProxy(site.port(), random.nextLong())) {
            Workload load = new Workload(site, violations, random.nextLong());
            Phase phase = new Phase(site, proxy, load);
            int kills = phase.runWithKills(jobs / 2);
            report.say("%d server kills; from now on one server, without", kills);
            ServerRun server = site.start().ready();
            phase.run(jobs / 2 + jobs / 10);
            ServerFigures warm = figures(site, server);
            phase.run(jobs);
            int measured = jobs - jobs / 2 - jobs / 10;
            figures(site, server).check(warm, measured, report, violations);
            check(site, server, load);
            report.say("%d of %d connections were cut; %d server kills", proxy.cuts(), proxy.connections(), kills);
        }
        report.ended("soak of " + jobs + " jobs", (System.nanoTime() - start) / 1_000_000, violations, directory);
    }

    private static ServerFigures figures(CrashSite site, ServerRun server) throws Exception {
        Patience.until(
                Patience.LONG,
                () -> site.rows().all().stream()
                        .allMatch(row -> row.hasEnded() || row.state().equals("delivering")));
        Patience.pause(QUIET);
        return ServerFigures.of(server, site.path("state"));
    }

    /** Clients at work until so many jobs are done in all. */
    private final class Phase {
        private final CrashSite site;
        private final CuttingProxy proxy;
        private final Workload load;

        Phase(CrashSite site, CuttingProxy proxy, Workload load) {
            this.site = site;
            this.proxy = proxy;
            this.load = load;
        }

        void run(int jobs) throws Exception {
            LoadClient.awaitEnd(start(() -> done() < jobs), load);
            report.say(
                    "%d jobs: %d complete, %d left by clients that were killed, %d violations",
                    done(),
                    load.withFate(Fate.COMPLETE),
                    load.withFate(Fate.ABANDONED),
                    violations.found().size());
        }

        private long done() {
            return load.withFate(Fate.COMPLETE) + load.withFate(Fate.ABANDONED);
        }

        private List<Thread> start(BooleanSupplier goOn) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 1; i <= CLIENTS; i++) {
                LoadClient client = i <= PROCESSES
                        ? new ProcessClient(site, proxy.port(), CLIENT_KILL_PERCENT, random.nextLong())
                        : new InProcessClient(site, proxy.port());
                threads.add(LoadClient.start("client-" + i, client, load, goOn));
            }
            return threads;
        }

        /** Returns how often the server was killed; the last time at the end. */
        int runWithKills(int jobs) throws Exception {
            CountDownLatch over = new CountDownLatch(1);
            Thread clients = new Thread(
                    () -> {
                        try {
                            run(jobs);
                        } catch (Exception e) {
                            violations.add("the clients were stopped: %s", e);
                        }
                        over.countDown();
                    },
                    "clients");
            ServerRun server = site.start().ready();
            clients.start();
            int kills = 0;
            while (!over.await(life(), TimeUnit.MILLISECONDS)) {
                server.ready().kill();
                kills++;
                server = site.start();
            }
            server.ready().kill();
            return kills + 1;
        }

        private int life() {
            return SHORTEST_LIFE_MILLIS + random.nextInt(LONGEST_LIFE_MILLIS - SHORTEST_LIFE_MILLIS);
        }
    }

    private void check(CrashSite site, ServerRun server, Workload load) throws Exception {
        SiteCheck check = new SiteCheck(site, violations);
        ServerRun running = check.brokenUploadsExpire(server);
        int fetched = 0;
        InProcessClient client = new InProcessClient(site, site.port());
        for (JobRows.Row row : site.rows().all()) {
            Workload.Job job = load.find(row.label()).orElse(null);
            if (job != null && job.fate == Fate.ABANDONED) {
                if (row.state().equals("delivered")) {
                    job.complete(row.id()); // its client had it all when it was killed
                } else {
                    CrashSite.delete(job.downloads()); // perhaps a part of a file
                    client.fetch(row.id(), job);
                    fetched++;
                }
            }
        }
        long never = load.withFate(Fate.ABANDONED);
        load.forgetAbandoned();
        check.everyJobEnded(site.rows().all().size());
        Workload.Figures figures = load.check(site.rows().all());
        check.nothingIsLeft(running);
        report.say(
                "%d delivered and byte-identical, %d of them fetched after their client was killed; %d clients were killed before"
                        + " their job was accepted, %d found no server; %d scripts ran again",
                load.withFate(Fate.COMPLETE), fetched, never, load.withFate(Fate.NOT_ACCEPTED) - never, figures.rerun);
        report.say(
                "%d lost, %d duplicated, %d violations",
                figures.lost, figures.duplicated, violations.found().size());
    }
}
