package recon.client.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One server process, from its start to its death. */
final class ServerRun {
    private static final int KILLED = 128 + 9;

    private final Process process;
    private final Path output;

    ServerRun(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    long pid() {
        return process.pid();
    }

    /** Returns once clients may connect; false if it ended before. */
    boolean comesUp() throws Exception {
        boolean waited = Patience.until(Patience.LONG, () -> !process.isAlive() || isReady());
        if (!waited) {
            throw new IllegalStateException("the server does not get ready: " + output);
        }
        return isReady();
    }

    /** As {@link #comesUp}, where nothing may stop it. */
    ServerRun ready() throws Exception {
        if (!comesUp()) {
            throw new IllegalStateException(
                    "the server ended with code " + process.waitFor() + ": " + Files.readString(output));
        }
        return this;
    }

    private boolean isReady() throws IOException {
        return Files.readString(output).contains(" ready: ");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. Returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. Returns when it is gone. */
    void stop() throws InterruptedException {
        process.toHandle().destroy();
        process.waitFor();
    }

    /** Waits for the server to kill itself; returns whether it did. */
    boolean diesByItself(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == KILLED;
    }
}
