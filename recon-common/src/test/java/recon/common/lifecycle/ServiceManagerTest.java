package recon.common.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a real socket of the kind that systemd listens on, which Java cannot make: a few lines of Python hold it. */
@Timeout(60)
class ServiceManagerTest {
    /** Listens on its argument, says so, and prints each message in one line; a barrier carries no message. */
    private static final String MANAGER = """
            import socket, sys
            manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            manager.bind(sys.argv[1].replace("@", "\\0", 1))
            print("listening", flush=True)
            while True:
                message = manager.recv(4096).decode()
                if not message.startswith("BARRIER"):
                    print(message.replace("\\n", "|"), flush=True)
            """;

    @TempDir
    private Path directory;

    private Process manager;

    private BufferedReader startManager(String socket) throws IOException {
        for (String program : List.of("python3", "systemd-notify")) {
            assumeTrue(
                    Files.isExecutable(Path.of("/usr/bin", program)),
                    "skipped: needs " + program + ", Debian package " + program.replace("-notify", ""));
        }
        manager = new ProcessBuilder("/usr/bin/python3", "-c", MANAGER, socket)
                .redirectErrorStream(true)
                .start();
        BufferedReader messages = manager.inputReader();
        assertThat(messages.readLine()).isEqualTo("listening");
        return messages;
    }

    @AfterEach
    void stopManager() throws InterruptedException {
        if (manager != null) {
            manager.destroyForcibly().waitFor();
        }
    }

    @Test
    void isToldWhenTheProgramIsReadyAndWhenItStops() throws Exception {
        String socket = directory.resolve("notify").toString();
        try (BufferedReader messages = startManager(socket)) {
            ServiceManager told = ServiceManager.of(Map.of(ServiceManager.SOCKET, socket));
            told.ready("serving on port 60000");
            assertThat(messages.readLine()).isEqualTo("READY=1|STATUS=serving on port 60000");
            told.stopping("waiting for jobs that run");
            assertThat(messages.readLine()).isEqualTo("STOPPING=1|STATUS=waiting for jobs that run");
        }
    }

    @Test
    void mayListenOnAnAbstractName() throws Exception {
        String socket = "@recon-test-" + UUID.randomUUID();
        try (BufferedReader messages = startManager(socket)) {
            ServiceManager.of(Map.of(ServiceManager.SOCKET, socket)).ready("serving");
            assertThat(messages.readLine()).isEqualTo("READY=1|STATUS=serving");
        }
    }

    @Test
    void thatDoesNotListenHarmsNothing() {
        String socket = directory.resolve("nobody").toString();
        ServiceManager.of(Map.of(ServiceManager.SOCKET, socket)).ready("serving");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void isNotLookedForWhereThereIsNone() {
        ServiceManager.of(Map.of()).ready("serving");
        assertThat(directory).isEmptyDirectory();
    }
}
