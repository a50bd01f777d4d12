package recon.client.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import recon.client.crash.RecordProxy.Fault;
import recon.client.crash.RecordProxy.Place;
import recon.client.crash.RecordProxy.Seen;
import recon.client.crash.RecordProxy.Way;

/**
 * Files of several sizes go to the server and come back over connections that are cut: at parts of their bytes, after each
 * message, within a record's header and body. Nothing is sent twice but a slice for each cut.
 */
@Timeout(300)
class ResumeIT {
    private static final int SLICE = ResumeRun.SLICE_BYTES;
    private static final int[] SMALL_SIZES = {0, 1, SLICE - 1, SLICE + 1};
    private static final double[] PARTS = {0.01, 0.5, 0.99};
    private static final int AT_ONCE = 3;

    /** So many records at both ends of a conversation hold its messages; those between hold a file. */
    private static final int MESSAGES = 7;

    private static final int BETWEEN_CUTS = 16;

    /** A session begins with 4,096 of these; those after them hold 16 KiB. */
    private static final long FIRST_RECORD_BYTES = 1024;

    private static final Duration SHORT_PAUSE = Duration.ofMillis(5);

    /** What a server says when it has taken all that came in before a cut. */
    private static final String KEPT = "what came in is kept";

    @TempDir
    private Path directory;

    private final Violations violations = new Violations();

    @Test
    void smallFilesGoOnAfterACutAtAnyPlace() throws Exception {
        ResumeSite.with(
                directory,
                site -> {
                    List<Fault> faults = new ArrayList<>();
                    List<Path> files = new ArrayList<>();
                    int calm = 0;
                    for (int size : SMALL_SIZES) {
                        Path file = ResumeSite.file(site.path("size-" + size), 1, size);
                        try (ResumeRun run = new ResumeRun(site, SHORT_PAUSE, violations)) {
                            String label = "calm-" + size;
                            run.run(new ResumeRun.Job(label, List.of(file), site.path(label)), List.of());
                            calm++;
                            for (Way way : Way.values()) {
                                List<Place> places = places(run.proxy.seen(way), way);
                                places.forEach(place -> faults.add(Fault.cut(place)));
                                places.forEach(place -> files.add(file));
                            }
                        }
                    }
                    runAll(site, files, faults);
                    System.out.printf("%d cuts of jobs with small files%n", faults.size());
                    return calm + faults.size();
                },
                violations);
    }

    /** After each message, and in its header and body; after some records of the file; and at parts of the bytes. */
    private static List<Place> places(List<Seen> records, Way way) {
        List<Place> places = new ArrayList<>();
        long bytes = records.stream().mapToLong(Seen::bytes).sum();
        for (double part : PARTS) {
            places.add(Place.ofByte(way, (long) (bytes * part)));
        }
        for (Seen record : records) {
            boolean ofMessages = record.index() < MESSAGES || record.index() >= records.size() - MESSAGES;
            if (ofMessages || record.index() % BETWEEN_CUTS == 0) {
                places.add(new Place(way, record.index(), 0));
            }
            if (ofMessages) {
                places.add(new Place(way, record.index(), 2));
                places.add(new Place(way, record.index(), 5 + (record.bytes() - 5) / 2));
            }
        }
        return places;
    }

    /** Each with one job of its own, several at once. */
    private void runAll(CrashSite site, List<Path> files, List<Fault> faults) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int worker = 0; worker < AT_ONCE; worker++) {
                int first = worker;
                running.add(workers.submit(() -> {
                    try (ResumeRun run = new ResumeRun(site, SHORT_PAUSE, violations)) {
                        for (int i = first; i < faults.size(); i += AT_ONCE) {
                            String label = "cut-%d-%s-%s"
                                    .formatted(
                                            i,
                                            files.get(i).getParent().getFileName(),
                                            words(faults.get(i).place()));
                            ResumeRun.Job job =
                                    new ResumeRun.Job(label, List.of(files.get(i)), site.path("downloads-" + i));
                            run.run(job, List.of(faults.get(i)));
                            run.checkBytes(job);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private static String words(Place place) {
        return place.way() + (place.record() == Place.ANY ? "" : "-record-" + place.record()) + "-byte-"
                + place.offset();
    }

    @Test
    void aHundredMegabytesGoOnWhereTheyWereCut() throws Exception {
        cutManyTimes(100_000_000);
    }

    @Test
    @Timeout(3600)
    @EnabledIfSystemProperty(named = "resume.large", matches = "true")
    void threeGibibytesGoOnWhereTheyWereCut() throws Exception {
        cutManyTimes(3L << 30);
    }

    private void cutManyTimes(long size) throws Exception {
        ResumeSite.withFast(
                directory,
                site -> {
                    Path file = ResumeSite.file(site.path("size-" + size), 1, size);
                    try (ResumeRun run = new ResumeRun(site, SHORT_PAUSE, violations)) {
                        int jobs = 0;
                        for (Way way : Way.values()) {
                            String label = "large-" + way;
                            Runnable between = way == Way.UP ? () -> awaitKept(site, run.proxy.faults()) : () -> {};
                            ResumeRun.Job job = new ResumeRun.Job(label, List.of(file), site.path(label), between);
                            List<Fault> faults = ofLarge(way, size);
                            run.run(job, faults);
                            run.checkBytes(job);
                            violations.check(
                                    run.proxy.faults() == faults.size(),
                                    "%s: only %d of %d faults happened",
                                    label,
                                    run.proxy.faults(),
                                    faults.size());
                            jobs++;
                        }
                        return jobs;
                    }
                },
                violations);
    }

    /** A client that is back earlier has the rest of what it sent thrown away, and sends it again. */
    private static void awaitKept(CrashSite site, int uploads) {
        try {
            Patience.until(Patience.SHORT, () -> site.said(KEPT) >= uploads);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** At 1, 50 and 99 percent of the file, and in between after a record, and within the header and body of others. */
    private static List<Fault> ofLarge(Way way, long size) {
        int records = 100 + 200 + 300 + 400;
        long large = 4096 * FIRST_RECORD_BYTES + 104 * 16 * 1024;
        return List.of(
                Fault.cut(Place.ofByte(way, size / 100)),
                Fault.cut(new Place(way, 100, 0)),
                Fault.cut(new Place(way, 200, 1)),
                Fault.cut(new Place(way, 300, 4)),
                Fault.cut(new Place(way, 400, 5)),
                Fault.cut(new Place(way, 4200, 9000)),
                Fault.cut(Place.ofByte(way, size * 49 / 100 - records * FIRST_RECORD_BYTES - large)),
                Fault.cut(Place.ofByte(way, size * 49 / 100)),
                Fault.cut(new Place(way, 20, 1000)));
    }
}
