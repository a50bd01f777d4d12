package recon.client.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import recon.client.ClientException;
import recon.client.ReconClient;
import recon.client.retry.Timing;
import recon.client.submit.InputFiles;
import recon.client.submit.JobListener;
import recon.client.submit.JobOutcome;
import recon.common.job.Priority;
import recon.common.wire.ReconOptionsJson;

/**
 * One job after the other over a proxy that does something wrong, by a client in this process, which comes back after a
 * short pause. Looks whether the job suffers.
 */
final class ResumeRun implements AutoCloseable {
    /** What one frame of a file holds at most, which is what may be sent twice where a connection breaks. */
    static final int SLICE_BYTES = 256 * 1024;

    /** The other messages of a connection, the TLS handshake and the first message of version 1 among them. */
    private static final int OVERHEAD_PER_CONNECTION_BYTES = 6000;

    /** Frames add 5 bytes to a slice. */
    private static final int OVERHEAD_PART = 16 * 1024;

    private static final int MAX_PAUSES = 30;

    final RecordProxy proxy;
    private final CrashSite site;
    private final Violations violations;
    private final Duration pause;

    /** @param pause between two connections, at most: for a server to take what has arrived */
    ResumeRun(CrashSite site, Duration pause, Violations violations) throws IOException {
        this.site = site;
        this.pause = pause;
        this.violations = violations;
        this.proxy = new RecordProxy(site.port());
    }

    /** What is done by the client, and by the test while there is no connection. */
    record Job(String label, List<Path> inputs, Path downloads, Runnable between) {
        Job(String label, List<Path> inputs, Path downloads) {
            this(label, inputs, downloads, () -> {});
        }
    }

    /** Does a job through these faults, one for each connection, and checks what came of it and what it cost. */
    void run(Job job, List<RecordProxy.Fault> faults) throws Exception {
        proxy.plan(faults);
        Optional<String> id = carryOut(job);
        if (id.isEmpty()) {
            return;
        }
        for (int i = 1; i <= job.inputs().size(); i++) {
            Path result = job.downloads().resolve(SiteScript.result(i));
            violations.check(
                    Files.isRegularFile(result)
                            && Files.mismatch(result, job.inputs().get(i - 1)) < 0,
                    "%s: %s is missing or damaged",
                    job.label(),
                    result);
        }
        List<Path> more = filesBelow(job.downloads());
        violations.check(more.size() == job.inputs().size(), "%s: the downloads hold %s", job.label(), more);
        int runs = Collections.frequency(site.script().runs(), id.get());
        violations.check(runs == 1, "%s: the script ran %d times", job.label(), runs);
    }

    /** Checks that nothing was sent twice but a slice for each fault. */
    void checkBytes(Job job) throws IOException {
        long size = 0;
        for (Path input : job.inputs()) {
            size += Files.size(input);
        }
        long limit = size
                + size / OVERHEAD_PART
                + (long) proxy.faults() * SLICE_BYTES
                + (long) proxy.connections() * OVERHEAD_PER_CONNECTION_BYTES;
        for (RecordProxy.Way way : RecordProxy.Way.values()) {
            long bytes = proxy.bytes(way);
            violations.check(
                    bytes <= limit,
                    "%s: %d bytes went %s for %d of content, over %d connections; the limit is %d",
                    job.label(),
                    bytes,
                    way,
                    size,
                    proxy.connections(),
                    limit);
        }
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** A client that has not heard the server yet gives up; whoever started it tries again. */
    private Optional<String> carryOut(Job job) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(job);
            } catch (ClientException e) {
                if (attempt > proxy.faults() || e.job().isPresent()) {
                    violations.add("%s: the client gave up: %s %s", job.label(), e.kind(), e.getMessage());
                    return Optional.empty();
                }
            }
        }
    }

    private Optional<String> once(Job job) throws Exception {
        AtomicInteger pauses = new AtomicInteger();
        Timing timing = new Timing(new SplittableRandom(), (over, time) -> {
            if (pauses.incrementAndGet() > MAX_PAUSES) {
                over.countDown(); // a client that never gets on must end
            }
            over.await(Math.min(time.toNanos(), pause.toNanos()), TimeUnit.NANOSECONDS);
            job.between().run();
        });
        try (ReconClient client = new ReconClient(site.clientSettings(proxy.port()), timing, line -> {})) {
            JobOutcome outcome = client.run(
                    InputFiles.request(
                            job.inputs(), ReconOptionsJson.parse("{\"label\":\"%s\"}".formatted(job.label()))),
                    Priority.NORMAL,
                    job.downloads(),
                    Optional.empty(),
                    new JobListener() {});
            if (outcome instanceof JobOutcome.Completed) {
                return Optional.of(outcome.job().toString());
            }
            violations.add("%s: %s", job.label(), outcome);
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        proxy.close();
    }
}
