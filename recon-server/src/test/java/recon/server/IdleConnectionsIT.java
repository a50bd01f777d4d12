package recon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.job.JobId;
import recon.common.net.Connection;
import recon.common.wire.Event;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;

/** Clients that wait for a job over TLS hold little of the server's memory. */
@Timeout(120)
class IdleConnectionsIT {
    private static final int CONNECTIONS = 200;
    private static final long MOST_BYTES_EACH = 64 * 1024;

    @TempDir
    private Path directory;

    private SecureChannel connect(ServerProcess server) throws IOException {
        return new SecureChannel(
                new Connection(new Socket(InetAddress.getLoopbackAddress(), server.port()), Duration.ofSeconds(30)),
                new FernetCipher(List.of(server.key)),
                new ReplayGuard(Duration.ZERO, Clock.systemUTC()),
                FernetCipher.MAX_TOKEN_BYTES);
    }

    private void wait(ServerProcess server, JobId job, int connections, Deque<SecureChannel> open) throws IOException {
        for (int i = 0; i < connections; i++) {
            SecureChannel channel = connect(server);
            open.add(channel);
            channel.ask(new Request.OfJob(Request.OfJob.Verb.FETCH, job), TransportChoice.TLS);
        }
    }

    @Test
    void twoHundredCostLittle() throws Exception {
        ServerProcess.writeScript(directory, "until [ -e \"" + directory.resolve("go") + "\" ]; do sleep 0.1; done\n");
        String options = "MAX_CONNECTIONS = 1000\nMAX_CONNECTIONS_PER_ADDRESS = 1000";
        Deque<SecureChannel> open = new ArrayDeque<>();
        try (ServerProcess server = ServerProcess.start(directory, List.of("-XX:+UseSerialGC", "-Xmx128m"), options)) {
            JobId job;
            try (TestClient client = server.connect()) {
                job = client.submit(Map.of("a.7", new byte[3])).jobId();
            }
            wait(server, job, 20, open); // loads classes
            long before = server.liveHeapBytes();
            wait(server, job, CONNECTIONS, open);
            long each = (server.liveHeapBytes() - before) / CONNECTIONS;
            System.out.printf("a connection that waits over TLS holds %.1f KB of the server's heap%n", each / 1e3);
            assertThat(each).isLessThanOrEqualTo(MOST_BYTES_EACH);
            Files.createFile(directory.resolve("go"));
            for (SecureChannel channel : open) {
                Event.ReconStatus ended =
                        SecureChannel.cast(channel.receiveWhenever(), Event.ReconStatus.class, "the end of the job");
                assertThat(ended.status()).isEqualTo(Event.ReconStatus.COMPLETED_NO_DICOMS);
            }
        } finally {
            for (SecureChannel channel : open) {
                channel.close();
            }
        }
    }
}
