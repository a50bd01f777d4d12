package recon.common.lifecycle;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;

/** Waits for SIGTERM or SIGINT. A second one ends the program at once. */
public final class StopSignals {
    private static final int SIGTERM_EXIT_CODE = 128 + 15;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final IntConsumer halt;

    private StopSignals(IntConsumer halt) {
        this.halt = halt;
    }

    /** Catches the signals from now on, until the program ends: the first is a request, a second one halts it. */
    public static StopSignals install() {
        return install(List.of("TERM", "INT"), exitCode -> {
            // Programs that it has started would have nobody to end them.
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().halt(exitCode);
        });
    }

    /** @param halt ends the program with an exit code */
    static StopSignals install(List<String> names, IntConsumer halt) {
        StopSignals signals = new StopSignals(halt);
        SignalHandler.install(names, name -> signals.received());
        return signals;
    }

    private synchronized void received() {
        if (requested.getCount() == 0) {
            halt.accept(SIGTERM_EXIT_CODE);
        }
        requested.countDown();
    }

    public void await() throws InterruptedException {
        requested.await();
    }
}
