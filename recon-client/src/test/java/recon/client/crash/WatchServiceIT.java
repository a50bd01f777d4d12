package recon.client.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The watch folder as a service that is told of a directory which is mounted late. */
@Timeout(120)
class WatchServiceIT {
    /** Prints each message to the service manager in one line; a barrier carries no message. */
    private static final String MANAGER = """
            import socket, sys
            manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            manager.bind(sys.argv[1])
            print("listening", flush=True)
            while True:
                message = manager.recv(4096).decode()
                if not message.startswith("BARRIER"):
                    print(message.replace("\\n", "|"), flush=True)
            """;

    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path directory;

    private Process manager;
    private Process daemon;

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process process : new Process[] {daemon, manager}) {
            if (process != null) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void isReadyAndWaitsWhileItsDirectoryIsNotThereAndSaysThatItStops() throws Exception {
        for (String program : List.of("python3", "systemd-notify")) {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), "skipped: needs " + program);
        }
        Path socket = directory.resolve("notify");
        Path scans = directory.resolve("site/scans");
        Path log = directory.resolve("log");
        try (CrashSite site = new CrashSite(directory.resolve("site"), """
                CLIENT_WATCH_DIRECTORY = scans
                CLIENT_DAEMON_POLL_INTERVAL = 1
                """)) {
            manager = new ProcessBuilder("/usr/bin/python3", "-c", MANAGER, socket.toString()).start();
            try (BufferedReader messages = manager.inputReader()) {
                assertThat(messages.readLine()).isEqualTo("listening");
                ProcessBuilder watch =
                        Jars.client("watch").directory(site.directory().toFile());
                watch.environment().put("NOTIFY_SOCKET", socket.toString());
                daemon = watch.redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
                assertThat(messages.readLine())
                        .startsWith("READY=1|STATUS=waiting for ")
                        .endsWith("which is not there");
                Files.createDirectory(scans);
                assertThat(messages.readLine()).startsWith("READY=1|STATUS=watching ");
                daemon.toHandle().destroy();
                assertThat(messages.readLine()).startsWith("STOPPING=1|STATUS=");
            }
            assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(daemon.exitValue()).isEqualTo(TERMINATED);
            assertThat(log).content().containsOnlyOnce("is not there; waiting").containsOnlyOnce("stopping;");
        }
    }
}
