package recon.client.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends work in order when the program is told to stop (Ctrl-C, SIGTERM): closes what the work waits for, and gives it a
 * moment to remove half-written files and to leave the terminal as it was. The exit code is the Java runtime's, 128 and
 * the signal's number.
 */
final class Interruption implements AutoCloseable {
    private static final Duration MOMENT = Duration.ofSeconds(2);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Runnable stop;
    private final Thread hook = new Thread(this::interrupt, "interruption");
    private volatile boolean happened;

    /** @param stop makes the work that begins now fail */
    Interruption(Runnable stop) {
        this.stop = stop;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean hasHappened() {
        return happened;
    }

    private void interrupt() {
        happened = true;
        stop.run();
        try {
            ended.await(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work has ended, and said so. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // Then it is running, or has run.
        }
    }
}
