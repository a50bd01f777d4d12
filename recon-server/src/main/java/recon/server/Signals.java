package recon.server;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import recon.common.lifecycle.SignalHandler;

/** Waits for SIGTERM or SIGINT. A second one ends the program at once. */
final class Signals {
    private static final int SIGTERM_EXIT_CODE = 128 + 15;

    private final CountDownLatch requested = new CountDownLatch(1);

    private Signals() {}

    /** Catches the signals from now on, until the program ends: the first is a request, a second one halts it. */
    static Signals install() {
        Signals signals = new Signals();
        SignalHandler.install(List.of("TERM", "INT"), name -> signals.received());
        return signals;
    }

    private void received() {
        if (requested.getCount() == 0) {
            // Scripts that still run would have nobody to end them.
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().halt(SIGTERM_EXIT_CODE);
        }
        requested.countDown();
    }

    void await() throws InterruptedException {
        requested.await();
    }
}
