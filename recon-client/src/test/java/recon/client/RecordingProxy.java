package recon.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.KeyRing;
import recon.common.crypto.OpenedToken;
import recon.common.crypto.SharedKey;
import recon.common.tls.TlsSession;

/**
 * Stands between a client and a server, has their key, and writes down every frame of their first connection before it
 * hands it on. It ends TLS on both sides.
 *
 * <p>Threads: one for each direction, once both sides have spoken.
 */
final class RecordingProxy implements Closeable {
    private static final int KEEP_ALIVE = 0;

    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final int serverPort;
    private final SharedKey key;
    private final List<Frame> frames = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * @param direction {@code C → S} or {@code S → C}
     * @param kind of a frame in TLS; -1 for a token
     * @param body in the clear
     */
    record Frame(String direction, int kind, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    RecordingProxy(int serverPort, String key) throws IOException {
        this.serverPort = serverPort;
        this.key = SharedKey.parse(key);
        start(this::serve);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** All frames, once both sides have gone. */
    List<Frame> recording() throws InterruptedException {
        if (!ended.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the connection does not end; so far: " + frames);
        }
        return List.copyOf(frames);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static Thread start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException oneSideHasGone) {
                        // What came through is written down.
                    }
                },
                "recording-proxy");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** One side of the conversation. */
    private static final class Side {
        private final Socket socket;
        private final BufferedInputStream in;
        private TlsSession tls;

        Side(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /** Waits outside of the lock, which who writes needs. */
        int read(byte[] bytes, int at) throws IOException {
            in.mark(1);
            if (!tls.hasPlaintext() && in.read() >= 0) {
                in.reset();
            }
            synchronized (this) {
                return tls.read(
                        bytes.length - at, (from, offset, length) -> System.arraycopy(from, offset, bytes, at, length));
            }
        }

        synchronized void write(byte[] bytes) throws IOException {
            tls.write(bytes, 0, bytes.length);
            tls.flush();
        }
    }

    private void serve() throws IOException {
        try (Socket toClient = listener.accept();
                Socket toServer = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            Side client = new Side(toClient);
            Side server = new Side(toServer);
            passToken("C → S", client, server);
            if (passToken("S → C", server, client).text().contains("use_transport")) {
                KeyRing ring = KeyRing.shared(List.of(key));
                client.tls = TlsSession.server(client.in, toClient.getOutputStream(), ring);
                server.tls = TlsSession.client(server.in, toServer.getOutputStream(), ring);
            }
            Thread answers = start(() -> pass("S → C", server, client));
            try {
                pass("C → S", client, server);
            } finally {
                answers.join();
                ended.countDown();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(String direction, Side from, Side to) throws IOException {
        try {
            while (true) {
                if (from.tls == null) {
                    passToken(direction, from, to);
                } else {
                    passFrame(direction, from, to);
                }
            }
        } finally {
            to.socket.shutdownOutput();
        }
    }

    private Frame passToken(String direction, Side from, Side to) throws IOException {
        DataInputStream in = new DataInputStream(from.in);
        byte[] token = new byte[in.readInt()];
        in.readFully(token);
        InputStream copy = new ByteArrayInputStream(token);
        OpenedToken opened = new FernetCipher(List.of(key)).open(copy, token.length);
        Frame frame = new Frame(direction, -1, Arrays.copyOf(opened.buffer(), opened.length()));
        frames.add(frame);
        byte[] bytes = ByteBuffer.allocate(4 + token.length)
                .putInt(token.length)
                .put(token)
                .array();
        to.socket.getOutputStream().write(bytes);
        return frame;
    }

    private void passFrame(String direction, Side from, Side to) throws IOException {
        byte[] header = readFully(from, new byte[5]);
        byte[] body = readFully(from, new byte[ByteBuffer.wrap(header).getInt(1)]);
        if (header[0] != KEEP_ALIVE) {
            frames.add(new Frame(direction, header[0], body));
        }
        to.write(header);
        to.write(body);
    }

    private static byte[] readFully(Side from, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            int count = from.read(bytes, at);
            if (count < 0) {
                throw new EOFException();
            }
            at += count;
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
