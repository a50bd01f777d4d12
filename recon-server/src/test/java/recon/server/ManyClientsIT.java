package recon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import recon.server.testing.ServerProcess;
import recon.server.testing.TestClient;

/** 64 clients at once, all with a file of the same name. */
@Timeout(90)
class ManyClientsIT {
    private static final int CLIENTS = 64;

    @TempDir
    Path directory;

    @Test
    void everyClientGetsExactlyItsOwnResults() throws Exception {
        ServerProcess.writeScript(directory, "sleep 0.1\ncp \"$1\"/* \"$3\"/\n");
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (ServerProcess server = ServerProcess.start(directory, List.of(), "MAX_CONCURRENT_JOBS = 4\n")) {
            CyclicBarrier together = new CyclicBarrier(CLIENTS);
            List<Future<Boolean>> own = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                byte[] content = new byte[64 * 1024];
                new Random(i).nextBytes(content);
                own.add(threads.submit(() -> {
                    together.await(20, TimeUnit.SECONDS);
                    try (TestClient client = server.connect()) {
                        client.submit(Map.of("P00000.7", content));
                        Map<String, byte[]> results = client.awaitEnd().files();
                        assertThat(results).containsOnlyKeys("P00000.7");
                        return java.util.Arrays.equals(results.get("P00000.7"), content);
                    }
                }));
            }
            int right = 0;
            for (Future<Boolean> result : own) {
                right += result.get(60, TimeUnit.SECONDS) ? 1 : 0;
            }
            assertThat(right).isEqualTo(CLIENTS);
            server.terminate();
            assertThat(server.awaitExit()).isZero();
            assertThat(ServerProcess.jobDirectories(directory.resolve("in"))).isEmpty();
            assertThat(ServerProcess.jobDirectories(directory.resolve("out"))).hasSize(CLIENTS); // kept for a while
        } finally {
            threads.shutdownNow();
        }
    }
}
