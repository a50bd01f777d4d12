package recon.relay.admin;

import java.util.List;
import java.util.function.Supplier;
import recon.common.wire.RelayReport;
import recon.relay.backend.Backends;
import recon.relay.backend.Routes;

/**
 * What an administrator's commands work on. All thread-safe.
 *
 * @param record where each change is noted before it is made
 * @param uptime of the relay, in words
 * @param clients those that are connected now
 */
public record Controls(
        Backends backends,
        Routes record,
        Supplier<String> uptime,
        String version,
        Supplier<List<RelayReport.Clients.Client>> clients,
        Reloading reloading) {}
