package recon.server.admin;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import recon.server.queue.JobControl;
import recon.server.queue.JobQueue;
import recon.server.queue.JobStore;
import recon.server.queue.Workers;
import recon.server.queue.Workspace;
import recon.server.status.StatusReport;

/**
 * What an administrator's commands work on. All thread-safe.
 *
 * @param closedBecause why no job may start now; empty if one may
 * @param log the server's own log file, if it writes one
 */
public record Controls(
        JobStore store,
        JobQueue queue,
        Workers workers,
        AdminOrders orders,
        Supplier<Optional<String>> closedBecause,
        JobControl jobs,
        StatusReport status,
        Workspace workspace,
        Optional<Path> log,
        Reloading reloading,
        Clock clock) {}
