package recon.client.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import recon.client.ClientSettings;
import recon.common.job.Priority;

/** How a job is submitted, and what happens then. */
final class JobOptions {
    @Option(
            names = "--pattern",
            paramLabel = "GLOB",
            defaultValue = "*",
            description = "Which files of --directory, as \"*.dat\" (default: all).")
    private String pattern;

    @Option(
            names = "--recon-options",
            paramLabel = "JSON",
            defaultValue = "{}",
            description = "Options for the reconstruction script, as a JSON object.")
    private String reconOptions;

    @Option(
            names = "--priority",
            paramLabel = "PRIORITY",
            defaultValue = "normal",
            description = "urgent, normal or low (default: ${DEFAULT-VALUE}).")
    private Priority priority;

    @Option(names = "--no-wait", description = "Submit the job, print its id and leave it to --fetch.")
    private boolean noWait;

    @Option(names = "--output", paramLabel = "DIR", description = "Where results go (default: CLIENT_DOWNLOAD_DIR).")
    private Path output;

    private long timeoutSeconds;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Give up after so long; a queued job goes on (default: ${DEFAULT-VALUE}, never).")
    void setTimeout(long seconds) {
        if (seconds < 0) {
            throw new ParameterException(spec.commandLine(), "--timeout " + seconds + " is negative; 0 means for ever");
        }
        timeoutSeconds = seconds;
    }

    String pattern() {
        return pattern;
    }

    String reconOptions() {
        return reconOptions;
    }

    Priority priority() {
        return priority;
    }

    boolean noWait() {
        return noWait;
    }

    Path downloads(ClientSettings settings) {
        return output == null ? settings.downloadDirectory() : output.toAbsolutePath();
    }

    Optional<Duration> timeout() {
        return timeoutSeconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(timeoutSeconds));
    }
}
