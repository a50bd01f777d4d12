package recon.mrd.recon;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Does one session's work behind it, one piece after the other, while the session goes on receiving. Few pieces wait:
 * whoever brings one more waits instead, so that memory stays bounded.
 */
final class InOrder implements AutoCloseable {
    /** One that is being worked on and one that waits. */
    private static final int PIECES = 2;

    private final ExecutorService worker;
    private final Semaphore places = new Semaphore(PIECES);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Work that may fail. */
    @FunctionalInterface
    interface Piece {
        void run() throws IOException, InterruptedException;
    }

    InOrder(String threadName) {
        worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Hands over a piece of work.
     *
     * @throws IOException what an earlier piece failed with; nothing is done after that
     */
    void add(Piece piece) throws IOException, InterruptedException {
        places.acquire();
        rethrow();
        worker.execute(() -> {
            try {
                if (failure.get() == null) {
                    piece.run();
                }
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            } finally {
                places.release();
            }
        });
    }

    /** Waits until all is done. */
    void finish() throws IOException, InterruptedException {
        places.acquire(PIECES);
        places.release(PIECES);
        rethrow();
    }

    private void rethrow() throws IOException {
        Throwable cause = failure.get();
        if (cause instanceof IOException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        if (cause != null) {
            throw new IllegalStateException(cause.getMessage(), cause);
        }
    }

    /** Ends the thread; what is not finished is given up. */
    @Override
    public void close() throws InterruptedException {
        worker.shutdownNow();
        worker.awaitTermination(1, TimeUnit.MINUTES);
    }
}
