package recon.client.watch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once why something of the directory is not sent, however often it is looked at. Used by one thread. */
final class PassedOver {
    private static final Logger log = LoggerFactory.getLogger(PassedOver.class);

    private final Map<String, String> told = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    /** To be called at every look at the directory. */
    void look(String name, String reason) {
        seen.add(name);
        if (!reason.equals(told.put(name, reason))) {
            log.info("{} {}", name, reason);
        }
    }

    /** The directory has been looked through: what was not there has gone, and may come again. */
    void endLook() {
        told.keySet().retainAll(seen);
        seen.clear();
    }
}
