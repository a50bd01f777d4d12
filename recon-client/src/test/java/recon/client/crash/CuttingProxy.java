package recon.client.crash;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Forwards connections to a server, and cuts some of them after a random number of bytes, both directions together. One
 * thread accepts, two serve each connection; all end with the connections.
 */
final class CuttingProxy implements Closeable {
    private static final int CUT_PERCENT = 40;
    private static final int LOG2_OF_LONGEST = 18;

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final SplittableRandom random;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();

    CuttingProxy(int serverPort, long seed) throws IOException {
        this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        this.random = new SplittableRandom(seed);
        start("proxy", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    int cuts() {
        return cuts.get();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                open.add(client);
                long left = bytesToLive();
                start("proxy-connection", () -> serve(client, new AtomicLong(left)));
            }
        } catch (IOException closed) {
            open.forEach(CuttingProxy::close);
        }
    }

    /** Short lives are as likely as long ones: anything from one byte on, by powers of two. */
    private long bytesToLive() {
        if (random.nextInt(100) >= CUT_PERCENT) {
            return Long.MAX_VALUE;
        }
        long power = 1L << random.nextInt(LOG2_OF_LONGEST);
        return power + random.nextLong(power);
    }

    private void serve(Socket client, AtomicLong left) {
        connections.incrementAndGet();
        Socket toServer = new Socket();
        open.add(toServer);
        try {
            toServer.connect(server);
            start("proxy-answers", () -> pump(toServer, client, left));
            pump(client, toServer, left);
        } catch (IOException noServer) {
            close(client);
        } finally {
            open.remove(client);
            open.remove(toServer);
        }
    }

    private void pump(Socket from, Socket to, AtomicLong left) {
        byte[] piece = new byte[4096];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                if (left.addAndGet(-n) < 0) {
                    cuts.incrementAndGet();
                    break;
                }
                out.write(piece, 0, n);
            }
        } catch (IOException broken) {
            // one end has gone; so will the other
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no use any more, and nobody waits for it
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
