package recon.client.watch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.job.Failures;

/**
 * Tells that something has happened in a directory, where the system does. Nobody may rely on it: network mounts tell of
 * nothing that other machines do.
 *
 * <p>Has a thread of its own; the rest is for one thread.
 */
final class DirectoryEvents implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(DirectoryEvents.class);

    private final Path directory;
    private final Optional<WatchService> service;
    private Optional<WatchKey> key = Optional.empty();

    /** @param news called by a thread of its own for each event; must return at once */
    DirectoryEvents(Path directory, Runnable news) {
        this.directory = directory;
        this.service = open(directory);
        service.ifPresent(events -> {
            Thread thread = new Thread(() -> listen(events, news), "directory-events");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static Optional<WatchService> open(Path directory) {
        try {
            return Optional.of(directory.getFileSystem().newWatchService());
        } catch (IOException | UnsupportedOperationException e) {
            log.warn("this system tells of no changes ({}); the directory is only polled", Failures.words(e));
            return Optional.empty();
        }
    }

    private static void listen(WatchService events, Runnable news) {
        try {
            while (true) {
                WatchKey happened = events.take();
                happened.pollEvents();
                happened.reset();
                news.run();
            }
        } catch (InterruptedException | ClosedWatchServiceException end) {
            // Nobody wants to hear more.
        }
    }

    /** Asks for events, unless that is done; again where the directory has gone and come back. */
    void register() {
        if (service.isEmpty() || key.filter(WatchKey::isValid).isPresent()) {
            return;
        }
        try {
            key = Optional.of(directory.register(
                    service.get(),
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE));
        } catch (IOException notNow) {
            key = Optional.empty(); // whoever reads the directory says why
        }
    }

    @Override
    public void close() throws IOException {
        if (service.isPresent()) {
            service.get().close();
        }
    }
}
