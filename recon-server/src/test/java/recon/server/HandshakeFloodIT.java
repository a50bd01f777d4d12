package recon.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import recon.common.crypto.FernetCipher;
import recon.common.crypto.ReplayGuard;
import recon.common.net.Connection;
import recon.common.wire.Event;
import recon.common.wire.EventAck;
import recon.common.wire.Report;
import recon.common.wire.Request;
import recon.common.wire.SecureChannel;
import recon.common.wire.TransportChoice;
import recon.server.testing.HandshakeFlood;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;

/** 1,000 connections that stall in the handshake and 200 wrong keys per second, and one good client. */
@Tag("alone")
@Timeout(90)
class HandshakeFloodIT {
    private static final int STALLED = 1000;
    private static final int WRONG_KEYS_PER_SECOND = 200;
    private static final Duration DURATION = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    /** @param failuresPerMinute 0: also without help from the penalties */
    @ParameterizedTest
    @ValueSource(ints = {30, 0})
    void aGoodClientsJobStartsWithinASecond(int failuresPerMinute) throws Exception {
        ServerProcess.writeScript(directory, "exit 0\n");
        String options = "FAILED_HANDSHAKES_PER_MINUTE = " + failuresPerMinute + "\n";
        try (ServerProcess server = ServerProcess.start(directory, List.of(), options)) {
            List<Duration> before = new ArrayList<>();
            for (int i = 0; i < 10; i++) { // this JVM loads its classes, too
                before.add(timeOfJob(server));
                timeOfQuery(server);
            }
            System.out.println(summary("jobs before the flood", before));
            bearFlood(server, failuresPerMinute);
            server.terminate();
            assertThat(server.awaitExit()).isZero();
        }
    }

    private static void bearFlood(ServerProcess server, int failuresPerMinute) throws Exception {
        try (HandshakeFlood flood = new HandshakeFlood(server.port(), STALLED, WRONG_KEYS_PER_SECOND)) {
            List<Duration> jobs = new ArrayList<>();
            List<Duration> queries = new ArrayList<>();
            long end = System.nanoTime() + DURATION.toNanos();
            while (System.nanoTime() < end) {
                jobs.add(timeOfJob(server));
                queries.add(timeOfQuery(server));
            }
            System.out.println("FAILED_HANDSHAKES_PER_MINUTE " + failuresPerMinute + ", " + flood + ": "
                    + summary("jobs", jobs) + "; " + summary("queries over TLS", queries));
            assertThat(jobs).allMatch(time -> time.compareTo(LIMIT) < 0);
            assertThat(queries).allMatch(time -> time.compareTo(LIMIT) < 0);
            if (failuresPerMinute > 0) {
                assertThat(server.output())
                        .contains("closed a connection from 127.0.0.2 at once (1 of them so far)")
                        .contains("closed a connection from 127.0.0.3 at once (1 of them so far)")
                        .doesNotContain("closed a connection from 127.0.0.1 at once");
            } else {
                assertThat(server.output()).doesNotContain("at once");
            }
        }
    }

    /** From the first packet until the script is started. */
    private static Duration timeOfJob(ServerProcess server) throws Exception {
        long start = System.nanoTime();
        try (TestClient client = server.connect()) {
            Event.JobQueued queued = client.submit(Map.of("a.7", "a".getBytes(UTF_8)));
            server.awaitLine("job=" + queued.jobId() + " JobPipeline: running the script");
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            assertThat(client.awaitEnd().last()).isInstanceOf(Event.ReconComplete.class);
            return time;
        }
    }

    private static Duration timeOfQuery(ServerProcess server) throws Exception {
        long start = System.nanoTime();
        try (SecureChannel channel = new SecureChannel(
                new Connection(new Socket(InetAddress.getLoopbackAddress(), server.port()), DURATION),
                new FernetCipher(List.of(server.key)),
                new ReplayGuard(Duration.ZERO, Clock.systemUTC()),
                FernetCipher.MAX_TOKEN_BYTES)) {
            channel.ask(new Request.GetServerStatus(), TransportChoice.TLS);
            assertThat(channel.receive()).containsInstanceOf(Report.ServerStatus.class);
            channel.send(new EventAck("server_status_response", EventAck.RECEIVED));
            assertThat(channel.receive()).isEmpty();
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static String summary(String what, List<Duration> times) {
        List<Duration> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return sorted.size() + " " + what + ", median "
                + sorted.get(sorted.size() / 2).toMillis() + " ms, longest "
                + sorted.get(sorted.size() - 1).toMillis() + " ms";
    }
}
