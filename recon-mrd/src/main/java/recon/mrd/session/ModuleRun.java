package recon.mrd.session;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import recon.mrd.format.MrdException;

/**
 * A module at work, in a thread of its own, so that one that hangs can be left behind.
 *
 * <p>Belongs to the thread that began it.
 */
final class ModuleRun {
    private static final Logger log = LoggerFactory.getLogger(ModuleRun.class);

    private final String name;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile Throwable failure;

    private ModuleRun(String name, SessionModule module, ModuleSession session) {
        this.name = name;
        Map<String, String> loggingContext = MDC.getCopyOfContextMap();
        thread = new Thread(
                () -> {
                    if (loggingContext != null) {
                        MDC.setContextMap(loggingContext);
                    }
                    run(module, session);
                },
                Thread.currentThread().getName() + "-module");
        thread.setDaemon(true);
    }

    static ModuleRun begin(String name, SessionModule module, ModuleSession session) {
        ModuleRun run = new ModuleRun(name, module, session);
        run.thread.start();
        return run;
    }

    @SuppressWarnings("CatchingUnchecked") // a module that cannot even be loaded fails by an Error
    private void run(SessionModule module, ModuleSession session) {
        try {
            module.run(session);
        } catch (Throwable e) {
            failure = e;
        } finally {
            ended.countDown();
        }
    }

    /**
     * Waits until the module has ended.
     *
     * @param grace how long a module that was interrupted may take to end
     * @throws IOException what it failed with, or that it did nothing for longer than the limit
     * @throws InterruptedException if whoever waits is interrupted; the module is too
     */
    void await(ModuleClock clock, Duration limit, Duration grace) throws IOException, InterruptedException {
        try {
            for (Duration left = limit; !left.isNegative(); left = limit.minus(clock.idle())) {
                if (ended.await(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS)) {
                    rethrow();
                    return;
                }
            }
        } catch (InterruptedException e) {
            interrupt(grace);
            throw e;
        }
        String last = interrupt(grace).map(words -> "; " + words).orElse("");
        throw new MrdException("module " + name + " took no data and sent nothing for " + seconds(limit)
                + " s (MRD_MODULE_TIMEOUT_SECONDS)" + last);
    }

    private static String seconds(Duration limit) {
        return limit.toMillisPart() == 0
                ? Long.toString(limit.toSeconds())
                : Double.toString(limit.toMillis() / 1000.0);
    }

    /** Returns what the module said when it was interrupted. */
    private Optional<String> interrupt(Duration grace) throws InterruptedException {
        thread.interrupt();
        if (ended.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            return failure instanceof MrdException words ? Optional.ofNullable(words.getMessage()) : Optional.empty();
        }
        log.error(
                "module {} does not end although it was interrupted {} s ago: its thread {} and what it holds are lost"
                        + " until the server is started again",
                name,
                seconds(grace),
                thread.getName());
        return Optional.empty();
    }

    private void rethrow() throws IOException {
        Throwable cause = failure;
        if (cause instanceof IOException e) {
            throw e;
        }
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause != null) {
            throw new IllegalStateException(cause.toString(), cause);
        }
    }
}
