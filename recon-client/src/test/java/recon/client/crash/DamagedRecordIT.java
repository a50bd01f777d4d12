package recon.client.crash;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.client.crash.RecordProxy.Effect;
import recon.client.crash.RecordProxy.Fault;
import recon.client.crash.RecordProxy.Place;
import recon.client.crash.RecordProxy.Seen;
import recon.client.crash.RecordProxy.Way;

/**
 * One bit of a TLS session is changed on the way, in every kind of record, in its header, its content and its tag: nothing
 * of a damaged file gets a real name, and over the next connection the job is done.
 */
@Timeout(180)
class DamagedRecordIT {
    private static final int SIZE = 300_000;
    private static final int AT_ONCE = 4;
    private static final int HEADER_BYTES = 5;
    private static final int PLACES_PER_RECORD = 10;
    private static final int HANDSHAKE = 0x16;

    /** As a session begins. */
    private static final int FULL_RECORD_BYTES = 1024;

    private static final Duration PAUSE = Duration.ofMillis(5);

    @TempDir
    private Path directory;

    private final Violations violations = new Violations();
    private volatile boolean done;

    @Test
    void aChangedBitEndsTheConnectionAndNothingElse() throws Exception {
        ResumeSite.with(
                directory,
                site -> {
                    Path file = ResumeSite.file(site.path("scan"), 1, SIZE);
                    List<Place> places = new ArrayList<>();
                    try (ResumeRun run = new ResumeRun(site, PAUSE, violations)) {
                        run.run(new ResumeRun.Job("calm", List.of(file), site.path("results/calm")), List.of());
                        for (Way way : Way.values()) {
                            kinds(run.proxy.seen(way)).forEach((kind, record) -> {
                                List<Place> chosen = places(way, record);
                                System.out.printf("%d flips in %s, %s%n", chosen.size(), kind, record);
                                places.addAll(chosen);
                            });
                        }
                    }
                    Thread watch = new Thread(() -> watch(site, file), "watch");
                    watch.start();
                    flipAll(site, file, places.stream().distinct().toList());
                    done = true;
                    watch.join();
                    return 1 + (int) places.stream().distinct().count();
                },
                violations);
    }

    /** One record of each kind. */
    private static Map<String, Seen> kinds(List<Seen> records) {
        List<Seen> sealed = new ArrayList<>();
        Map<String, Seen> kinds = new LinkedHashMap<>();
        for (Seen record : records) {
            if (record.type() == HANDSHAKE) {
                kinds.put("a hello", record);
            } else if (record.type() == RecordProxy.SEALED) {
                sealed.add(record);
            }
        }
        Seen first = sealed.stream()
                .filter(record -> record.bytes() > FULL_RECORD_BYTES)
                .findFirst()
                .orElseThrow();
        int begin = sealed.indexOf(first);
        int end = begin + SIZE / FULL_RECORD_BYTES;
        kinds.put("the encrypted handshake", sealed.get(0));
        kinds.put("the first message", sealed.get(1));
        kinds.put("the message before a file", sealed.get(begin - 1));
        kinds.put("the first bytes of a file", first);
        kinds.put("bytes in the middle of a file", sealed.get((begin + end) / 2));
        kinds.put("the last bytes of a file", sealed.get(end));
        kinds.put("the message after a file", sealed.get(end + 1));
        return kinds;
    }

    /** Each byte of the header, and others spread over content and tag. */
    private static List<Place> places(Way way, Seen record) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < HEADER_BYTES; i++) {
            places.add(new Place(way, record.index(), i));
        }
        int content = record.bytes() - HEADER_BYTES;
        int more = Math.min(content, PLACES_PER_RECORD);
        for (int i = 0; i < more; i++) {
            places.add(new Place(way, record.index(), HEADER_BYTES + (long) i * (content - 1) / (more - 1)));
        }
        return places;
    }

    private void flipAll(CrashSite site, Path file, List<Place> places) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int worker = 0; worker < AT_ONCE; worker++) {
                int first = worker;
                running.add(workers.submit(() -> {
                    try (ResumeRun run = new ResumeRun(site, PAUSE, violations)) {
                        for (int i = first; i < places.size(); i += AT_ONCE) {
                            Place place = places.get(i);
                            String label = "flip-%s-%d-%d".formatted(place.way(), place.record(), place.offset());
                            ResumeRun.Job job = new ResumeRun.Job(label, List.of(file), site.path("results/" + label));
                            run.run(job, List.of(new Fault(place, Effect.FLIP)));
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

    /** Whatever has its real name, at the server or at the client, is whole and the same. */
    private void watch(CrashSite site, Path file) {
        try {
            while (!done) {
                compare(site.path("inputs"), JobFiles.name(1), file);
                compare(site.path("results"), SiteScript.result(1), file);
            }
        } catch (IOException e) {
            violations.add("the watch ended: %s", e);
        }
    }

    private void compare(Path folders, String name, Path file) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folders)) {
            for (Path folder : all) {
                Path copy = folder.resolve(name);
                if (Files.isRegularFile(copy)) {
                    violations.check(Files.mismatch(copy, file) < 0, "%s is damaged", copy);
                }
            }
        } catch (NoSuchFileException goneMeanwhile) {
            // its job has ended
        }
    }
}
