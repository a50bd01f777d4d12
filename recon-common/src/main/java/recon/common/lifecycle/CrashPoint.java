package recon.common.lifecycle;

import java.io.IOException;
import java.util.Locale;

/**
 * Moments in a job's life at which a test can kill the server, by its own hand and without any warning: before and after
 * whatever must survive. {@code -Drecon.crash=NAME} arms one of them; without it {@link #reach} does nothing.
 */
public enum CrashPoint {
    BEFORE_RECEIVING_COMMIT,
    AFTER_RECEIVING_COMMIT,
    BEFORE_INPUT_DIRECTORY,
    AFTER_INPUT_DIRECTORY,
    BEFORE_FILE_REQUEST,
    AFTER_FILE_REQUEST,
    BEFORE_FILE_WRITE,
    AFTER_FILE_WRITE,
    BEFORE_FILE_SYNC,
    AFTER_FILE_SYNC,
    BEFORE_FILE_RENAME,
    AFTER_FILE_RENAME,
    BEFORE_DIRECTORY_SYNC,
    AFTER_DIRECTORY_SYNC,
    BEFORE_QUEUED_COMMIT,
    AFTER_QUEUED_COMMIT,
    BEFORE_QUEUED_REPLY,
    AFTER_QUEUED_REPLY,
    BEFORE_RUNNING_COMMIT,
    AFTER_RUNNING_COMMIT,
    BEFORE_SCRIPT,
    AFTER_SCRIPT,
    BEFORE_RESULT_SYNC,
    AFTER_RESULT_SYNC,
    BEFORE_DELIVERING_COMMIT,
    AFTER_DELIVERING_COMMIT,
    BEFORE_INPUTS_REMOVED,
    AFTER_INPUTS_REMOVED,
    BEFORE_RESULTS_REPLY,
    AFTER_RESULTS_REPLY,
    BEFORE_RESULT_SENT,
    AFTER_RESULT_CONFIRMED,
    BEFORE_DELIVERED_COMMIT,
    AFTER_DELIVERED_COMMIT,
    BEFORE_COMPLETE_REPLY,
    AFTER_COMPLETE_REPLY,
    BEFORE_FAILED_COMMIT,
    AFTER_FAILED_COMMIT,
    BEFORE_FAILED_REPLY,
    AFTER_FAILED_REPLY,
    BEFORE_CANCELLED_COMMIT,
    AFTER_CANCELLED_COMMIT,
    BEFORE_EXPIRY_COMMIT,
    AFTER_EXPIRY_COMMIT,
    BEFORE_RESULTS_REMOVED,
    AFTER_RESULTS_REMOVED;

    /** The system property that names the point. */
    public static final String PROPERTY = "recon.crash";

    private static final CrashPoint ARMED = armed(System.getProperty(PROPERTY, ""));

    private static CrashPoint armed(String name) {
        return name.isEmpty() ? null : valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Kills this process with SIGKILL if this is the point that was asked for. */
    public void reach() {
        if (ARMED == this) {
            die();
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // nobody is left to tell
    private static synchronized void die() {
        long pid = ProcessHandle.current().pid();
        try {
            new ProcessBuilder("kill", "-KILL", Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            e.printStackTrace();
        }
        Runtime.getRuntime().halt(128 + 9);
    }
}
