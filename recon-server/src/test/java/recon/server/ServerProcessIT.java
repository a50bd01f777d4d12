package recon.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.SharedKey;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;

/** The jar itself: start, signals, logs, exit codes. */
@Timeout(90)
class ServerProcessIT {
    private static final String COPY = "cp \"$1\"/* \"$3\"/\n";

    @TempDir
    Path directory;

    private record Result(int exitCode, String output) {}

    private Result run(String... arguments) throws IOException, InterruptedException {
        Process process = ServerProcess.launch(directory, List.of(), arguments);
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it does not end: " + output);
        }
        return new Result(process.exitValue(), output);
    }

    @Test
    void servesAJobLogsItAndEndsOnRequest() throws Exception {
        ServerProcess.writeScript(directory, COPY);
        try (ServerProcess server = ServerProcess.start(directory, List.of(), "")) {
            try (TestClient client = server.connect()) {
                client.submit(Map.of("a.7", "a".getBytes(UTF_8)));
                assertThat(client.awaitEnd().files().get("a.7")).isEqualTo("a".getBytes(UTF_8));
            }
            server.terminate();
            assertThat(server.awaitExit()).isZero();
            assertThat(server.output())
                    .contains("ready: localhost port " + server.port() + ", 1 workers, script recon.sh")
                    .contains("delivered 1 files", "stopping", "stopped")
                    .doesNotContain(server.key.text());
            assertThat(Files.readString(directory.resolve("server.log")))
                    .contains("ready: ", "delivered 1 files", "client=127.0.0.1 job=", "stopped")
                    .doesNotContain(server.key.text(), "gAAAA");
        }
        assertThat(ServerProcess.jobDirectories(directory.resolve("in"))).isEmpty();
        assertThat(ServerProcess.jobDirectories(directory.resolve("out"))).hasSize(1); // kept for a while
    }

    @Test
    void aRunningScriptIsEndedWithinTheGrace() throws Exception {
        ServerProcess.writeScript(directory, "trap '' TERM\necho $$ > \"$1\"/../pid\nwhile :; do sleep 60; done\n");
        try (ServerProcess server = ServerProcess.start(directory, List.of(), "SHUTDOWN_GRACE_SECONDS = 3\n");
                TestClient client = server.connect()) {
            client.submit(Map.of("a.7", "a".getBytes(UTF_8)));
            server.awaitLine("running the script");
            long start = System.nanoTime();
            server.terminate();
            assertThat(client.receiveOrEnd()).isEmpty(); // its job is queued again
            assertThat(server.awaitExit()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            Path pid = directory.resolve("in/pid");
            if (Files.exists(pid)) { // it had come that far
                long script = Long.parseLong(Files.readString(pid).strip());
                assertThat(ServerProcess.isRunning(script)).isFalse();
            }
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        ServerProcess.writeScript(directory, "sleep 5\n");
        try (ServerProcess server = ServerProcess.start(directory, List.of(), "SHUTDOWN_GRACE_SECONDS = 60\n");
                TestClient client = server.connect()) {
            client.submit(Map.of("a.7", "a".getBytes(UTF_8)));
            server.awaitLine("running the script");
            server.terminate();
            server.awaitLine("stopping");
            long start = System.nanoTime();
            server.terminate();
            assertThat(server.awaitExit()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void logsInJsonWhereAskedTo() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, List.of(), "LOG_FORMAT = json\n")) {
            assertThat(server.awaitLine("jobs will fail: ")).startsWith("{").endsWith("}");
            assertThat(Files.readAllLines(directory.resolve("server.log")))
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        }
    }

    @Test
    void aPortInUseIsOneLineAndExitCode2() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerProcess.writeOptions(
                    directory, SharedKey.generate(new SecureRandom()), "SERVER_HOSTNAME = 127.0.0.1");
            Result result = run("--set", "SERVER_PORT=" + taken.getLocalPort());
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.output().lines().filter(line -> !line.contains("Recovery: ")))
                    .singleElement()
                    .asString()
                    .startsWith("recon-server: server cannot listen on 127.0.0.1 port " + taken.getLocalPort());
        }
    }

    @Test
    void helpVersionKeyAndFirstFileNeedNothing() throws Exception {
        Result version = run("--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.output().strip()).matches("recon-server \\d+\\.\\d+\\.\\d+.*");
        assertThat(run("--generate-key").output().strip()).matches("[A-Za-z0-9_-]{43}=");
        assertThat(run("--init").exitCode()).isZero();
        assertThat(run("--check")).isEqualTo(new Result(0, "recon.opts is in order\n"));
    }

    @Test
    void aFreshServerWithoutAFileSaysWhatToDo() throws Exception {
        Result result = run();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output()).contains("recon.opts", "SHARED_KEY", "--generate-key");
        assertThat(directory.resolve("recon.opts")).exists();
    }
}
