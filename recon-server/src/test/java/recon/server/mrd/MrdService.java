package recon.server.mrd;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import recon.common.net.Listener;
import recon.common.net.TrustedAddresses;
import recon.mrd.wire.MrdInput;
import recon.mrd.wire.MrdMessage;
import recon.server.script.LeftOverProcesses;

/**
 * An MRD service over real sockets, with a client that behaves well beside whatever a test does: it asks for the same
 * images again and again, and must always get them.
 */
final class MrdService implements Closeable {
    static final int LIMIT = 1 << 20;
    static final Duration IDLE = Duration.ofSeconds(3);

    /** For modules that hang; the good client's module must never come near it, however busy the machine is. */
    static final Duration SHORT = Duration.ofSeconds(2);

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Path SESSIONS = Path.of("..", "recon-mrd", "src", "test", "resources", "recon", "mrd");

    private final MrdServer server;
    private final Thread goodClient;
    private volatile boolean closing;
    private int served;
    private Throwable unserved;

    private MrdService(MrdServer server) {
        this.server = server;
        this.goodClient = new Thread(this::askAgainAndAgain, "good-client");
    }

    static MrdService start(Path directory, Optional<Path> modules) throws IOException {
        return start(directory, modules, LONG);
    }

    /** @param moduleLimit how long a module may do nothing */
    static MrdService start(Path directory, Optional<Path> modules, Duration moduleLimit) throws IOException {
        MrdService service = new MrdService(new MrdServer(
                new MrdSettings(
                        "127.0.0.1",
                        0,
                        TrustedAddresses.parse(""),
                        "null",
                        32,
                        IDLE,
                        LIMIT,
                        directory.resolve("saved"),
                        false,
                        0,
                        new MrdSettings.Modules(modules, directory.resolve("logs"), 4096, moduleLimit)),
                Listener.addressesOf("127.0.0.1", 0)));
        service.server.start();
        service.goodClient.start();
        return service;
    }

    static byte[] recorded(String name) throws IOException {
        return Files.readAllBytes(SESSIONS.resolve(name));
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** All that the service says to a client that sends this and then ends its stream. */
    List<MrdMessage> answerTo(byte[] sent) throws IOException {
        try (Socket client = connect()) {
            Thread sender = new Thread(() -> {
                try {
                    client.getOutputStream().write(sent);
                    client.shutdownOutput();
                } catch (SocketException e) {
                    // the service has had enough
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            sender.start();
            List<MrdMessage> answer = allOf(client);
            sender.join();
            return answer;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static List<MrdMessage> allOf(Socket client) throws IOException {
        MrdInput in = new MrdInput(client.getInputStream(), LIMIT);
        List<MrdMessage> messages = new ArrayList<>();
        for (Optional<MrdMessage> next = in.read(); next.isPresent(); next = in.read()) {
            messages.add(next.get());
        }
        return messages;
    }

    private void askAgainAndAgain() {
        try {
            byte[] sent = recorded("simplefft_py_clean.c2s.bin");
            byte[] expected = recorded("simplefft_py_clean.s2c.bin");
            do {
                try (Socket client = connect()) {
                    client.getOutputStream().write(sent);
                    if (!Arrays.equals(client.getInputStream().readAllBytes(), expected)) {
                        throw new AssertionError("other images than usual");
                    }
                    served++;
                }
            } while (!closing);
        } catch (IOException | RuntimeException | AssertionError e) {
            unserved = e;
        }
    }

    /** Bytes of the heap that are in use after collections; the good client comes and goes, so the least of some. */
    static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    void endLeftOvers() throws IOException, InterruptedException {
        server.endLeftOvers(new LeftOverProcesses(IDLE));
    }

    void stopServer() throws IOException {
        endGoodClient();
        server.stop();
    }

    private void endGoodClient() {
        closing = true;
        try {
            goodClient.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Ends all, and fails if the client that behaved well was not served. */
    @Override
    public void close() throws IOException {
        endGoodClient();
        server.stop();
        if (unserved != null || served == 0) {
            throw new AssertionError("after " + served + " sessions", unserved);
        }
    }
}
