package recon.server.work;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import recon.common.lifecycle.Service;

/**
 * Says whether a new job may start: not while other programs use too much of the processors, or too little memory is
 * available. What the server and its scripts compute does not count as load. A figure that cannot be read keeps nobody
 * waiting: that is warned of once.
 *
 * <p>Threads: {@code resource-gate} looks at the machine, from {@link #start} to {@link #stop}; there is none without a
 * limit. Everything else may be called by any thread and reads nothing.
 */
public final class ResourceGate implements Service {
    private static final Logger log = LoggerFactory.getLogger(ResourceGate.class);
    private static final long BYTES_PER_MB = 1L << 20;

    /** How long {@link #stop} waits for a look at the machine to end. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        void pause(Duration duration) throws InterruptedException;
    }

    private final int maxCpuLoadPercent;
    private final int minAvailableMemoryMb;
    private final Duration checkInterval;
    private final Machine machine;
    private final Pause pause;
    private final Thread thread = new Thread(this::watch, "resource-gate");

    private final Object lock = new Object();

    @GuardedBy("lock")
    private Optional<String> closedBecause = Optional.empty();

    @GuardedBy("lock")
    private boolean stopped;

    // Of the thread that looks: start's at first, then the gate's own.
    private boolean cpuIsUnknown;
    private boolean memoryIsUnknown;

    /**
     * @param maxCpuLoadPercent how much of all processors others may use, 1..100; 0 for no limit
     * @param minAvailableMemoryMb what must be available, in units of 1,048,576 bytes; 0 for no limit
     * @param checkInterval how often to look
     */
    public ResourceGate(int maxCpuLoadPercent, int minAvailableMemoryMb, Duration checkInterval) {
        this(
                maxCpuLoadPercent,
                minAvailableMemoryMb,
                checkInterval,
                Machine.local(),
                duration -> Thread.sleep(duration.toMillis()));
    }

    ResourceGate(
            int maxCpuLoadPercent, int minAvailableMemoryMb, Duration checkInterval, Machine machine, Pause pause) {
        this.maxCpuLoadPercent = maxCpuLoadPercent;
        this.minAvailableMemoryMb = minAvailableMemoryMb;
        this.checkInterval = checkInterval;
        this.machine = machine;
        this.pause = pause;
        thread.setDaemon(true);
    }

    /** Returns after the first look. The load of the processors is known from the second on. */
    @Override
    public void start() {
        if (maxCpuLoadPercent > 0 || minAvailableMemoryMb > 0) {
            look();
            thread.start();
        }
    }

    private void watch() {
        try {
            while (!isStopped()) {
                pause.pause(checkInterval);
                look();
            }
        } catch (InterruptedException stopping) {
            log.debug("stopped");
        }
    }

    private void look() {
        List<String> reasons = new ArrayList<>();
        if (maxCpuLoadPercent > 0) {
            addCpu(reasons);
        }
        if (minAvailableMemoryMb > 0) {
            addMemory(reasons);
        }
        Optional<String> now = reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
        Optional<String> before;
        synchronized (lock) {
            if (stopped) {
                return;
            }
            before = closedBecause;
            closedBecause = now;
            lock.notifyAll();
        }
        if (now.isPresent() && before.isEmpty()) {
            log.warn("no new job starts: {}", now.get());
        } else if (now.isEmpty() && before.isPresent()) {
            log.info("new jobs start again; what they waited for: {}", before.get());
        }
    }

    private void addCpu(List<String> reasons) {
        try {
            OptionalDouble percent = machine.foreignCpuPercent();
            cpuIsUnknown = false;
            if (percent.isPresent() && percent.getAsDouble() > maxCpuLoadPercent) {
                reasons.add("other programs use " + (long) Math.ceil(percent.getAsDouble())
                        + " % of the processors (MAX_CPU_LOAD_PERCENT = " + maxCpuLoadPercent + ")");
            }
        } catch (IOException | RuntimeException e) {
            warn(cpuIsUnknown, "MAX_CPU_LOAD_PERCENT", e);
            cpuIsUnknown = true;
        }
    }

    private void addMemory(List<String> reasons) {
        try {
            long bytes = machine.availableMemoryBytes();
            memoryIsUnknown = false;
            if (bytes < minAvailableMemoryMb * BYTES_PER_MB) {
                reasons.add(bytes / BYTES_PER_MB + " MB of memory are available (MIN_AVAILABLE_MEMORY_MB = "
                        + minAvailableMemoryMb + ")");
            }
        } catch (IOException | RuntimeException e) {
            warn(memoryIsUnknown, "MIN_AVAILABLE_MEMORY_MB", e);
            memoryIsUnknown = true;
        }
    }

    private void warn(boolean already, String item, Exception e) {
        if (!already && !isStopped()) { // stopping interrupts a read
            log.warn("{} keeps no job waiting while its figure cannot be read: {}", item, e.toString());
        }
    }

    /** Why no new job may start, with figure, limit and item, as of the last look; empty if one may. */
    public Optional<String> closedBecause() {
        synchronized (lock) {
            return closedBecause;
        }
    }

    /**
     * Waits until a new job may start.
     *
     * @return false if none may any more, because the gate has been stopped
     */
    public boolean awaitOpen() throws InterruptedException {
        synchronized (lock) {
            while (closedBecause.isPresent() && !stopped) {
                lock.wait();
            }
            return !stopped;
        }
    }

    private boolean isStopped() {
        synchronized (lock) {
            return stopped;
        }
    }

    /** Sends everybody away who waits. */
    @Override
    public void stop() {
        synchronized (lock) {
            stopped = true;
            lock.notifyAll();
        }
        thread.interrupt();
        try {
            thread.join(STOP_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
