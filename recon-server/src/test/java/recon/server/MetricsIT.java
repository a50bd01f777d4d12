package recon.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.SharedKey;
import recon.common.options.Options;
import recon.common.wire.AdminReport;
import recon.common.wire.AdminRequest;
import recon.common.wire.Event;
import recon.server.testing.FreePort;
import recon.server.testing.RecordedLog;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;

/** What a monitor reads of a server. */
@Timeout(60)
class MetricsIT {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{[^}]*})?) (\\S+)");

    @TempDir
    Path directory;

    private final SharedKey key = SharedKey.generate(new SecureRandom());
    private final SharedKey adminKey = SharedKey.generate(new SecureRandom());
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private int port;

    @BeforeEach
    void choosePort() throws IOException {
        port = FreePort.find();
    }

    private ReconServer start() throws Exception {
        Path file = ServerProcess.writeOptions(
                directory,
                key,
                "METRICS_PORT = " + port + "\nSERVER_ADMIN_PORT = 0\nSERVER_ADMIN_SHARED_KEY = " + adminKey.text()
                        + "\n");
        Options loaded = Options.load(file, Map.of(), Map.of());
        return ReconServer.start(
                loaded, () -> Options.load(file, Map.of(), Map.of()), directory.resolve("recon-server.jar"), List.of());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Every sample by its name and labels; fails on a line that is none. */
    private Map<String, Double> figures() throws Exception {
        HttpResponse<String> answer = get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String line : answer.body().lines().toList()) {
            if (line.startsWith("#")) {
                assertThat(line).matches("# (HELP|TYPE) \\S+ .+");
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            figures.put(sample.group(1), Double.valueOf(sample.group(2)));
        }
        return figures;
    }

    private void admin(ReconServer server, AdminRequest request) throws IOException {
        try (TestClient admin = TestClient.connect(server.adminPort().orElseThrow(), adminKey)) {
            admin.send(request);
            assertThat(admin.event()).isInstanceOf(AdminReport.Done.class);
        }
    }

    @Test
    void figuresFollowTheJobs() throws Exception {
        ServerProcess.writeScript(directory, "cp \"$1\"/* \"$3\"/\n");
        try (ReconServer server = start()) {
            Map<String, Double> before = figures();
            assertThat(before)
                    .containsEntry("recon_jobs{state=\"delivered\"}", 0.0)
                    .containsEntry("recon_oldest_queued_job_seconds", 0.0)
                    .containsEntry("recon_workers", 1.0)
                    .containsEntry("recon_draining", 0.0);
            assertThat(before).containsKey("jvm_threads_current").hasKeySatisfying(memory());
            try (TestClient client = TestClient.connect(server.port(), key)) {
                client.submit(Map.of("a.7", new byte[100_000]));
                client.awaitEnd();
            }
            int[] strangers = {
                server.port(),
                server.adminPort().orElseThrow(),
                server.adminPort().orElseThrow()
            };
            for (int knocksAt : strangers) {
                try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), knocksAt)) {
                    stranger.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
                    assertThat(stranger.getInputStream().read()).isEqualTo(-1);
                }
            }

            // Counted once its connection is closed.
            awaitFigure("recon_failed_handshakes_total{port=\"clients\"}", 1);
            Map<String, Double> after = awaitFigure("recon_failed_handshakes_total{port=\"administration\"}", 2);
            assertThat(after)
                    .containsEntry("recon_jobs{state=\"delivered\"}", 1.0)
                    .containsEntry("recon_script_seconds_count{outcome=\"succeeded\"}", 1.0)
                    .containsEntry("recon_script_seconds_bucket{outcome=\"succeeded\",le=\"+Inf\"}", 1.0)
                    .containsEntry("recon_failed_handshakes_total{port=\"clients\"}", 1.0);
            awaitFigure("recon_received_bytes_total", bytes -> bytes > 100_000);
            awaitFigure("recon_sent_bytes_total", bytes -> bytes > 100_000);
            assertThat(after.entrySet())
                    .filteredOn(entry -> entry.getKey().startsWith("recon_free_disk_bytes{"))
                    .hasSize(3)
                    .allSatisfy(entry -> assertThat(entry.getValue()).isPositive());
        }
    }

    /** Asks until it is so: each question is a connection, and takes its time. */
    private Map<String, Double> awaitFigure(String name, double value) throws Exception {
        return awaitFigure(name, figure -> figure == value);
    }

    private Map<String, Double> awaitFigure(String name, DoublePredicate wanted) throws Exception {
        Map<String, Double> figures = figures();
        while (!wanted.test(figures.getOrDefault(name, 0.0))) {
            figures = figures();
        }
        return figures;
    }

    private Path holdScripts() throws IOException {
        Path held = Files.createFile(directory.resolve("held"));
        ServerProcess.writeScript(directory, "while [ -e '" + held + "' ]; do sleep 0.1; done\nexit 3\n");
        return held;
    }

    @Test
    void figuresShowWhatRunsAndWhatWaits() throws Exception {
        Path held = holdScripts();
        try (ReconServer server = start();
                TestClient first = TestClient.connect(server.port(), key);
                TestClient second = TestClient.connect(server.port(), key)) {
            first.submit(Map.of("a.7", new byte[10]));
            awaitFigure("recon_jobs{state=\"running\"}", 1);
            second.submit(Map.of("a.7", new byte[10]));
            assertThat(figures())
                    .containsEntry("recon_jobs{state=\"running\"}", 1.0)
                    .containsEntry("recon_jobs{state=\"queued\"}", 1.0)
                    .doesNotContainKey("recon_script_seconds_count{outcome=\"failed\"}");
            double waited = figures().get("recon_oldest_queued_job_seconds");
            double longer = figures().get("recon_oldest_queued_job_seconds");
            while (longer <= waited) {
                longer = figures().get("recon_oldest_queued_job_seconds");
            }
            admin(server, new AdminRequest.SetMaxJobs(2));
            assertThat(awaitFigure("recon_jobs{state=\"running\"}", 2))
                    .containsEntry("recon_workers", 2.0)
                    .containsEntry("recon_jobs{state=\"queued\"}", 0.0)
                    .containsEntry("recon_oldest_queued_job_seconds", 0.0);

            Files.delete(held);
            assertThat(first.awaitEnd().last()).isInstanceOf(Event.JobFailed.class);
            assertThat(second.awaitEnd().last()).isInstanceOf(Event.JobFailed.class);
            Map<String, Double> after = figures();
            assertThat(after)
                    .containsEntry("recon_jobs{state=\"running\"}", 0.0)
                    .containsEntry("recon_jobs{state=\"failed\"}", 2.0)
                    .containsEntry("recon_script_seconds_count{outcome=\"failed\"}", 2.0);
            assertThat(after.get("recon_script_seconds_sum{outcome=\"failed\"}"))
                    .isGreaterThanOrEqualTo(waited);
        }
    }

    @Test
    void aServerThatStopsIsAliveAndNotReadyUntilItsJobsHaveEnded() throws Exception {
        Path held = holdScripts();
        CompletableFuture<Void> closed;
        try (ReconServer server = start();
                TestClient client = TestClient.connect(server.port(), key)) {
            client.submit(Map.of("a.7", new byte[10]));
            awaitFigure("recon_jobs{state=\"running\"}", 1);
            assertThat(get("/ready").statusCode()).isEqualTo(200);
            closed = CompletableFuture.runAsync(() -> {
                try {
                    server.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            HttpResponse<String> answer = get("/ready");
            while (answer.statusCode() == 200) {
                answer = get("/ready");
            }
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("not ready: stopping\n");
            assertThat(get("/health").statusCode()).isEqualTo(200);
            assertThat(figures()).containsEntry("recon_jobs{state=\"running\"}", 1.0);
            Files.delete(held);
            closed.get(30, TimeUnit.SECONDS);
        }
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> get("/health"));
    }

    private static org.assertj.core.api.Condition<String> memory() {
        return new org.assertj.core.api.Condition<>(
                name -> name.startsWith("jvm_memory_used_bytes{"), "the memory of the JVM");
    }

    @Test
    void aDrainingServerIsAliveAndNotReady() throws Exception {
        try (ReconServer server = start()) {
            assertThat(get("/ready").body()).isEqualTo("ready\n");
            admin(server, new AdminRequest.Drain(false, ""));
            assertThat(get("/ready").statusCode()).isEqualTo(503);
            assertThat(get("/ready").body()).isEqualTo("not ready: draining\n");
            assertThat(get("/health").statusCode()).isEqualTo(200);
            assertThat(figures()).containsEntry("recon_draining", 1.0);
            admin(server, new AdminRequest.Resume(""));
            assertThat(get("/ready").statusCode()).isEqualTo(200);
            assertThat(get("/jobs").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theLogSaysWhereTheFiguresAre() throws Exception {
        try (RecordedLog log = new RecordedLog();
                ReconServer server = start()) {
            assertThat(server.port()).isPositive();
            log.await("metrics: localhost port " + port);
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (RecordedLog log = new RecordedLog();
                ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(other.isBound()).isTrue();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(this::start)
                    .withMessageContaining("port " + port + " for METRICS_PORT: Address already in use");
            assertThat(log.text()).doesNotContain("from before: "); // nothing is recovered in vain
        }
    }
}
