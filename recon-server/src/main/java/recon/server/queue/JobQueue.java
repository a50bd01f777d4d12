package recon.server.queue;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;
import java.util.TreeSet;
import recon.common.job.JobId;

/**
 * The jobs that wait, in the order in which they will run: a view of what the {@link JobStore} has in state
 * {@code QUEUED}. A job is put here once its change is stored; a worker that takes one out must still ask the store for
 * it, where it may have been cancelled meanwhile.
 *
 * <p>Session threads add, worker threads take. The lock covers only the fields: no I/O, no logging and no call into
 * another class is made while it is held.
 */
@ThreadSafe
public final class JobQueue {
    @GuardedBy("this")
    private int capacity;

    @GuardedBy("this")
    private boolean draining;

    @GuardedBy("this")
    private final TreeSet<QueuePlace> waiting = new TreeSet<>();

    @GuardedBy("this")
    private int reserved;

    @GuardedBy("this")
    private boolean closed;

    /** @param capacity how many jobs may wait or be on their way here; at least 1 */
    public JobQueue(int capacity) {
        this.capacity = capacity;
    }

    public synchronized int capacity() {
        return capacity;
    }

    /** So many may wait from now on; those that wait already stay. */
    public synchronized void limit(int newCapacity) {
        capacity = newCapacity;
    }

    /** Whether jobs that nobody has promised anything about yet are turned away; those that wait run all the same. */
    public synchronized void drain(boolean nowDraining) {
        draining = nowDraining;
    }

    public synchronized boolean isDraining() {
        return draining;
    }

    /** Whether no job waits, or is on its way here. */
    public synchronized boolean isEmpty() {
        return waiting.isEmpty() && reserved == 0;
    }

    /** Room for one job whose files begin to come in; close it when the job is queued, or never will be. */
    public final class Room implements AutoCloseable {
        private boolean held = true;

        private Room() {}

        @Override
        public void close() {
            synchronized (JobQueue.this) {
                reserved -= held ? 1 : 0;
                held = false;
            }
        }
    }

    /** Returns empty if the queue is full, draining or closed. An accepted job must never find that there is no room for it. */
    public synchronized Optional<Room> reserve() {
        if (closed || draining || waiting.size() + reserved >= capacity) {
            return Optional.empty();
        }
        reserved++;
        return Optional.of(new Room());
    }

    /** Adds a job that the store has as queued. */
    public synchronized void add(QueuePlace place) {
        waiting.add(place);
        notifyAll();
    }

    /** Takes out a job that is to be cancelled; empty if it is not here. */
    public synchronized Optional<QueuePlace> remove(JobId job) {
        Optional<QueuePlace> found =
                waiting.stream().filter(place -> place.job().equals(job)).findFirst();
        found.ifPresent(waiting::remove);
        return found;
    }

    /** Blocks while no job waits. Returns false once the queue is closed. */
    public synchronized boolean awaitJob() throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        return !closed;
    }

    /** Takes the next job; empty if none waits any more, or the queue is closed. */
    public synchronized Optional<QueuePlace> poll() {
        return closed ? Optional.empty() : Optional.ofNullable(waiting.pollFirst());
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    /** Gives no more jobs out. Those that wait stay queued in the store. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
