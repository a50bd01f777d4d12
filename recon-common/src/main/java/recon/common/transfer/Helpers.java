package recon.common.transfer;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that take half of the work of a large transfer: one core reads and digests, or digests and writes, while another
 * one encrypts or decrypts. At most one for each transfer that is under way.
 */
final class Helpers {
    private static final ExecutorService POOL = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "transfer");
        thread.setDaemon(true);
        return thread;
    });

    private Helpers() {}

    static <T> Future<T> submit(Callable<T> task) {
        return POOL.submit(task);
    }

    /** What the task returned, or its failure. Waits in any case until the task is over: it may use our buffers. */
    static <T> T result(Future<T> task) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("a transfer failed", e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
