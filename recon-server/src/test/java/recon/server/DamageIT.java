package recon.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.SharedKey;
import recon.common.wire.Request;
import recon.common.wire.Transfer;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;

/** What comes from outside and is no good, against a server that has little memory; a good job runs meanwhile. */
@Timeout(120)
class DamageIT {
    private static final List<String> LITTLE_MEMORY = List.of("-Xmx64m");
    private static final long FLAT_BYTES = 8 << 20;

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ServerProcess server;

    private void start(String options) throws Exception {
        ServerProcess.writeScript(directory, "cp \"$1\"/* \"$3\"/\n");
        server = ServerProcess.start(directory, LITTLE_MEMORY, "MAX_CONCURRENT_JOBS = 2\n" + options);
    }

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        if (server != null) {
            server.close();
        }
    }

    private void requireGoodJob() throws IOException {
        try (TestClient client = server.connect()) {
            client.submit(Map.of("good.7", "good".getBytes(UTF_8)));
            assertThat(client.awaitEnd().files()).containsOnlyKeys("good.7");
        }
    }

    /** Sends the bytes and nothing more; returns what comes until the server closes. */
    private byte[] answer(byte[] bytes) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            socket.getInputStream().transferTo(answer);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageMatching("(?i).*(reset|broken pipe).*");
        }
        return answer.toByteArray();
    }

    /** What a good client sends, byte for byte, with the job's two files going there and coming back. */
    private byte[] recordSession() throws Exception {
        ByteArrayOutputStream recorded = new ByteArrayOutputStream();
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Future<?> there = threads.submit(() -> {
                try (Socket client = proxy.accept();
                        Socket to = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    Future<?> back = threads.submit(() -> pump(to, client));
                    InputStream in = client.getInputStream();
                    byte[] piece = new byte[8192];
                    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                        recorded.write(piece, 0, n);
                        to.getOutputStream().write(piece, 0, n);
                    }
                    back.get(20, TimeUnit.SECONDS);
                }
                return null;
            });
            try (TestClient client = TestClient.connect(proxy.getLocalPort(), server.key)) {
                client.submit(Map.of("a.7", "recorded".getBytes(UTF_8)));
                assertThat(client.awaitEnd().files()).containsOnlyKeys("a.7");
            }
            there.get(20, TimeUnit.SECONDS);
        }
        return recorded.toByteArray();
    }

    private static Void pump(Socket from, Socket to) throws IOException {
        from.getInputStream().transferTo(to.getOutputStream());
        to.shutdownOutput();
        return null;
    }

    private static int wholeFrames(byte[] answer) {
        int frames = 0;
        for (ByteBuffer in = ByteBuffer.wrap(answer); in.hasRemaining(); frames++) {
            int length = in.getInt();
            in.position(in.position() + length); // throws if the frame is torn
        }
        return frames;
    }

    @Test
    void garbageAndWrongKeysAreClosedWithoutAnAnswer() throws Exception {
        start("");
        byte[] garbage = new byte[100_000];
        new java.util.Random(1).nextBytes(garbage);
        garbage[0] |= 1;
        for (byte[] bytes : List.of(
                garbage,
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1),
                new byte[4],
                new byte[] {-1, -1, -1, -1, 1, 2, 3},
                new byte[] {0, 0, 0, 100, 1, 2, 3})) {
            assertThat(answer(bytes)).isEmpty();
        }
        try (TestClient stranger = TestClient.connect(server.port(), SharedKey.generate(new SecureRandom()))) {
            stranger.send(new Request.GetServerStatus());
            assertThat(stranger.receiveOrEnd()).isEmpty();
        }
        server.awaitLine("frame length 4294967295 is outside 100..4194304");
        server.awaitLine("frame length 0 is outside");
        server.awaitLine("closed without an answer: ");
        requireGoodJob();
    }

    @Test
    void aSessionInSingleBytesIsAnsweredAndAReplayIsNot() throws Exception {
        start("MESSAGE_MAX_AGE_SECONDS = 0\n");
        byte[] session = recordSession();
        int first = 4 + ByteBuffer.wrap(session).getInt();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setTcpNoDelay(true);
            for (int i = 0; i < first; i++) {
                socket.getOutputStream().write(session[i]);
                socket.getOutputStream().flush();
            }
            assertThat(new java.io.DataInputStream(socket.getInputStream()).readInt())
                    .isBetween(100, 1000); // request_file
        }
        server.terminate(); // lets the session tidy up, where a kill would not
        assertThat(server.awaitExit()).isZero();

        start("");
        byte[] recorded = recordSession();
        assertThat(answer(recorded)).isEmpty();
        server.awaitLine("message was received before (it was sealed ");
        requireGoodJob();
        server.terminate();
        assertThat(server.awaitExit()).isZero();
        assertThat(ServerProcess.jobDirectories(directory.resolve("in"))).isEmpty();
    }

    @Test
    void aSessionCutAtEveryByteHarmsNobody() throws Exception {
        start("MESSAGE_MAX_AGE_SECONDS = 0\nMAX_QUEUED_JOBS = 1000\n");
        byte[] session = recordSession();
        long before = server.liveHeapBytes();
        List<Future<Integer>> cuts = new ArrayList<>();
        ExecutorService eight = Executors.newFixedThreadPool(8);
        try {
            for (int length = 0; length < session.length; length++) {
                byte[] cut = Arrays.copyOf(session, length);
                cuts.add(eight.submit(() -> wholeFrames(answer(cut))));
            }
            requireGoodJob();
            int most = 0;
            for (Future<Integer> cut : cuts) {
                int frames = cut.get(60, TimeUnit.SECONDS);
                assertThat(frames).isBetween(most, 9); // one byte more never means one answer less
                most = frames;
            }
            assertThat(most).isEqualTo(9); // all but the last ack is whole: the server has said everything
        } finally {
            eight.shutdownNow();
        }
        requireGoodJob();
        assertThat(server.liveHeapBytes()).isLessThan(before + FLAT_BYTES);
        server.terminate();
        assertThat(server.awaitExit()).isZero();
        assertThat(ServerProcess.jobDirectories(directory.resolve("in"))).isEmpty();
        assertThat(server.output()).doesNotContain("Exception in thread", "OutOfMemory", "bug of the server");
    }

    @Test
    void namesThatLeadElsewhereAreRefusedAndWriteNothing() throws Exception {
        start("");
        for (String name : List.of("../../x", "/etc/x", "..", "a\u0000b", "x".repeat(300))) {
            try (TestClient client = server.connect()) {
                client.send(TestClient.submission(true, "{}", "/data/a.7"));
                client.receive();
                client.send(new Transfer.Start(name, 1));
                assertThat(((Transfer.StartAck) client.receive()).ready())
                        .as(name)
                        .isFalse();
                assertThat(client.receiveOrEnd()).isEmpty();
            }
        }
        requireGoodJob();
        server.terminate();
        assertThat(server.awaitExit()).isZero();
        assertThat(ServerProcess.jobDirectories(directory.resolve("in"))).isEmpty();
        try (var files = Files.walk(directory)) {
            assertThat(files).noneMatch(file -> file.endsWith("x"));
        }
    }

    @Test
    void aThousandSilentConnectionsKeepNobodyOut() throws Exception {
        start("LOG_LEVEL = debug\n");
        requireGoodJob();
        long heapBefore = server.liveHeapBytes();
        long threadsBefore = server.threads().size();
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                silent.add(socket);
                if (i % 2 == 0) { // half of them announce 4 MiB that never come
                    try {
                        socket.getOutputStream().write(new byte[] {0, 64, 0, 0});
                    } catch (SocketException pushedOut) {
                        assertThat(pushedOut).isNotNull();
                    }
                }
                if (i % 250 == 249) {
                    requireGoodJob();
                }
            }
            assertThat(server.liveHeapBytes()).isLessThan(heapBefore + FLAT_BYTES);
            assertThat(server.threads().size()).isLessThan((int) threadsBefore + 80);
        } finally {
            silent.forEach(DamageIT::close);
        }
        server.awaitLine("closed by the client before it said anything");
        requireGoodJob();
        awaitThreads(threadsBefore);
    }

    /** Each look takes as long as a process takes to start, so that this is no busy loop. */
    private void awaitThreads(long atMost) throws Exception {
        List<String> now = server.threads();
        for (int look = 0; look < 20 && now.size() > atMost + 2; look++) {
            now = server.threads();
        }
        assertThat(now).hasSizeLessThanOrEqualTo((int) atMost + 2);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
