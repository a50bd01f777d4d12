package recon.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.SharedKey;
import recon.common.options.Options;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.server.testing.RecordedLog;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;

/** The parts as the program puts them together, with a real script. */
@Timeout(30)
class ReconServerTest {
    @TempDir
    Path directory;

    private final SecureRandom random = new SecureRandom();
    private final SharedKey key = SharedKey.generate(random);

    private ReconServer start(String options) throws Exception {
        Path file = ServerProcess.writeOptions(directory, key, options);
        Options loaded = Options.load(file, Map.of(), Map.of());
        return ReconServer.start(
                loaded, () -> Options.load(file, Map.of(), Map.of()), directory.resolve("recon-server.jar"), List.of());
    }

    @Test
    void aJobGoesThroughTheSitesScript() throws Exception {
        ServerProcess.writeScript(directory, "cp \"$1\"/* \"$3\"/\necho \"$4 $5\" > \"$3\"/options\n");
        try (RecordedLog log = new RecordedLog();
                ReconServer server = start("TRUSTED_IPS = 127.0.0.0/8,::1\n");
                TestClient client = TestClient.connect(server.port(), key)) {
            client.submit(Map.of("a.7", "a".getBytes(UTF_8)), true, "{\"num_slices\": 128}");
            Map<String, byte[]> results = client.awaitEnd().files();
            assertThat(results).containsOnlyKeys("a.7", "options");
            assertThat(new String(results.get("options"), UTF_8)).isEqualTo("--num_slices 128\n");
            assertThat(log.text())
                    .contains("ready: localhost port " + server.port())
                    .doesNotContain("TRUSTED_IPS is empty");
        }
        assertThat(ServerProcess.jobDirectories(directory.resolve("in"))).isEmpty();
        assertThat(ServerProcess.jobDirectories(directory.resolve("out"))).hasSize(1); // kept for a while
    }

    @Test
    void bothLoopbacksAreServed() throws Exception {
        try (ReconServer server = start("")) {
            for (String loopback : new String[] {"127.0.0.1", "::1"}) {
                try (Socket socket = new Socket(loopback, server.port())) {
                    assertThat(socket.isConnected()).isTrue();
                } catch (SocketException noIpv6Here) {
                    assertThat(loopback).isEqualTo("::1");
                }
            }
        }
    }

    @Test
    void saysWhatWillFailAndWhoMayConnect() throws Exception {
        try (RecordedLog log = new RecordedLog();
                ReconServer server = start("TRUSTED_IPS =\n")) {
            assertThat(server.port()).isPositive();
            assertThat(log.text())
                    .contains("jobs will fail: ", "recon.sh", "TRUSTED_IPS is empty: any address may connect");
        }
    }

    @Test
    void anOlderKeyIsAnsweredInKind() throws Exception {
        SharedKey old = SharedKey.generate(random);
        try (ReconServer server = start("PREVIOUS_SHARED_KEYS = " + old.text() + "\n");
                TestClient client = TestClient.connect(server.port(), old)) {
            client.send(new Request.GetServerStatus());
            assertThat(client.event()).isInstanceOf(Report.ServerStatus.class);
        }
    }

    @Test
    void inSharedModeTheScriptWritesToTheGeneralDirectory() throws Exception {
        ServerProcess.writeScript(directory, "cp \"$1\"/a.7 \"$RECON_OUTPUT_DIR\"/result\n");
        try (ReconServer server = start("RECON_OUTPUT_MODE = shared\n");
                TestClient client = TestClient.connect(server.port(), key)) {
            client.submit(Map.of("a.7", "a".getBytes(UTF_8)));
            assertThat(client.awaitEnd().files()).containsOnlyKeys("result");
        }
        assertThat(Files.readString(directory.resolve("out/result"))).isEqualTo("a");
    }
}
