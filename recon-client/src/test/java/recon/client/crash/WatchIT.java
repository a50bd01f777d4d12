package recon.client.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A scanner writes files in every way there is, while the daemon that watches, and its server, are killed: every content
 * arrives once, and none before it was complete. {@code -Dwatch.files=200 -Dwatch.kills=20} for more of it.
 */
@Timeout(900)
class WatchIT {
    private static final int FILES = Integer.getInteger("watch.files", 12);
    private static final int KILLS = Integer.getInteger("watch.kills", 2);
    private static final long SEED = Long.getLong("watch.seed", 5);
    private static final int TERMINATED = 128 + 15;
    private static final int USAGE = 2;
    private static final int KINDS = 6;

    /** Longer than the stability delay: only who looks for writers can tell that the file is not complete. */
    private static final Duration LONG_PAUSE = Duration.ofMillis(1300);

    @TempDir
    private Path directory;

    private CrashSite site;
    private Path scans;
    private Scanner scanner;
    private final ExecutorService writers = Executors.newFixedThreadPool(4);

    @BeforeEach
    void makeSite() throws IOException {
        scans = Files.createDirectories(directory.resolve("site/scans"));
        scanner = new Scanner(scans);
        site = new CrashSite(directory.resolve("site"), """
                CLIENT_WATCH_DIRECTORY = scans
                CLIENT_WATCH_PATTERN = *.7,*.dat
                CLIENT_DAEMON_POLL_INTERVAL = 1
                CLIENT_DAEMON_STABILITY_DELAY = 1
                CLIENT_DAEMON_GROUPING_TIMEOUT = 1
                """);
    }

    @AfterEach
    void endAll() throws IOException {
        writers.shutdownNow();
        site.close();
    }

    @Test
    void everyContentIsSentOnceAndNoneBeforeItIsComplete() throws Exception {
        Random random = new Random(SEED);
        ServerRun server = site.start().ready();
        ClientRun daemon = site.client("watch");
        List<Future<?>> writing = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            int number = i;
            Random own = new Random(random.nextLong());
            writing.add(writers.submit(() -> {
                write(number, own);
                return null;
            }));
        }
        int kills = 0;
        while (kills < KILLS || !areDone(writing)) {
            Patience.pause(Duration.ofMillis(300 + random.nextInt(3500)));
            if (kills < KILLS) {
                daemon.kill();
                kills++;
                if (kills % 4 == 2) {
                    server.kill();
                    server = site.start();
                }
                daemon = site.client("watch");
            }
        }
        int copies = copy(random);
        boolean allHere =
                Patience.until(Duration.ofMinutes(3), () -> arrived().keySet().containsAll(scanner.due()));
        assertThat(allHere).as(daemon.said()).isTrue();
        daemon.kill();
        ClientRun again = site.client("watch", "--once");
        assertThat(again.end()).as(again.said()).isZero();
        assertThat(again.said()).doesNotContain(" sent P");

