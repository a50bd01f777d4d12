package recon.server.queue;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Jobs that wait, first in first out, never more than {@code capacity}.
 *
 * <p>Session threads add, worker threads take. The lock covers only the fields: no I/O, no logging and no call into
 * another class is made while it is held.
 */
@ThreadSafe
public final class JobQueue {
    private final int capacity;

    @GuardedBy("this")
    private final Deque<QueuedJob> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean closed;

    public JobQueue(int capacity) {
        this.capacity = capacity;
    }

    /** Returns whether the job was taken; if not, because the queue is full or closed, it is still the caller's. */
    public synchronized boolean offer(QueuedJob job) {
        if (closed || waiting.size() == capacity) {
            return false;
        }
        waiting.addLast(job);
        notifyAll();
        return true;
    }

    public synchronized boolean isFull() {
        return closed || waiting.size() == capacity;
    }

    /** Takes the next job, blocking while there is none; empty once the queue is closed. */
    public synchronized Optional<QueuedJob> take() throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        return Optional.ofNullable(waiting.pollFirst());
    }

    /** Takes no more jobs and gives none out; returns those that were waiting, which are the caller's now. */
    public synchronized List<QueuedJob> close() {
        closed = true;
        List<QueuedJob> left = List.copyOf(waiting);
        waiting.clear();
        notifyAll();
        return left;
    }
}
