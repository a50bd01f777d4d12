package recon.client.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes jobs of random small sizes for several clients at once, and remembers what became of each. Every submission bears a
 * label among its options, by which its jobs are found in the server's record.
 */
final class Workload {
    private static final int MAX_FILES = 5;
    private static final int MAX_BYTES = 60_000;
    private static final int MAX_SLEEP_MILLIS = 200;

    private final CrashSite site;
    private final Violations violations;
    private final SplittableRandom seeds;
    private final AtomicInteger count = new AtomicInteger();
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();

    Workload(CrashSite site, Violations violations, long seed) {
        this.site = site;
        this.violations = violations;
        this.seeds = new SplittableRandom(seed);
    }

    /** What its client knows of a submission. */
    enum Fate {
        /** Under way. */
        OPEN,
        /** The results are here and as they should be. */
        COMPLETE,
        /** The client gave up, and was not told that the server has it. */
        NOT_ACCEPTED,
        /** The client was killed. */
        ABANDONED
    }

    /** One submission. */
    final class Job {
        final String label;
        final JobFiles files;
        final String options;
        volatile Fate fate = Fate.OPEN;
        volatile String id = "";

        private Job(String label, JobFiles files, String options) {
            this.label = label;
            this.files = files;
            this.options = options;
        }

        Path downloads() {
            return directory().resolve("results");
        }

        private Path directory() {
            return site.path("load").resolve(label);
        }

        /** Its client has ended well. */
        void complete(String job) throws IOException {
            id = job;
            files.check(downloads(), label, violations);
            fate = Fate.COMPLETE;
            CrashSite.delete(directory());
        }

        /** Its client gave up before the job was the server's. */
        void notAccepted() throws IOException {
            fate = Fate.NOT_ACCEPTED;
            CrashSite.delete(directory());
        }

        /** Its client was killed; what it has got by then stays. */
        void abandoned(String job) {
            id = job;
            fate = Fate.ABANDONED;
        }
    }

    Job next() throws IOException {
        String label = "job-" + count.incrementAndGet();
        SplittableRandom random;
        synchronized (seeds) {
            random = seeds.split();
        }
        int[] sizes = new int[1 + random.nextInt(MAX_FILES)];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = random.nextInt(10) == 0 ? 0 : random.nextInt(MAX_BYTES);
        }
        Job job = new Job(
                label,
                JobFiles.create(site.path("load").resolve(label), random, sizes),
                "{\"label\":\"%s\",\"sleep\":%.3f}".formatted(label, random.nextInt(MAX_SLEEP_MILLIS) / 1000.0));
        jobs.put(label, job);
        return job;
    }

    int started() {
        return count.get();
    }

    long withFate(Fate fate) {
        return jobs.values().stream().filter(job -> job.fate == fate).count();
    }

    Optional<Job> find(String label) {
        return Optional.ofNullable(jobs.get(label));
    }

    /** Jobs whose client was killed, and that nobody has fetched, have never been the server's, or are lost. */
    void forgetAbandoned() throws IOException {
        for (Job job : jobs.values()) {
            if (job.fate == Fate.ABANDONED) {
                job.notAccepted();
            }
        }
    }

    Violations violations() {
        return violations;
    }

    /** Looks whether the server's record agrees with what the clients know. */
    Figures check(List<JobRows.Row> rows) throws IOException {
        Map<String, List<JobRows.Row>> byLabel = new ConcurrentHashMap<>();
        for (JobRows.Row row : rows) {
            byLabel.computeIfAbsent(row.label(), label -> new ArrayList<>()).add(row);
        }
        List<String> runs = site.script().runs();
        Figures figures = new Figures();
        for (Job job : jobs.values()) {
            List<JobRows.Row> found = byLabel.getOrDefault(job.label, List.of());
            figures.rerun += found.stream().filter(row -> row.attempts() > 1).count();
            if (found.size() > 1) {
                figures.duplicated++;
                violations.add("%s is several jobs: %s", job.label, found);
            } else if (found.isEmpty() && (job.fate == Fate.COMPLETE || !job.id.isEmpty())) {
                figures.lost++;
                violations.add("%s was accepted as job %s, and there is no record of it", job.label, job.id);
            } else if (!found.isEmpty()) {
                check(job, found.get(0), runs, figures);
            }
            byLabel.remove(job.label);
        }
        violations.check(byLabel.isEmpty(), "jobs that nobody submitted: %s", byLabel);
        return figures;
    }

    private void check(Job job, JobRows.Row row, List<String> runs, Figures figures) {
        if (job.fate == Fate.NOT_ACCEPTED) {
            violations.add("%s was not accepted, and ran: %s", job.label, row);
        }
        if (!job.id.isEmpty() && !job.id.equals(row.id())) {
            violations.add("%s was job %s, and is another one: %s", job.label, job.id, row);
        }
        if (!row.state().equals("delivered") || !runs.contains(row.id())) {
            figures.lost++;
            violations.add("%s (%s) was not run and delivered: %s", job.label, job.fate, row);
        }
        if (row.deliveries() > 1) {
            figures.duplicated++;
            violations.add("%s was delivered %d times: %s", job.label, row.deliveries(), row);
        }
    }

    /** What the check found. */
    static final class Figures {
        long lost;
        long duplicated;
        long rerun;
    }
}
