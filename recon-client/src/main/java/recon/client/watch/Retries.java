package recon.client.watch;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.client.retry.Backoff;
import recon.client.retry.Timing;
import recon.common.job.Failures;

/** Tries again until the program is told to stop. Thread-safe. */
final class Retries {
    private static final Logger log = LoggerFactory.getLogger(Retries.class);

    private final Timing timing;
    private final CountDownLatch over = new CountDownLatch(1);

    Retries(Timing timing) {
        this.timing = timing;
    }

    /** Writes to the ledger. */
    @FunctionalInterface
    interface Entry {
        void write() throws IOException;
    }

    /** Writes to the ledger, and returns what that makes known. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws IOException;
    }

    /** Returns whether it was written: only a stop prevents it, for a disk that is full may have room later. */
    boolean note(Entry entry) {
        return noted(() -> {
                    entry.write();
                    return true;
                })
                .isPresent();
    }

    /** As {@link #note}; empty after a stop. */
    <T> Optional<T> noted(Question<T> question) {
        Backoff backoff = newBackoff();
        boolean told = false;
        while (!isOver()) {
            try {
                return Optional.of(question.ask());
            } catch (IOException e) {
                if (!told) {
                    told = true;
                    log.error("{}; trying again until it can be", Failures.words(e));
                }
                pause(backoff.next());
            }
        }
        return Optional.empty();
    }

    Backoff newBackoff() {
        return new Backoff(timing.random());
    }

    /** Returns early after a stop. */
    void pause(Duration time) {
        try {
            timing.pause().await(over, time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
    }

    void stop() {
        over.countDown();
    }

    boolean isOver() {
        return over.getCount() == 0;
    }
}
