package recon.client.watch;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.client.ClientException;
import recon.client.submit.JobListener;

/** Says once that the server is away, and once that it is back, however many jobs wait for it. Thread-safe. */
final class ServerTold {
    private static final Logger log = LoggerFactory.getLogger(ServerTold.class);

    private final AtomicBoolean away = new AtomicBoolean();

    void isAway(String names, ClientException failure) {
        if (away.compareAndSet(false, true)) {
            log.warn("{} waits: {}; trying again until it works", names, failure.getMessage());
        } else {
            log.debug("{} waits: {}", names, failure.getMessage());
        }
    }

    void isBack() {
        if (away.compareAndSet(true, false)) {
            log.info("the server is back");
        }
    }

    JobListener listener(String names) {
        return new JobListener() {
            @Override
            public void notice(String words) {
                log.info("{}: {}", names, words);
            }

            @Override
            public void connectionLost(String reason) {
                if (away.compareAndSet(false, true)) {
                    log.warn("{}: connection lost ({}); trying again until it works", names, reason);
                }
            }

            @Override
            public void reconnected() {
                isBack();
            }
        };
    }
}
