package recon.common.keys;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.crypto.KeyOwner;
import recon.common.crypto.KeyRing;
import recon.common.crypto.OwnedKey;
import recon.common.crypto.SharedKey;
import recon.common.lifecycle.Service;
import recon.common.options.OptionsException;

/**
 * Keeps the keys of a running server as the file of client keys has them. A file that is wrong changes nothing, whatever
 * else is in it.
 *
 * <p>One thread, {@code client-keys}, looks at the file; the ring may be used by any.
 */
public final class ClientKeysWatch implements Service {
    private static final Logger log = LoggerFactory.getLogger(ClientKeysWatch.class);

    /** Held while the file is read, which two threads may want to do. */
    private final ReentrantLock reading = new ReentrantLock();

    private volatile ClientKeysFile file;
    private final boolean clientKeysOnly;
    private final Duration interval;
    private final Thread thread = new Thread(this::work, "client-keys");
    private final KeyRing ring;
    private String seen;
    private volatile Map<String, ClientKey> clients;

    @GuardedBy("this")
    private boolean stopped;

    /**
     * Reads the file.
     *
     * @param clientKeysOnly whether the shared keys are not accepted; then there must be a client at the start
     * @throws OptionsException if the file is wrong, or there is no key at all
     */
    public ClientKeysWatch(ClientKeysFile file, boolean clientKeysOnly, Duration interval) throws OptionsException {
        this.file = file;
        this.clientKeysOnly = clientKeysOnly;
        this.interval = interval;
        this.seen = stamp();
        this.clients = read(file);
        if (clientKeysOnly && clients.isEmpty()) {
            throw new OptionsException(List.of("REQUIRE_CLIENT_KEYS = true, and " + file.path()
                    + " holds no key: nobody could connect; run: java -jar recon-server.jar client-key add NAME"));
        }
        this.ring = new KeyRing(accepted());
    }

    /** The keys that are accepted, at any time. */
    public KeyRing ring() {
        return ring;
    }

    @Override
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void stop() {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            while (!pause()) {
                look();
            }
        } catch (InterruptedException e) {
            log.debug("interrupted");
        }
    }

    /** Returns whether the server stops. */
    private synchronized boolean pause() throws InterruptedException {
        long end = System.nanoTime() + interval.toNanos();
        for (long left = interval.toMillis(); !stopped && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return stopped;
    }

    private void look() {
        String now = stamp(); // before the file is read: a change meanwhile is seen the next time
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        reading.lock();
        try {
            replace(file, read(file));
        } catch (OptionsException e) {
            log.error("the client keys stay as they were: {}", String.join("; ", e.problems()));
        } catch (RuntimeException e) {
            log.error("the client keys stay as they were", e);
        } finally {
            reading.unlock();
        }
    }

    /** Keys that could be taken over. */
    public final class Update {
        private final ClientKeysFile newFile;
        private final Map<String, ClientKey> newClients;

        private Update(ClientKeysFile newFile, Map<String, ClientKey> newClients) {
            this.newFile = newFile;
            this.newClients = newClients;
        }

        /** Which keys of clients have changed, in words; the shared ones are not among them. */
        public List<String> changes() {
            return changesTo(newClients);
        }

        public void takeOver() {
            reading.lock();
            try {
                replace(newFile, newClients);
            } finally {
                reading.unlock();
            }
        }
    }

    /**
     * Reads the file now.
     *
     * @param shared in place of the shared keys so far
     * @param administrators in place of the administrator's key so far
     * @throws OptionsException if the file is wrong; nothing has changed then
     */
    public Update prepare(List<SharedKey> shared, Optional<SharedKey> administrators) throws OptionsException {
        ClientKeysFile newFile = new ClientKeysFile(file.path(), shared, administrators);
        return new Update(newFile, read(newFile));
    }

    private static Map<String, ClientKey> read(ClientKeysFile file) throws OptionsException {
        Map<String, ClientKey> read = new TreeMap<>();
        file.read().forEach(key -> read.put(key.name(), key));
        return read;
    }

    private void replace(ClientKeysFile newFile, Map<String, ClientKey> newClients) {
        List<String> changes = changesTo(newClients);
        file = newFile;
        clients = newClients;
        ring.replace(accepted());
        log.info("client keys: {}", changes.isEmpty() ? "nothing has changed" : String.join(", ", changes));
        if (clientKeysOnly && newClients.isEmpty()) {
            log.warn("no client is accepted: {} holds no key (REQUIRE_CLIENT_KEYS)", newFile.path());
        }
    }

    /** The shared ones first: they are tried first, and seal what is said to strangers. */
    private List<OwnedKey> accepted() {
        List<OwnedKey> keys = new ArrayList<>();
        if (!clientKeysOnly) {
            file.shared().forEach(key -> keys.add(new OwnedKey(KeyOwner.SHARED, key)));
        }
        clients.values().forEach(key -> keys.add(key.owned()));
        return keys;
    }

    private List<String> changesTo(Map<String, ClientKey> newClients) {
        Map<String, ClientKey> before = clients;
        List<String> changes = new ArrayList<>();
        newClients.forEach((name, key) -> {
            ClientKey old = before.get(name);
            if (old == null || !old.isSameAs(key)) {
                changes.add((old == null ? "added " : "changed ")
                        + name
                        + (key.owner().operator() ? " (operator)" : "")
                        + (key.owner().relay() ? " (relay)" : ""));
            }
        });
        before.keySet().stream()
                .filter(name -> !newClients.containsKey(name))
                .forEach(name -> changes.add("removed " + name));
        return changes;
    }

    /** Differs once the file was changed or replaced, or its mode or owner was; with what we may know of it. */
    private String stamp() {
        String attributes = ClientKeysFile.hasModes(file.path())
                ? "unix:ctime,lastModifiedTime,size,fileKey"
                : "lastModifiedTime,size,fileKey";
        try {
            return Objects.toString(new TreeMap<>(Files.readAttributes(file.path(), attributes)));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
