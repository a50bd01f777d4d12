package recon.server.script;

import java.time.Duration;
import java.util.Locale;

/** How a script run ended. */
public sealed interface ScriptOutcome {
    /** One line for the client. */
    String reason();

    /** The last lines of what the script printed, at most 4 KiB of UTF-8; empty if nothing is known. */
    default String lastOutput() {
        return "";
    }

    /** The script exited with code 0. */
    record Succeeded(Duration took) implements ScriptOutcome {
        @Override
        public String reason() {
            return String.format(Locale.ROOT, "script finished in %.1f s", took.toMillis() / 1000.0);
        }
    }

    /**
     * The script ended otherwise.
     *
     * @param exitCode 1..255; 128 + n after signal n, as shells have it
     */
    record Failed(int exitCode, String lastOutput) implements ScriptOutcome {
        @Override
        public String reason() {
            return "script " + ExitCodes.describe(exitCode);
        }
    }

    /** The script ran longer than it may and was ended. */
    record TimedOut(Duration limit, String lastOutput) implements ScriptOutcome {
        @Override
        public String reason() {
            String seconds = limit.toMillisPart() == 0
                    ? Long.toString(limit.toSeconds())
                    : String.format(Locale.ROOT, "%.3f", limit.toMillis() / 1000.0);
            return "script took longer than " + seconds + " s (SCRIPT_TIMEOUT_SECONDS)";
        }
    }

    /**
     * There was nothing to run, or the system refused to run it.
     *
     * @param reason what is wrong, with the path, and what the operator can do
     */
    record NotStarted(String reason) implements ScriptOutcome {}
}
