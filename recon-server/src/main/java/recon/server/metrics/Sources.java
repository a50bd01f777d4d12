package recon.server.metrics;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import recon.server.queue.JobQueue;
import recon.server.queue.JobStore;
import recon.server.queue.Workers;

/**
 * Where the figures come from. All thread-safe.
 *
 * @param trouble what keeps workers from recording what they did; empty if nothing does
 * @param bytesIn of all connections of clients so far
 * @param failedHandshakes connections that showed no key so far, by what the port is for
 * @param directories whose disks are looked at
 */
public record Sources(
        JobStore store,
        JobQueue queue,
        Workers workers,
        Supplier<Optional<String>> trouble,
        LongSupplier bytesIn,
        LongSupplier bytesOut,
        Map<String, LongSupplier> failedHandshakes,
        List<Path> directories,
        Clock clock) {
    public Sources {
        failedHandshakes = Map.copyOf(failedHandshakes);
        directories = List.copyOf(directories);
    }
}
