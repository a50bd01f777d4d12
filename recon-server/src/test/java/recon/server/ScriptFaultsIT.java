package recon.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;

/** Scripts of every bad kind, one after the other on one worker: each fails its own job and no other. */
@Timeout(120)
class ScriptFaultsIT {
    private static final String SCRIPT = """
            echo "this is $5"
            case "$5" in
                exit3) echo "cannot go on" >&2; exit 3 ;;
                killed) kill -KILL $$ ;;
                flood) head -c 100000000 /dev/zero | tr '\\0' 'x'; echo; echo "last line"; exit 1 ;;
                garbled) printf 'bad \\377\\376 bytes\\n'; exit 1 ;;
                child) sleep 1000 & echo $! > "$RECON_INPUT_DIR/../child"; cp "$1"/* "$3"/ ;;
                endless) while :; do sleep 60; done ;;
                *) cp "$1"/* "$3"/ ;;
            esac
            """;

    @TempDir
    Path directory;

    private ServerProcess server;

    private TestClient.Ended run(String fault) throws IOException {
        try (TestClient client = server.connect()) {
            client.submit(Map.of("a.7", "a".getBytes(UTF_8)), true, "{\"fault\": \"" + fault + "\"}");
            return client.awaitEnd();
        }
    }

    private void requireNextJobRuns() throws IOException {
        assertThat(run("none").files()).containsOnlyKeys("a.7");
    }

    @Test
    void eachFailsItsJobWithTheReasonAndTheNextJobRuns() throws Exception {
        Path script = ServerProcess.writeScript(directory, SCRIPT);
        server = ServerProcess.start(directory, List.of("-Xmx64m"), "SCRIPT_TIMEOUT_SECONDS = 3\n");
        try (ServerProcess ended = server) {
            assertThat(run("exit3").failure()).isEqualTo("script exited with code 3\nthis is exit3\ncannot go on");
            requireNextJobRuns();
            assertThat(run("killed").failure()).contains("SIGKILL").endsWith("\nthis is killed");
            requireNextJobRuns();
            assertThat(run("garbled").failure()).contains("code 1", "this is garbled", "bad \ufffd");
            requireNextJobRuns();

            long start = System.nanoTime();
            assertThat(run("child").files()).containsOnlyKeys("a.7");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            long child = Long.parseLong(
                    Files.readString(directory.resolve("in/child")).strip());
            assertThat(ServerProcess.isRunning(child)).isFalse();
            requireNextJobRuns();

            assertThat(run("endless").failure())
                    .isEqualTo("script took longer than 3 s (SCRIPT_TIMEOUT_SECONDS)\nthis is endless");
            requireNextJobRuns();

            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-------"));
            assertThat(run("none").failure()).contains(script.toString()).contains("chmod");
            Files.delete(script);
            assertThat(run("none").failure()).contains("recon.sh").contains("RECON_SCRIPT_PATH");
            ServerProcess.writeScript(directory, SCRIPT);
            requireNextJobRuns();
            server.terminate();
            assertThat(server.awaitExit()).isZero();
        }
    }

    @Test
    void aHundredMegabytesOfOutputAreAHeadATailAndNoMemory() throws Exception {
        ServerProcess.writeScript(directory, SCRIPT);
        server = ServerProcess.start(
                directory, List.of("-Xmx64m"), "SCRIPT_TIMEOUT_SECONDS = 60\nSCRIPT_LOG_MAX_BYTES = 65536\n");
        try (ServerProcess ended = server) {
            String failure = run("flood").failure();
            assertThat(failure).startsWith("script exited with code 1\n").endsWith("last line");
            assertThat(failure.length()).isLessThan(5_000);
            assertThat(server.liveHeapBytes()).isLessThan(32 << 20);
            try (var logs = Files.list(directory.resolve("state/logs"))) {
                assertThat(logs)
                        .singleElement()
                        .satisfies(log -> assertThat(Files.size(log)).isBetween(60_000L, 70_000L));
            }
            requireNextJobRuns();
        }
    }
}
