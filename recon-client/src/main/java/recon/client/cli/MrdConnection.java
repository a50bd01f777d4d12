package recon.client.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import recon.client.retry.Pause;
import recon.common.job.Failures;

/**
 * A connection to an MRD server, which is given up once the server has neither taken nor sent anything for too long.
 *
 * <p>Threads: one reads, another writes, and any may close.
 */
final class MrdConnection implements AutoCloseable {
    private static final int ATTEMPTS = 5;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    /** What is written in one piece: a server that is slow with a large image takes some of it now and then. */
    private static final int PIECE_BYTES = 1 << 16;

    private final Socket socket;
    private final Duration idleLimit;
    private volatile long lastTaken = System.nanoTime();

    private MrdConnection(Socket socket, Duration idleLimit) {
        this.socket = socket;
        this.idleLimit = idleLimit;
    }

    /**
     * Connects, with some attempts where nobody listens yet.
     *
     * @param idleLimit for how long the server may neither take nor send anything; zero: for ever
     */
    static MrdConnection open(String host, int port, Duration idleLimit, ClientConsole console)
            throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new UnknownHostException("the host name is not known");
            }
            Socket socket = new Socket();
            try {
                socket.connect(address, CONNECT_TIMEOUT_MS);
                socket.setTcpNoDelay(true);
                return new MrdConnection(socket, idleLimit);
            } catch (ConnectException e) {
                socket.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                if (console.style().verbose()) {
                    console.tell("attempt " + attempt + " of " + ATTEMPTS + ": " + Failures.words(e));
                }
                Pause.REAL.await(new CountDownLatch(1), PAUSE);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }
    }

    /** What the server sends. */
    InputStream input() throws IOException {
        InputStream in = socket.getInputStream();
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                long began = System.nanoTime();
                while (true) {
                    socket.setSoTimeout(millisLeft(began));
                    try {
                        return in.read(into, offset, length);
                    } catch (SocketTimeoutException e) {
                        if (left(began) <= 0) {
                            throw new SocketTimeoutException("the server has neither taken nor sent anything for "
                                    + idleLimit.toSeconds() + " s (--idle-timeout)");
                        } // else it took something meanwhile
                    }
                }
            }
        };
    }

    /** Nanoseconds until the server has been idle for too long. */
    private long left(long began) {
        long now = System.nanoTime();
        return idleLimit.toNanos() - Math.min(now - began, now - lastTaken);
    }

    /** At least 1, for 0 would be for ever, as it is where there is no limit. */
    private int millisLeft(long began) {
        return idleLimit.isZero()
                ? 0
                : (int) Math.max(1, Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(left(began)) + 1));
    }

    /** To the server. */
    OutputStream output() throws IOException {
        return new FilterOutputStream(socket.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int at = 0; at < length; at += PIECE_BYTES) {
                    out.write(bytes, offset + at, Math.min(PIECE_BYTES, length - at));
                    lastTaken = System.nanoTime();
                }
            }
        };
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
