package recon.server.testing.faulty;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Decides which operations fail: none, or from the N-th on so many. */
@ThreadSafe
public final class Faults {
    public static final String NO_SPACE = "No space left on device";
    public static final String IO_ERROR = "Input/output error";

    @GuardedBy("this")
    private long untilFirst = Long.MAX_VALUE;

    @GuardedBy("this")
    private long left;

    @GuardedBy("this")
    private String reason = "";

    @GuardedBy("this")
    private boolean isOver;

    @GuardedBy("this")
    private final List<String> failed = new ArrayList<>();

    /**
     * Makes operations fail.
     *
     * @param nth the first one, counted from now, from 1
     * @param count how many in all
     */
    public synchronized void fail(long nth, long count, String why) {
        untilFirst = nth;
        left = count;
        reason = why;
        isOver = false;
        failed.clear();
    }

    /** From now on everything works. */
    public synchronized void heal() {
        untilFirst = Long.MAX_VALUE;
        left = 0;
    }

    /** What has failed since {@link #fail}. */
    public synchronized List<String> failed() {
        return List.copyOf(failed);
    }

    /** Waits until so many operations have failed since {@link #fail}, or {@link #stopWaiting} was called. */
    public synchronized void awaitFailures(int count, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (long left = limit.toMillis();
                !isOver && failed.size() < count && left > 0;
                left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    /** There will be no more failures. */
    public synchronized void stopWaiting() {
        isOver = true;
        notifyAll();
    }

    /** To be called before each operation. */
    public void check(String operation, Object file) throws IOException {
        String why = next(operation, file);
        if (why != null) {
            throw new FileSystemException(String.valueOf(file), null, why);
        }
    }

    /** Returns why the operation that comes now fails; null if it does not. */
    synchronized String next(String operation, Object file) {
        if (untilFirst != Long.MAX_VALUE && --untilFirst <= 0 && left > 0) {
            left--;
            failed.add(operation + " " + file);
            notifyAll();
            return reason;
        }
        return null;
    }
}
