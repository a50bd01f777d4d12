package recon.server.queue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import recon.common.job.JobState;
import recon.common.job.Priority;

/**
 * Measures the store on the disk of a directory that is given: submissions from 16 threads, then each question with 100,000
 * jobs waiting, then with 100,000 ended ones. The directory must be empty.
 */
public final class SqliteJobStoreBenchmark {
    private static final int THREADS = 16;
    private static final int SUBMISSIONS = 1000;
    private static final int JOBS = 100_000;
    private static final int ROUNDS = 20;

    private SqliteJobStoreBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        try (SqliteJobStore store = SqliteJobStore.open(directory, Clock.systemUTC())) {
            submissions(store, "first");
            submissions(store, "second");
        }
        fill(directory);
        try (SqliteJobStore store = time("open", 1, () -> SqliteJobStore.open(directory, Clock.systemUTC()))) {
            System.out.println(Files.size(directory.resolve(SqliteFiles.DATABASE)) / 1_000_000 + " MB");
            questions(store);
            submissions(store, "with " + JOBS + " waiting");
        }
        end(directory);
        try (SqliteJobStore store = SqliteJobStore.open(directory, Clock.systemUTC())) {
            questions(store);
            submissions(store, "with " + JOBS + " ended");
        }
    }

    private static void submissions(SqliteJobStore store, String which) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        Callable<QueuePlace> submission = () -> {
            NewJob job = StoreSamples.newJob();
            store.add(job);
            return store.queue(job.id(), StoreSamples.files(1));
        };
        long start = System.nanoTime();
        for (Future<QueuePlace> place : threads.invokeAll(Collections.nCopies(SUBMISSIONS, submission))) {
            place.get();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        threads.shutdown();
        System.out.printf("submissions, %s: %.0f/s%n", which, SUBMISSIONS / seconds);
    }

    /** In one transaction: to be there soon. */
    private static void fill(Path directory) throws IOException {
        try (SqliteConnection writer = SqliteConnection.writer(SqliteFiles.database(directory))) {
            writer.transaction(sql -> {
                List<Priority> priorities = List.of(Priority.values());
                JobUpdates jobs = new JobUpdates(sql, StoreSamples.START);
                for (int i = 0; i < JOBS; i++) {
                    NewJob job = StoreSamples.newJob(priorities.get(i % priorities.size()), "P1.7");
                    jobs.add(job);
                    jobs.queue(job.id(), StoreSamples.files(2));
                }
                return JOBS;
            });
        }
    }

    private static void end(Path directory) throws IOException {
        try (SqliteConnection writer = SqliteConnection.writer(SqliteFiles.database(directory))) {
            writer.transaction(sql -> {
                int i = 0;
                for (QueuePlace place : JobQueries.queued(sql)) {
                    JobUpdates jobs = new JobUpdates(sql, StoreSamples.START.plusMillis(i++));
                    jobs.start(place.job());
                    jobs.finish(place.job(), StoreSamples.files(3), "", StoreSamples.START.plus(Duration.ofDays(7)));
                    jobs.move(
                            place.job(),
                            JobState.DELIVERING,
                            JobState.DELIVERED,
                            "",
                            StoreSamples.CLIENT,
                            Kept.resultsUntil(StoreSamples.START.plus(Duration.ofDays(7))));
                }
                return i;
            });
        }
    }

    private static void questions(SqliteJobStore store) throws Exception {
        time("counts", ROUNDS, store::counts);
        time("active(100)", ROUNDS, () -> store.active(100));
        time("ended(100)", ROUNDS, () -> store.ended(100));
        for (String owner : List.of("shared", "scanner1")) { // who has all jobs, and who has none
            time("counts, " + owner, ROUNDS, () -> store.counts(owner));
            time("active(100), " + owner, ROUNDS, () -> store.active(owner, 100));
            time("ended(100), " + owner, ROUNDS, () -> store.ended(owner, 100));
        }
        time("queued", 3, store::queued);
        time("holdingInputs", 3, store::holdingInputs);
        time("holdingResults", 3, store::holdingResults);
        time("resultsDue, none", ROUNDS, () -> store.resultsDue(StoreSamples.START));
        time("inState(RUNNING)", ROUNDS, () -> store.inState(JobState.RUNNING));
        time("inState(QUEUED)", 3, () -> store.inState(JobState.QUEUED));
    }

    private static <T> T time(String what, int rounds, Callable<T> question) throws Exception {
        List<Double> millis = new ArrayList<>();
        T answer = null;
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            answer = question.call();
            millis.add((System.nanoTime() - start) / 1e6);
        }
        double first = millis.get(0);
        Collections.sort(millis);
        System.out.printf("%s: first %.2f ms, median %.2f ms%n", what, first, millis.get(rounds / 2));
        return answer;
    }
}
