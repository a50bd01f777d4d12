package recon.relay.forward;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import recon.common.wire.RelayReport;

/** Who is connected now and has said what they want. Thread-safe. */
public final class ConnectedClients {
    private final Set<Client> now = ConcurrentHashMap.newKeySet();

    void enter(Client client) {
        now.add(client);
    }

    void leave(Client client) {
        now.remove(client);
    }

    /** The longest there first. */
    public List<RelayReport.Clients.Client> report() {
        return now.stream()
                .sorted(Comparator.comparing(Client::since))
                .map(Client::report)
                .toList();
    }
}
