package recon.client.crash;

import com.google.errorprone.annotations.FormatMethod;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Tells a person how it goes, and remembers whether all held. Used by one thread. */
final class Report {
    private final PrintStream out;
    private int parts;
    private int failed;

    Report(PrintStream out) {
        this.out = out;
    }

    @FormatMethod
    void say(String words, Object... values) {
        out.println(words.formatted(values));
        out.flush();
    }

    /**
     * Tells how a part ended, and removes what it has left if all held.
     *
     * @param evidence its directory
     */
    void ended(String part, long millis, Violations violations, Path evidence) throws IOException {
        List<String> found = violations.found();
        parts++;
        say("%-6s %-60s %6.1f s", found.isEmpty() ? "held" : "FAILED", part, millis / 1000.0);
        if (found.isEmpty()) {
            CrashSite.delete(evidence);
        } else {
            failed++;
            found.forEach(one -> say("       %s", one.length() > 3000 ? one.substring(0, 3000) + " ..." : one));
            say("       evidence: %s", evidence);
        }
    }

    boolean allHeld() {
        return failed == 0;
    }

    void summary() {
        if (failed == 0) {
            say("all held: %d of %d", parts, parts);
        } else {
            say("FAILED: %d of %d", failed, parts);
        }
    }
}
