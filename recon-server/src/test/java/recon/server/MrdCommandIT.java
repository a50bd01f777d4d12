package recon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.server.testing.ServerProcess;

/** The packaged MRD service on its own. */
@Timeout(120)
class MrdCommandIT {
    private static final Path SESSIONS = Path.of("..", "recon-mrd", "src", "test", "resources", "recon", "mrd");
    private static final int LIMIT = 1 << 20;
    private static final int KILLED_BY_SIGTERM = 143;

    @TempDir
    private Path directory;

    private static Socket connect(ServerProcess server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static byte[] recorded(String name) throws IOException {
        return Files.readAllBytes(SESSIONS.resolve(name));
    }

    private void module(String name, String script) throws IOException {
        Path modules = Files.createDirectories(directory.resolve("modules"));
        Files.writeString(modules.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(modules.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void servesSavesAndLogsWithoutAnOptionsFileAndStopsWhenTold() throws Exception {
        module("invertcontrast", "cat >/dev/null; echo out of order >&2; exit 1");
        try (ServerProcess server = ServerProcess.startMrd(
                directory,
                List.of("-Xmx64m"),
                "-v",
                "-l",
                "mrd.log",
                "-s",
                "-S",
                "saved",
                "-H",
                "0.0.0.0",
                "--trusted-ips",
                "any",
                "--modules-dir",
                "modules",
                "--module-logs",
                "logs")) {
            assertThat(server.output()).contains("ready: MRD: 0.0.0.0 port " + server.port() + ", for any");
            try (Socket client = connect(server)) {
                client.getOutputStream().write(recorded("simplefft_py_clean.c2s.bin"));
                assertThat(client.getInputStream().readAllBytes()).isEqualTo(recorded("simplefft_py_clean.s2c.bin"));
            }
            try (Socket client = connect(server)) {
                client.getOutputStream().write(recorded("img_invert.c2s.bin"));
                MrdInput in = new MrdInput(client.getInputStream(), LIMIT);
                assertThat(in.read())
                        .contains(new MrdMessage.Text(
                                "ERROR   module invertcontrast exited with code 1; its last words:" + " out of order"));
                assertThat(in.read()).contains(new MrdMessage.Close());
            }
            server.terminate();
            assertThat(server.awaitExit()).isZero();
        }
        assertThat(directory.resolve("mrd.log")).content().contains("ready: MRD:", "DEBUG", "stopped");
        try (var saved = Files.list(directory.resolve("saved"))) {
            assertThat(saved).hasSize(2);
        }
        assertThat(directory.resolve("recon.opts")).doesNotExist();
    }

    @Test
    void aSecondSignalStopsItAtOnce() throws Exception {
        module("stubborn", "trap '' TERM; printf '\\005\\000\\003\\000\\000\\000up\\000'; while :; do sleep 0.1; done");
        try (ServerProcess server = ServerProcess.startMrd(
                        directory, List.of(), "-d", "stubborn", "--modules-dir", "modules", "--module-logs", "logs");
                Socket client = connect(server)) {
            byte[] sent = recorded("simplefft_py_clean.c2s.bin");
            System.arraycopy("stubborn\0\0".getBytes(StandardCharsets.US_ASCII), 0, sent, 2, 10);
            client.getOutputStream().write(sent, 0, 1 << 15);
            assertThat(new MrdInput(client.getInputStream(), LIMIT).read()).contains(new MrdMessage.Text("up"));
            server.terminate();
            server.awaitLine("stopping");
            server.terminate();
            assertThat(server.awaitExit()).isEqualTo(KILLED_BY_SIGTERM);
        }
    }
}
