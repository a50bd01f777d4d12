package recon.client.cli;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import recon.common.lifecycle.SignalHandler;

/**
 * Ends work in order when the program is told to stop (Ctrl-C, SIGTERM, or its terminal is gone): closes what the work
 * waits for, so that it removes half-written files and leaves the terminal as it was. Work that does not end within a
 * moment, and a third signal, end the program at once; so does a second Ctrl-C where it is asked for.
 */
final class Interruption implements AutoCloseable {
    static final Duration MOMENT = Duration.ofSeconds(2);
    /** Ctrl-C that ends the program at once: the second, or the third where the second one answers a question. */
    static final int SECOND = 2;

    private static final int THIRD = 3;
    private static final String CTRL_C = "INT";
    private static final Map<String, Integer> EXIT_CODES =
            Map.of(CTRL_C, ExitCode.INTERRUPTED, "TERM", ExitCode.TERMINATED, "HUP", ExitCode.HUNG_UP);

    private final Runnable stop;
    private final IntConsumer halt;
    private final Duration moment;
    private final int enough;
    private final SignalHandler signals;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch decided = new CountDownLatch(1);

    @GuardedBy("this")
    private int count;

    @GuardedBy("this")
    private String last = "";

    /** @param stop makes the work that begins now fail */
    Interruption(Runnable stop) {
        this(stop, Runtime.getRuntime()::halt, MOMENT, THIRD);
    }

    /** @param enough the number of the Ctrl-C that ends the program at once, {@link #SECOND} or more */
    Interruption(Runnable stop, IntConsumer halt, Duration moment, int enough) {
        this.moment = moment;
        this.enough = enough;
        this.stop = stop;
        this.halt = halt;
        this.signals = SignalHandler.install(List.copyOf(EXIT_CODES.keySet()), this::received);
    }

    synchronized boolean hasHappened() {
        return count > 0;
    }

    synchronized boolean isCtrlC() {
        return last.equals(CTRL_C);
    }

    /** Of the last signal: 128 and its number. */
    synchronized int exitCode() {
        return EXIT_CODES.get(last);
    }

    /** Called by a thread of the signal's own. */
    void received(String signal) {
        int number;
        synchronized (this) {
            last = signal;
            number = ++count;
        }
        if (number >= (signal.equals(CTRL_C) ? enough : THIRD)) { // a hang-up may follow SIGTERM by itself
            halt.accept(exitCode());
        } else if (number > 1) {
            decided.countDown();
        } else {
            stop.run();
            if (!await(ended)) {
                halt.accept(exitCode());
            }
        }
    }

    /** After a first Ctrl-C: the work has ended. Waits a moment; returns whether Ctrl-C was pressed again. */
    boolean again() {
        ended.countDown();
        return isCtrlC() && await(decided) && isCtrlC();
    }

    private boolean await(CountDownLatch latch) {
        try {
            return latch.await(moment.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The work has ended, and said so. */
    @Override
    public void close() {
        ended.countDown();
        signals.close();
    }
}
