package recon.client.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One client process that prints JSON. */
final class ClientRun {
    private static final Pattern QUEUED = Pattern.compile("\"event\":\"queued\",\"job_id\":\"([0-9a-f-]{36})\"");

    /** Its words, and those of its exceptions, where the server hangs up without one of its own. */
    static final String HUNG_UP = "closed the connection without an answer";

    private static final int REFUSED = 4;

    /** Its exit codes where there is no server, and where the connection breaks. */
    private static final Set<Integer> UNHEARD = Set.of(3, 5);

    private final Process process;
    private final Path output;

    ClientRun(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** The job, once the client has been told that it is accepted. */
    Optional<String> job() throws IOException {
        Matcher queued = QUEUED.matcher(said());
        return queued.find() ? Optional.of(queued.group(1)) : Optional.empty();
    }

    String awaitJob() throws Exception {
        Patience.until(Patience.LONG, () -> job().isPresent() || !process.isAlive());
        return job().orElseThrow(() -> new IllegalStateException("the client was not told of its job: " + output));
    }

    /** Waits for its end; returns the exit code. */
    int end() throws InterruptedException {
        return end(Patience.LONG);
    }

    int end(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            kill();
            throw new IllegalStateException("the client does not end: " + output);
        }
        return process.exitValue();
    }

    boolean endsWithin(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** SIGTERM. */
    void stop() {
        process.toHandle().destroy();
    }

    /** SIGKILL. Returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Whether it has ended before any server answered it. */
    boolean gaveUpUnheard() throws IOException {
        int exit = process.exitValue();
        return job().isEmpty() && (UNHEARD.contains(exit) || (exit == REFUSED && said().contains(HUNG_UP)));
    }

    /** Removes what it said, which nobody needs any more. */
    void forget() throws IOException {
        Files.deleteIfExists(output);
    }

    String said() throws IOException {
        return Files.readString(output);
    }
}
