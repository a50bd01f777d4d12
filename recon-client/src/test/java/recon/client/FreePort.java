package recon.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/**
 * A port for a server that must know it beforehand. It lies below those that systems hand out, to outgoing connections and
 * to servers that ask for any: so nobody gets it by chance before its server does, and a client cannot meet itself on it.
 */
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int PORTS = 10_000;

    private FreePort() {}

    public static int find() throws IOException {
        SecureRandom random = new SecureRandom();
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = FIRST + random.nextInt(PORTS);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                // another one
            }
        }
        throw new IOException("no free port from " + FIRST + " on");
    }
}
