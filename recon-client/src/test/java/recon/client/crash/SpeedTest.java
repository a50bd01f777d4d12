package recon.client.crash;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import recon.client.ReconClient;
import recon.client.retry.Timing;
import recon.client.submit.InputFiles;
import recon.client.submit.JobListener;
import recon.common.job.JobRequest;
import recon.common.job.Priority;
import recon.common.wire.ReconOptionsJson;

/**
 * Measures a server that keeps every job safe: {@code scripts/bench} runs this. No job starts meanwhile, for want of
 * memory that no machine has.
 */
public final class SpeedTest {
    private static final int SUBMISSIONS = 1000;
    private static final int CONNECTIONS = 16;
    private static final int KEPT_JOBS = 100_000;
    private static final int PAGE_ROWS = 100;
    private static final int QUESTIONS = 50;
    private static final int STARTS = 3;
    private static final String OPTIONS = "MIN_AVAILABLE_MEMORY_MB = 1000000000\nMAX_QUEUED_JOBS = 200000";

    private final CrashSite site;
    private final Report report;

    private SpeedTest(CrashSite site, Report report) {
        this.site = site;
        this.report = report;
    }

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(args.length > 0 ? args[0] : "."), "recon-speed-");
        Jars.endProgramsWithThis();
        try (CrashSite site = new CrashSite(directory, OPTIONS)) {
            new SpeedTest(site, new Report(System.out)).run();
        } finally {
            CrashSite.delete(directory);
        }
    }

    private void run() throws Exception {
        double empty = medianOfStarts();
        ServerRun server = site.startAtFullSpeed().ready();
        double cold = submissions(SUBMISSIONS);
        report.say(
                "submit   %8.0f /s    (%d of 1 KB over %d connections; the first ones of a fresh server: %.0f)",
                submissions(SUBMISSIONS), SUBMISSIONS, CONNECTIONS, cold);
        server.stop();
        fill();
        double full = medianOfStarts();
        report.say(
                "load     %8.2f s     (ready %.2f s with %d queued jobs, %.2f s with none)",
                full - empty, full, KEPT_JOBS, empty);
        server = site.startAtFullSpeed().ready();
        try (ReconClient client = client()) {
            report.say("status   %8.1f ms    (with %d jobs in the store)", median(client::serverStatus), KEPT_JOBS);
            report.say(
                    "page     %8.1f ms    (%d rows of the queue)",
                    median(() -> client.queueDetails(false, PAGE_ROWS)), PAGE_ROWS);
            report.say(
                    "page     %8.1f ms    (%d rows, ended jobs too)",
                    median(() -> client.queueDetails(true, PAGE_ROWS)), PAGE_ROWS);
        }
        server.stop();
    }

    private ReconClient client() throws Exception {
        return new ReconClient(site.clientSettings(site.port()), Timing.real(), line -> {});
    }

    /** Seconds from the start of the process to its ready line. */
    private double medianOfStarts() throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            long start = System.nanoTime();
            ServerRun server = site.startAtFullSpeed().ready();
            seconds.add((System.nanoTime() - start) / 1e9);
            server.stop();
        }
        return median(seconds);
    }

    /** Returns how many were acknowledged per second. */
    private double submissions(int count) throws Exception {
        JobFiles files = JobFiles.create(site.path("scan"), new SplittableRandom(), 1024);
        JobRequest request = InputFiles.request(files.inputs(), ReconOptionsJson.parse("{}"));
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try (ReconClient client = client()) {
            long start = System.nanoTime();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(threads.submit(
                        () -> client.submit(request, Priority.NORMAL, Optional.empty(), new JobListener() {})));
            }
            for (Future<?> one : all) {
                one.get();
            }
            return count / ((System.nanoTime() - start) / 1e9);
        } finally {
            threads.shutdown();
        }
    }

    private static double median(Callable<?> question) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < 2 * QUESTIONS; i++) {
            long start = System.nanoTime();
            question.call();
            if (i >= QUESTIONS) { // the first ones warm up
                millis.add((System.nanoTime() - start) / 1e6);
            }
        }
        return median(millis);
    }

    private static double median(List<Double> values) {
        Collections.sort(values);
        return values.get(values.size() / 2);
    }

    /** Makes the store and the directories as if so many jobs had been submitted. */
    private void fill() throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + site.path("state").resolve("recon.db"));
                PreparedStatement job = connection.prepareStatement("""
                        INSERT INTO job (id, submission, state, queue_number, priority, primary_file, file_count,
                            input_bytes, options, client, submitted_at, changed_at, reason, attempts)
                        SELECT ?, ?, 'queued', ?, 'normal', 'file1.dat', 1, 1, '{}', '127.0.0.1', created_at, created_at,
                            '', 0 FROM store
                        """);
                PreparedStatement file = connection.prepareStatement(
                        "INSERT INTO input_file SELECT ?, 1, 'file1.dat', 1, lower(hex(zeroblob(32)))");
                PreparedStatement change = connection.prepareStatement(
                        "INSERT INTO job_change SELECT ?, 1, created_at, 'queued', '', 'server' FROM store")) {
            connection.setAutoCommit(false);
            for (int i = 1; i <= KEPT_JOBS; i++) {
                String id = UUID.randomUUID().toString();
                job.setString(1, id);
                job.setString(2, UUID.randomUUID().toString());
                job.setInt(3, 1_000_000 + i);
                job.executeUpdate();
                file.setString(1, id);
                file.executeUpdate();
                change.setString(1, id);
                change.executeUpdate();
                Path inputs = Files.createDirectory(site.path("inputs").resolve("job_" + id + "_input"));
                Files.write(inputs.resolve("file1.dat"), new byte[1]);
            }
            connection.createStatement().executeUpdate("UPDATE store SET last_queue_number = 2000000");
            connection.commit();
        }
    }
}
