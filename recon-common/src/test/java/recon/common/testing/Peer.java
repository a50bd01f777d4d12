package recon.common.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The other side of a conversation, in a thread of its own. */
public final class Peer<T> {
    private static final int LIMIT_SECONDS = 20;

    private final CompletableFuture<T> result = new CompletableFuture<>();

    private Peer() {}

    public static <T> Peer<T> start(Callable<T> work) {
        Peer<T> peer = new Peer<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        peer.result.complete(work.call());
                    } catch (Throwable t) {
                        peer.result.completeExceptionally(t);
                    }
                },
                "test-peer");
        thread.setDaemon(true);
        thread.start();
        return peer;
    }

    /** What the work returned; throws what it threw. */
    public T join() throws Exception {
        try {
            return result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw new AssertionError("the peer failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the peer did not end within " + LIMIT_SECONDS + " s", e);
        }
    }
}