        Map<String, List<Path>> arrived = arrived();
        assertThat(arrived).allSatisfy((digest, places) -> {
            assertThat(scanner.hasWritten(digest)).as(places.toString()).isTrue();
            assertThat(places).hasSize(1);
        });
        long folders = arrived.values().stream()
                .map(places -> directory
                        .resolve("site/downloads")
                        .relativize(places.get(0))
                        .getName(0))
                .distinct()
                .count();
        assertThat(site.rows().all()).hasSize((int) folders).allMatch(JobRows.Row::hasEnded);
        System.out.println("watch: " + scanner.due().size() + " contents due, " + arrived.size() + " arrived in "
                + folders + " jobs, each once; " + copies + " copies not sent again; " + kills + " kills");
    }

    @Test
    void aServerThatIsAwayIsWaitedForAndOnlyWhatIsThereWhenItComesBackIsSent() throws Exception {
        Random random = new Random(SEED);
        Files.writeString(scans.resolve("P3.json"), "{\"exit\": 3}");
        scanner.rewriteLater("P1.7", random);
        scanner.write("P2.7", random);
        scanner.write("P3.7", random);
        ClientRun daemon = site.client("watch", "--set", "CLIENT_WATCH_FAILED_DIRECTORY=failed");
        assertThat(Patience.until(Patience.LONG, () -> daemon.said().contains("cannot connect")))
                .isTrue();
        scanner.write("P1.7", random);
        daemon.stop();
        assertThat(daemon.end()).isEqualTo(TERMINATED);

        site.start().ready();
        ClientRun next = site.client("watch", "--set", "CLIENT_WATCH_FAILED_DIRECTORY=failed");
        Path failed = directory.resolve("site/failed/P3.7.failed");
        assertThat(Patience.until(
                        Patience.LONG, () -> arrived().size() == 2 && Files.exists(failed) && Files.size(failed) > 0))
                .as(next.said())
                .isTrue();
        assertThat(failed).content().contains("exited with code 3");
        assertThat(scans.resolve("P3.7")).doesNotExist();
        assertThat(directory.resolve("site/failed/P3.7")).exists();
        ClientRun second = site.client("watch");
        assertThat(second.end()).isEqualTo(USAGE);
        assertThat(second.said()).contains("watched by another program");
        next.stop();
        assertThat(next.end()).isEqualTo(TERMINATED);
        assertThat(site.rows().all()).hasSize(3);
        assertThat(scanner.due()).containsAll(arrived().keySet());
    }

    @Test
    void optionsGoWithTheScanThatTheyWereWrittenForAndWithNoLaterOneOfItsName() throws Exception {
        Random random = new Random(SEED);
        site.start().ready();
        ClientRun daemon = site.client("watch");
        Path mark = scans.resolve("P1.7.failed");
        Files.writeString(scans.resolve("P1.json"), "{\"exit\": 3}");
        scanner.write("P1.7", random);
        assertThat(Patience.until(Patience.LONG, () -> Files.exists(mark)))
                .as(daemon.said())
                .isTrue();
        String second = scanner.write("P1.7", random);
        assertThat(Patience.until(Patience.LONG, () -> arrived().containsKey(second)))
                .as(daemon.said())
                .isTrue();
        assertThat(daemon.said()).contains("P1.json was used for an earlier job, and has not been written since");
        assertThat(Patience.until(Patience.LONG, () -> !Files.exists(mark)))
                .as(daemon.said())
                .isTrue();
        Files.writeString(scans.resolve("P1.json"), "{\"exit\": 3}");
        scanner.write("P1.7", random);
        assertThat(Patience.until(Patience.LONG, () -> Files.exists(mark)))
                .as(daemon.said())
                .isTrue();
        daemon.stop();
        assertThat(daemon.end()).isEqualTo(TERMINATED);
        assertThat(daemon.said()).contains("stopping");
    }

    private void write(int number, Random random) throws Exception {
        Patience.pause(Duration.ofMillis(random.nextInt(2000)));
        String name = "P%05d.7".formatted(number);
        switch (number % KINDS) {
            case 0 -> scanner.writeSlowly(name, random, LONG_PAUSE);
            case 1 -> scanner.rename(name, random);
            case 2 -> scanner.rewrite(name, random, Duration.ofMillis(random.nextInt(4000)));
            case 3 -> {
                String first = scanner.write(name, random);
                Patience.until(Duration.ofMinutes(4), () -> arrived().containsKey(first));
                scanner.write(name, random); // the scanner uses its numbers again
            }
            case 4 -> {
                scanner.write(name, random);
                scanner.write(name.replace(".7", ".dat"), random);
            }
            default -> {
                for (int i = 0; i < 5; i++) { // a burst
                    scanner.write("P%05d_%d.7".formatted(number, i), random);
                }
            }
        }
    }

    private static boolean areDone(List<Future<?>> all) throws InterruptedException, ExecutionException {
        for (Future<?> one : all) {
            if (!one.isDone()) {
                return false;
            }
            one.get();
        }
        return true;
    }

    /** The same contents under other names. */
    private int copy(Random random) throws IOException {
        int copies = 1 + FILES / 10;
        for (int i = 0; i < copies; i++) {
            Path original = scans.resolve("P%05d.7".formatted(KINDS * random.nextInt(FILES / KINDS) + 1));
            Files.copy(original, scans.resolve("copy_%d.7".formatted(i)));
        }
        return copies;
    }

    /** Where each content is, by its digest. A folder of a job without results goes when the job has ended. */
    private Map<String, List<Path>> arrived() throws IOException {
        while (true) {
            try {
                return look();
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof NoSuchFileException)) {
                    throw e;
                }
            }
        }
    }

    private Map<String, List<Path>> look() throws IOException {
        Path downloads = directory.resolve("site/downloads");
        Map<String, List<Path>> found = new TreeMap<>();
        if (Files.isDirectory(downloads)) {
            try (Stream<Path> files = Files.walk(downloads)) {
                for (Path file : files.filter(WatchIT::isResult).collect(Collectors.toList())) {
                    byte[] content = Files.readAllBytes(file);
                    assertThat(Scanner.isComplete(content)).as(file.toString()).isTrue();
                    found.computeIfAbsent(Scanner.digest(content), digest -> new ArrayList<>())
                            .add(file);
                }
            }
        }
        return found;
    }

    private static boolean isResult(Path file) {
        return Files.isRegularFile(file) && file.getFileName().toString().startsWith("copy_of_");
    }
}
