package recon.client.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/** The server is killed at random moments, over and over, while eight clients submit jobs. */
final class RandomMode {
    private static final int CLIENTS = 8;
    private static final int PROCESSES = 2;
    private static final int LONGEST_LIFE_MILLIS = 1500;

    /** So many of a hundred kills do not wait until the server is ready. */
    private static final int EARLY_KILL_PERCENT = 10;

    private static final int TELL_EVERY = 10;

    private final Path directory;
    private final Report report;
    private final long seed;

    RandomMode(Path directory, Report report, long seed) {
        this.directory = directory;
        this.report = report;
        this.seed = seed;
    }

    void run(int rounds) throws Exception {
        report.say(
                "%d rounds of SIGKILL, %d clients (%d of them processes), seed %d", rounds, CLIENTS, PROCESSES, seed);
        long start = System.nanoTime();
        Violations violations = new Violations();
        SplittableRandom random = new SplittableRandom(seed);
        try (CrashSite site = new CrashSite(
                directory, "RESULT_RETENTION_HOURS = 0\nMAX_CONCURRENT_JOBS = " + (2 + random.nextInt(3)))) {
            Workload load = new Workload(site, violations, random.nextLong());
            ServerRun server = site.start().ready();
            AtomicBoolean goOn = new AtomicBoolean(true);
            List<Thread> clients = startClients(site, load, goOn, random);
            for (int round = 1; round <= rounds; round++) {
                server = killAndRestart(site, server, random);
                if (round % TELL_EVERY == 0) {
                    report.say(
                            "round %d: %d jobs delivered, %d violations",
                            round,
                            load.withFate(Workload.Fate.COMPLETE),
                            violations.found().size());
                }
            }
            if (!server.comesUp()) {
                violations.add("the server does not start any more");
            }
            goOn.set(false);
            LoadClient.awaitEnd(clients, load);
            check(site, server, load);
        }
        report.ended(rounds + " random kills", (System.nanoTime() - start) / 1_000_000, violations, directory);
    }

    private static List<Thread> startClients(
            CrashSite site, Workload load, AtomicBoolean goOn, SplittableRandom random) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= CLIENTS; i++) {
            LoadClient client = i <= PROCESSES
                    ? new ProcessClient(site, site.port(), 0, random.nextLong())
                    : new InProcessClient(site, site.port());
            threads.add(LoadClient.start("client-" + i, client, load, goOn::get));
        }
        return threads;
    }

    /** Returns the new server, which may not be ready. */
    static ServerRun killAndRestart(CrashSite site, ServerRun server, SplittableRandom random) throws Exception {
        if (random.nextInt(100) >= EARLY_KILL_PERCENT) {
            server.ready();
        }
        Patience.pause(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
        if (!server.isAlive()) {
            throw new IllegalStateException("the server ended by itself; see " + site.directory());
        }
        server.kill();
        return site.start();
    }

    private void check(CrashSite site, ServerRun server, Workload load) throws Exception {
        SiteCheck check = new SiteCheck(site, load.violations());
        ServerRun running = check.brokenUploadsExpire(server);
        List<JobRows.Row> rows = site.rows().all();
        check.everyJobEnded(rows.size());
        Workload.Figures figures = load.check(site.rows().all());
        check.nothingIsLeft(running);
        report.say(
                "%d submissions: %d delivered and byte-identical, %d not accepted (the server was down); %d scripts ran again",
                load.started(),
                load.withFate(Workload.Fate.COMPLETE),
                load.withFate(Workload.Fate.NOT_ACCEPTED),
                figures.rerun);
        report.say(
                "%d lost, %d duplicated, %d violations",
                figures.lost, figures.duplicated, load.violations().found().size());
    }
}
