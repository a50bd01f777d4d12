package recon.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import recon.common.crypto.SharedKey;
import recon.common.job.JobId;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.wire.Event;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.server.testing.RecordedLog;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;

/** A server that runs, the command that gives its clients keys, and the clients. */
@Timeout(60)
class ClientKeysIT {
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final SharedKey shared = SharedKey.generate(new SecureRandom());
    private final RecordedLog log = new RecordedLog();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void closeLog() {
        log.close();
    }

    private ReconServer start(String options) throws Exception {
        ServerProcess.writeScript(directory, "cp \"$1\"/* \"$3\"/\n");
        Path file = ServerProcess.writeOptions(directory, shared, options);
        Options loaded = Options.load(file, Map.of(), Map.of());
        return ReconServer.start(
                loaded, () -> Options.load(file, Map.of(), Map.of()), directory.resolve("recon-server.jar"), List.of());
    }

    private String run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine commandLine = ReconServerMain.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        assertThat(commandLine.execute(arguments)).as(err.toString()).isZero();
        return out.toString();
    }

    private SharedKey add(String... nameAndMore) {
        String[] words = new String[nameAndMore.length + 4];
        words[0] = "client-key";
        words[1] = "add";
        words[2] = "--opts";
        words[3] = directory.resolve("recon.opts").toString();
        System.arraycopy(nameAndMore, 0, words, 4, nameAndMore.length);
        String line = run(words);
        assertThat(line).startsWith("SHARED_KEY = ").endsWith("=\n").hasLineCount(1);
        return SharedKey.parse(line.substring("SHARED_KEY = ".length()).strip());
    }

    private void remove(String name) {
        assertThat(run(
                        "client-key",
                        "remove",
                        name,
                        "--opts",
                        directory.resolve("recon.opts").toString()))
                .startsWith("removed " + name + " from ");
    }

    private static Event ask(ReconServer server, SharedKey key, Request request) throws IOException {
        try (TestClient client = TestClient.connect(server.port(), key)) {
            client.send(request);
            return client.event();
        }
    }

    private static void assertNotAccepted(ReconServer server, SharedKey key) throws IOException {
        try (TestClient client = TestClient.connect(server.port(), key)) {
            client.send(new Request.GetServerStatus());
            assertThat(client.receiveOrEnd()).isEmpty();
        }
    }

    @Test
    void aClientIsTakenInAndPutOutWhileTheServerRuns() throws Exception {
        try (ReconServer server = start("")) {
            SharedKey key = add("scanner1");
            long changed = System.nanoTime();
            log.await("client keys: added scanner1");
            assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(SOON);
            JobId job;
            try (TestClient client = TestClient.connect(server.port(), key)) {
                job = client.submitOurs(Map.of("a.7", "a".getBytes(UTF_8))).jobId();
                assertThat(client.awaitEnd().files()).containsOnlyKeys("a.7");
            }
            Report.JobDetails details =
                    (Report.JobDetails) ask(server, key, new Request.OfJob(Request.OfJob.Verb.SHOW, job));
            assertThat(details.job().owner()).isEqualTo("scanner1");
            assertThat(ask(server, shared, new Request.OfJob(Request.OfJob.Verb.SHOW, job)))
                    .isEqualTo(new Event.EventError("there is no job " + job));
            remove("scanner1");
            log.await("client keys: removed scanner1");
            assertNotAccepted(server, key);
            assertThat(ask(server, shared, new Request.GetServerStatus())).isInstanceOf(Report.ServerStatus.class);
            assertThat(log.text() + err).doesNotContain(key.text(), shared.text());
        }
    }

    @Test
    void aConversationThatHasBegunGoesOnWithItsKey() throws Exception {
        Map<String, byte[]> files = Map.of("a.7", "a".getBytes(UTF_8));
        try (ReconServer server = start("")) {
            SharedKey key = add("scanner1");
            log.await("client keys: added scanner1");
            try (TestClient client = TestClient.connect(server.port(), key)) {
                client.send(TestClient.submission(true, "{}", "/data/a.7"));
                log.await("receiving 1 files");
                remove("scanner1");
                log.await("client keys: removed scanner1");
                client.upload(files);
                assertThat(client.event()).isInstanceOf(Event.JobQueued.class);
                assertThat(client.awaitEnd().files()).containsOnlyKeys("a.7");
            }
        }
    }

    @Test
    void withClientKeysOnlyTheSharedKeyOpensNothing() throws Exception {
        assertThatThrownBy(() -> start("REQUIRE_CLIENT_KEYS = true"))
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("client-key add NAME");
        SharedKey key = add("console", "--operator");
        try (ReconServer server = start("REQUIRE_CLIENT_KEYS = true")) {
            assertThat(ask(server, key, new Request.GetServerStatus())).isInstanceOf(Report.ServerStatus.class);
            assertNotAccepted(server, shared);
            remove("console");
            log.await("no client is accepted: ");
            assertNotAccepted(server, key);
            assertNotAccepted(server, shared);
            SharedKey next = add("console", "--operator");
            log.await("client keys: added console (operator)");
            assertThat(ask(server, next, new Request.GetServerStatus())).isInstanceOf(Report.ServerStatus.class);
            assertNotAccepted(server, key);
        }
    }
}
