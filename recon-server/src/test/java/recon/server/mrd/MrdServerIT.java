package recon.server.mrd;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.server.testing.RecordedLog;

/** MRD clients over real sockets, well-behaved and others. */
@Timeout(60)
class MrdServerIT {
    private static final Path SESSIONS = Path.of("..", "recon-mrd", "src", "test", "resources", "recon", "mrd");
    private static final int LIMIT = 1 << 20;

    @TempDir
    private Path directory;

    private MrdServer server;

    private void start(int sessions, String trusted) throws IOException {
        start(sessions, trusted, false, 0);
    }

    private void start(int sessions, String trusted, boolean savesAll, long minFreeBytes) throws IOException {
        MrdSettings settings = new MrdSettings(
                "127.0.0.1",
                0,
                TrustedAddresses.parse(trusted),
                "null",
                sessions,
                Duration.ofSeconds(20),
                LIMIT,
                directory,
                savesAll,
                minFreeBytes,
                new MrdSettings.Modules(Optional.empty(), directory.resolve("logs"), 4096, Duration.ofSeconds(20)));
        server = new MrdServer(settings, Listener.addressesOf("127.0.0.1", 0));
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.stop();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Test
    void recordedClientsGetTheRecordedAnswersSideBySide() throws Exception {
        start(4, "");
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Socket client = connect();
            clients.add(client);
            client.getOutputStream().write(Files.readAllBytes(SESSIONS.resolve(name(i) + ".c2s.bin")));
        }
        for (int i = 0; i < 4; i++) {
            try (Socket client = clients.get(i)) {
                assertThat(client.getInputStream().readAllBytes())
                        .isEqualTo(Files.readAllBytes(SESSIONS.resolve(name(i) + ".s2c.bin")));
            }
        }
    }

    private static String name(int i) {
        return i % 2 == 0 ? "simplefft_py_clean" : "img_invert";
    }

    @Test
    void anImageLeavesWhileMoreDataMayCome() throws Exception {
        start(1, "127.0.0.0/8");
        byte[] whole = Files.readAllBytes(SESSIONS.resolve("simplefft_py_clean.c2s.bin"));
        try (Socket client = connect()) {
            client.getOutputStream().write(whole, 0, whole.length - 2); // all but the close
            MrdInput in = new MrdInput(client.getInputStream(), LIMIT);
            assertThat(in.read()).containsInstanceOf(MrdMessage.Data.class);
            client.getOutputStream().write(whole, whole.length - 2, 2);
            assertThat(in.read()).contains(new MrdMessage.Close());
            assertThat(in.read()).isEmpty();
        }
    }

    @Test
    void aCutStreamIsToldAndOthersGoOn() throws Exception {
        start(2, "");
        byte[] whole = Files.readAllBytes(SESSIONS.resolve("simplefft_py_clean.c2s.bin"));
        try (Socket good = connect();
                Socket cut = connect()) {
            cut.getOutputStream().write(whole, 0, whole.length / 2);
            cut.shutdownOutput();
            MrdInput in = new MrdInput(cut.getInputStream(), LIMIT);
            assertThat(in.read())
                    .hasValueSatisfying(message -> assertThat(message)
                            .isInstanceOfSatisfying(
                                    MrdMessage.Text.class,
                                    text -> assertThat(text.text())
                                            .startsWith("ERROR   the stream ends at byte " + whole.length / 2
                                                    + ", within ")));
            assertThat(in.read()).contains(new MrdMessage.Close());
            good.getOutputStream().write(whole);
            assertThat(new MrdInput(good.getInputStream(), LIMIT).read()).containsInstanceOf(MrdMessage.Data.class);
        }
    }

    @Test
    void aSessionHasALineAtItsEndHoweverItEnds() throws Exception {
        byte[] whole = Files.readAllBytes(SESSIONS.resolve("simplefft_py_clean.c2s.bin"));
        try (RecordedLog log = new RecordedLog()) {
            start(2, "");
            try (Socket broken = connect()) {
                broken.getOutputStream().write(whole, 0, whole.length / 2);
                log.await("a session begins");
                broken.setSoLinger(true, 0);
            }
            assertThat(log.await("the session has broken off").getFormattedMessage())
                    .contains(" items in (")
                    .endsWith(" bytes), 0 images out");
            try (Socket good = connect()) {
                good.getOutputStream().write(whole);
                good.getInputStream().readAllBytes();
            }
            assertThat(log.await("the session has ended").getFormattedMessage())
                    .contains("simplefft, ")
                    .contains(" items in (" + whole.length + " bytes)");
        }
    }

    @Test
    void whoComesWhenAllPlacesAreTakenIsTold() throws Exception {
        start(1, "");
        byte[] whole = Files.readAllBytes(SESSIONS.resolve("simplefft_py_clean.c2s.bin"));
        try (Socket first = connect()) {
            first.getOutputStream().write(whole, 0, whole.length - 2);
            MrdInput served = new MrdInput(first.getInputStream(), LIMIT);
            assertThat(served.read()).containsInstanceOf(MrdMessage.Data.class); // it has the only place now
            try (Socket third = connect()) {
                MrdInput refused = new MrdInput(third.getInputStream(), LIMIT);
                assertThat(refused.read())
                        .contains(new MrdMessage.Text("ERROR   the server has 1 sessions, which is its limit"
                                + " (MRD_MAX_SESSIONS); try again later"));
                assertThat(refused.read()).contains(new MrdMessage.Close());
                assertThat(refused.read()).isEmpty();
            }
        }
    }

    @Test
    void nothingIsSavedWhereTooLittleIsFreeAndImagesAreMadeAllTheSame() throws Exception {
        start(3, "", true, Files.getFileStore(directory).getTotalSpace() + 1);
        byte[] sent = Files.readAllBytes(SESSIONS.resolve("simplefft_py_clean.c2s.bin"));
        try (Socket client = connect()) {
            client.getOutputStream().write(sent);
            assertThat(client.getInputStream().readAllBytes())
                    .isEqualTo(Files.readAllBytes(SESSIONS.resolve("simplefft_py_clean.s2c.bin")));
        }
        for (String config : List.of("savedata", "savedataonly")) {
            System.arraycopy(Arrays.copyOf(config.getBytes(StandardCharsets.US_ASCII), 32), 0, sent, 2, 32);
            try (Socket client = connect()) {
                client.getOutputStream().write(sent);
                MrdInput in = new MrdInput(client.getInputStream(), LIMIT);
                assertThat(in.read())
                        .hasValueSatisfying(message -> assertThat(message)
                                .isInstanceOfSatisfying(
                                        MrdMessage.Text.class,
                                        text -> assertThat(text.text())
                                                .startsWith("ERROR   not enough space in ")
                                                .contains("(MIN_FREE_DISK_MB)")));
                assertThat(in.read()).contains(new MrdMessage.Close());
            }
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void strangersAreNotServed() throws Exception {
        start(1, "10.0.0.0/8");
        try (Socket client = connect()) {
            assertThat(new MrdInput(client.getInputStream(), LIMIT).read()).isEqualTo(Optional.empty());
        }
    }

    @Test
    void whoJustLooksWhetherThePortIsOpenMakesOneLineThatNobodyNeeds() throws Exception {
        try (RecordedLog log = new RecordedLog()) {
            start(2, "");
            for (boolean reset : new boolean[] {false, true}) {
                Socket client = connect();
                client.setSoLinger(reset, 0);
                client.close();
            }
            log.await("left without a word", 2);
            stop();
            assertThat(log.events()).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.INFO));
        }
    }
}
