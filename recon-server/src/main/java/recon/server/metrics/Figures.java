package recon.server.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.JobState;
import recon.server.queue.StoreException;
import recon.server.script.ScriptOutcome;

/** The server's figures by their names. A figure that cannot be read now is left out. Thread-safe. */
final class Figures {
    private static final Logger log = LoggerFactory.getLogger(Figures.class);
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Histogram scriptSeconds;

    Figures(Sources sources) {
        addJobs(sources);
        counter("recon_received_bytes", "Bytes that came in over clients' connections, sealed.", sources.bytesIn());
        counter("recon_sent_bytes", "Bytes that went out over clients' connections, sealed.", sources.bytesOut());
        CounterWithCallback.builder()
                .name("recon_failed_handshakes")
                .help("Connections that ended without showing a key, by what the port is for.")
                .labelNames("port")
                .callback(counter -> sources.failedHandshakes()
                        .forEach((port, count) -> counter.call((double) count.getAsLong(), port)))
                .register(registry);
        addDisks(sources);
        scriptSeconds = Histogram.builder()
                .name("recon_script_seconds")
                .help("How long the site's scripts ran, by how they ended.")
                .labelNames("outcome")
                .classicOnly()
                .classicUpperBounds(1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200)
                .register(registry);
        JvmMemoryMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
    }

    private void addJobs(Sources sources) {
        GaugeWithCallback.builder()
                .name("recon_jobs")
                .help("Jobs on record, by state.")
                .labelNames("state")
                .callback(gauge -> {
                    try {
                        Map<JobState, Integer> counts = sources.store().counts();
                        for (JobState state : JobState.values()) {
                            gauge.call(counts.getOrDefault(state, 0), state.word());
                        }
                    } catch (StoreException unknownNow) {
                        log.debug("no figures of jobs: {}", unknownNow.getMessage());
                    }
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("recon_oldest_queued_job_seconds")
                .help("For how long the job has waited that has waited longest; 0 if none waits.")
                .callback(gauge -> {
                    try {
                        gauge.call(sources.store()
                                .oldestQueued()
                                .map(since -> Math.max(
                                        0,
                                        Duration.between(since, sources.clock().instant())
                                                        .toMillis()
                                                / 1e3))
                                .orElse(0.0));
                    } catch (StoreException unknownNow) {
                        log.debug("no figures of jobs: {}", unknownNow.getMessage());
                    }
                })
                .register(registry);
        gauge(
                "recon_workers",
                "How many jobs may run at once.",
                () -> sources.workers().limit());
        gauge(
                "recon_draining",
                "1 while an administrator lets no new jobs in.",
                () -> sources.queue().isDraining() ? 1 : 0);
    }

    private void addDisks(Sources sources) {
        GaugeWithCallback.builder()
                .name("recon_free_disk_bytes")
                .help("Free space on the disks of the server's directories.")
                .labelNames("directory")
                .callback(gauge -> {
                    for (Path directory : sources.directories()) {
                        try {
                            gauge.call((double) Files.getFileStore(directory).getUsableSpace(), directory.toString());
                        } catch (IOException unknownNow) {
                            log.debug("no free space of {}: {}", directory, unknownNow.toString());
                        }
                    }
                })
                .register(registry);
    }

    private void gauge(String name, String help, LongSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call((double) value.getAsLong()))
                .register(registry);
    }

    private void counter(String name, String help, LongSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(counter -> counter.call((double) value.getAsLong()))
                .register(registry);
    }

    void scriptEnded(ScriptOutcome outcome, long nanos) {
        String word = outcome instanceof ScriptOutcome.Succeeded ? "succeeded" : "failed";
        scriptSeconds.labelValues(word).observe(nanos / NANOS_PER_SECOND);
    }

    /** The text format of Prometheus, version 0.0.4. */
    byte[] text() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer().write(out, registry.scrape());
        return out.toByteArray();
    }

    static String contentType() {
        return writer().getContentType();
    }

    private static PrometheusTextFormatWriter writer() {
        return PrometheusTextFormatWriter.builder().build();
    }
}
