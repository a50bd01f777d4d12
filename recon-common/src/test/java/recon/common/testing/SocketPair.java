package recon.common.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Two sockets connected over loopback. */
public record SocketPair(Socket a, Socket b) implements Closeable {
    public static SocketPair open() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket a = new Socket(server.getInetAddress(), server.getLocalPort());
            a.setSoTimeout(20_000); // a test that goes wrong ends
            return new SocketPair(a, server.accept());
        }
    }

    @Override
    public void close() throws IOException {
        a.close();
        b.close();
    }
}
