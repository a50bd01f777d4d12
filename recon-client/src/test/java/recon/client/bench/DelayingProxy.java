package recon.client.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A long line on loopback: whatever is sent arrives a fixed time later, and a connection takes one round trip to be made.
 * Holds {@value #WINDOW_KIB} KiB each way, so that it limits no throughput. Two threads serve each direction.
 *
 * <pre>
 *   DelayingProxy ROUND_TRIP_MILLIS PORT...     prints one port for each of these, and forwards until it is killed
 * </pre>
 */
final class DelayingProxy {
    private static final int WINDOW_KIB = 128 * 1024;
    private static final int PIECE_BYTES = 64 * 1024;

    private final int targetPort;
    private final long oneWayNanos;

    private DelayingProxy(int targetPort, long oneWayNanos) {
        this.targetPort = targetPort;
        this.oneWayNanos = oneWayNanos;
    }

    public static void main(String[] args) throws IOException {
        long oneWayNanos = TimeUnit.MILLISECONDS.toNanos(Integer.parseInt(args[0])) / 2;
        for (String target : Arrays.asList(args).subList(1, args.length)) {
            DelayingProxy proxy = new DelayingProxy(Integer.parseInt(target), oneWayNanos);
            ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
            start("accept-" + target, () -> proxy.accept(listener));
            System.out.println("port " + listener.getLocalPort());
        }
    }

    /** What happens on a connection that breaks is that it ends. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(String name, Work work) {
        new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (IOException | InterruptedException broken) {
                                System.err.println(name + ": " + broken);
                            }
                        },
                        name)
                .start();
    }

    private void accept(ServerSocket listener) throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), targetPort);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            long made = System.nanoTime() + 2 * oneWayNanos;
            new Direction(client, server, made).start("up");
            new Direction(server, client, made).start("down");
        }
    }

    /** Bytes of one reading; none stand for the end. */
    private record Piece(byte[] bytes, long due) {
        boolean isEnd() {
            return bytes.length == 0;
        }

        /** A small piece costs too. */
        int kib() {
            return bytes.length / 1024 + 1;
        }
    }

    private final class Direction {
        private final BlockingQueue<Piece> onTheWay = new LinkedBlockingQueue<>();
        private final Semaphore window = new Semaphore(WINDOW_KIB);
        private final Socket from;
        private final Socket to;
        private final long made;

        Direction(Socket from, Socket to, long made) {
            this.from = from;
            this.to = to;
            this.made = made;
        }

        void start(String name) {
            DelayingProxy.start(name + "-in", this::read);
            DelayingProxy.start(name + "-out", this::write);
        }

        private void read() throws InterruptedException {
            byte[] buffer = new byte[PIECE_BYTES];
            try {
                waitUntil(made);
                for (int n = read(buffer); n >= 0; n = read(buffer)) {
                    Piece piece = new Piece(Arrays.copyOf(buffer, n), System.nanoTime() + oneWayNanos);
                    window.acquire(piece.kib());
                    onTheWay.add(piece);
                }
            } catch (IOException broken) {
                // it ends for the other side
            } finally {
                onTheWay.add(new Piece(new byte[0], System.nanoTime() + oneWayNanos));
            }
        }

        private int read(byte[] buffer) throws IOException {
            return from.getInputStream().read(buffer);
        }

        private void write() throws IOException, InterruptedException {
            try {
                Piece piece = take();
                for (; !piece.isEnd(); piece = take()) {
                    to.getOutputStream().write(piece.bytes());
                    window.release(piece.kib());
                }
                to.shutdownOutput();
                if (from.isOutputShutdown()) { // the other direction has ended too
                    close();
                }
            } catch (IOException broken) {
                close();
                window.release(WINDOW_KIB);
            }
        }

        private Piece take() throws InterruptedException {
            Piece piece = onTheWay.take();
            waitUntil(piece.due());
            return piece;
        }

        private void close() throws IOException {
            from.close();
            to.close();
        }

        private static void waitUntil(long nanoTime) {
            for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }
}
