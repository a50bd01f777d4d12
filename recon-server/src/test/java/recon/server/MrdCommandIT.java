package recon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.mrd.file.MrdReader;
import recon.mrd.format.MrdException;
import recon.mrd.session.LeftOverRecordings;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.server.testing.ServerProcess;

/** The packaged MRD service on its own. */
@Timeout(120)
class MrdCommandIT {
    private static final Path SESSIONS = Path.of("..", "recon-mrd", "src", "test", "resources", "recon", "mrd");
    private static final int LIMIT = 1 << 20;
    private static final int KILLED_BY_SIGTERM = 143;
    private static final int CLOSE_BYTES = 2;
    /** Of the recorded session. */
    private static final int READOUTS = 96;

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

    @Test
    void whatCameInBeforeAKillIsFoundAtTheNextStartAndWhatIsComingInBeforeAStopIsCompleted() throws Exception {
        byte[] sent = withConfig("savedataonly");
        byte[] unfinished = Arrays.copyOf(sent, sent.length - CLOSE_BYTES);
        Path saved = directory.resolve("saved");
        try (ServerProcess server = ServerProcess.startMrd(directory, List.of(), "-S", "saved");
                Socket client = connect(server)) {
            client.getOutputStream().write(unfinished);
            awaitReadouts(saved, READOUTS);
            LeftOverRecordings.rescue(saved); // as another server that starts meanwhile
            assertThat(files(saved)).singleElement().asString().startsWith(".MRD_input_");
        } // SIGKILL
        try (ServerProcess server = ServerProcess.startMrd(directory, List.of(), "-S", "saved")) {
            assertThat(server.output())
                    .contains("a file was not complete when its server ended", READOUTS + " readouts");
            String name = files(saved).get(0);
            assertThat(name).matches("MRD_input_.*\\.incomplete\\.h5");
            assertThat(readouts(saved.resolve(name))).isEqualTo(READOUTS);
            try (Socket client = connect(server)) {
                client.getOutputStream().write(unfinished);
                awaitReadouts(saved, READOUTS);
                server.terminate();
                assertThat(server.awaitExit()).isZero();
            }
        }
        assertThat(files(saved)).hasSize(2).noneMatch(name -> name.startsWith("."));
    }

    @Test
    void whenTheDiskTakesNoMoreTheClientIsToldAndWhatCameInStays() throws Exception {
        byte[] sent = withConfig("savedataonly");
        Path saved = directory.resolve("saved");
        try (ServerProcess server = ServerProcess.startMrd(directory, List.of(), "-S", "saved");
                Socket client = connect(server)) {
            int half = sent.length - (1 << 18);
            client.getOutputStream().write(sent, 0, half);
            awaitReadouts(saved, 1);
            int kept = readouts(saved.resolve(files(saved).get(0)));
            long bytes = Files.size(saved.resolve(files(saved).get(0)));
            Process limit = new ProcessBuilder(
                            "/usr/bin/prlimit", "--pid", Long.toString(server.pid()), "--fsize=" + bytes)
                    .start();
            assertThat(limit.waitFor()).isZero();
            client.getOutputStream().write(sent, half, sent.length - half);
            MrdInput in = new MrdInput(client.getInputStream(), LIMIT);
            assertThat(((MrdMessage.Text) in.read().orElseThrow()).text()).isEqualTo("ERROR   File too large");
            assertThat(in.read()).contains(new MrdMessage.Close());
            String name = files(saved).get(0);
            assertThat(name).matches("MRD_input_.*\\.incomplete\\.h5");
            assertThat(readouts(saved.resolve(name))).isEqualTo(kept);
        }
    }

    private static byte[] withConfig(String name) throws IOException {
        byte[] sent = recorded("simplefft_py_clean.c2s.bin");
        byte[] config = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 32);
        System.arraycopy(config, 0, sent, 2, config.length);
        return sent;
    }

    private static List<String> files(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static int readouts(Path file) throws IOException {
        try (MrdReader in = MrdReader.open(file)) {
            return in.count();
        }
    }

    /** Waits until a hidden file can be read and holds so many. */
    private static void awaitReadouts(Path saved, int least) throws Exception {
        try (WatchService changes = saved.getFileSystem().newWatchService()) {
            saved.getParent().register(changes, StandardWatchEventKinds.ENTRY_CREATE);
            while (!Files.isDirectory(saved)) {
                changes.poll(1, TimeUnit.SECONDS);
            }
            saved.register(changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (!holdsReadouts(saved, least)) {
                changes.take().reset();
            }
        }
    }

    private static boolean holdsReadouts(Path saved, int least) throws IOException {
        List<String> hidden =
                files(saved).stream().filter(name -> name.startsWith(".")).toList();
        try {
            return !hidden.isEmpty() && readouts(saved.resolve(hidden.get(0))) >= least;
        } catch (MrdException e) {
            return false;
        }
    }
}
