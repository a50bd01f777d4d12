package recon.client.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import recon.common.job.ReconOptions;
import recon.common.options.Items;
import recon.common.options.Options;
import recon.common.options.OptionsException;
import recon.common.options.Problems;
import recon.common.wire.ReconOptionsJson;

/**
 * What the watch folder needs from the options. Paths are absolute.
 *
 * @param failedDirectory where the files of a failed job go; empty to leave them where they are
 * @param pollInterval how often the directory is looked at where the system tells of no changes
 * @param options of every job
 * @param downloadDirectory for the folders with each job's results
 * @param stateDirectory for the ledger
 */
public record WatchSettings(
        Path directory,
        String pattern,
        Optional<Path> failedDirectory,
        Duration pollInterval,
        Duration stabilityDelay,
        Duration groupingTimeout,
        ReconOptions options,
        Path downloadDirectory,
        Path stateDirectory,
        int maxJobFiles) {
    /** @throws OptionsException with every problem */
    public static WatchSettings from(Options options) throws OptionsException {
        Problems problems = options.problems();
        Optional<Path> directory = options.optionalPath(Items.CLIENT_WATCH_DIRECTORY);
        if (directory.isEmpty()) {
            options.problemAt(
                    Items.CLIENT_WATCH_DIRECTORY,
                    "CLIENT_WATCH_DIRECTORY is not set; give the directory that the scanner writes to",
                    problems);
        }
        Optional<Path> state = options.optionalPath(Items.CLIENT_STATE_DIR);
        if (state.isEmpty()) {
            options.problemAt(
                    Items.CLIENT_STATE_DIR,
                    "CLIENT_STATE_DIR is blank; the watch folder needs it, to remember what it has sent",
                    problems);
        }
        WatchPattern pattern = options.parsed(Items.CLIENT_WATCH_PATTERN, WatchPattern::parse, problems);
        ReconOptions json = options.parsed(Items.CLIENT_DAEMON_RECON_OPTIONS_JSON, ReconOptionsJson::parse, problems);
        Optional<Path> failed = options.optionalPath(Items.CLIENT_WATCH_FAILED_DIRECTORY);
        if (failed.isPresent() && failed.equals(directory)) {
            options.problemAt(
                    Items.CLIENT_WATCH_FAILED_DIRECTORY,
                    "CLIENT_WATCH_FAILED_DIRECTORY is the watched directory itself; leave it blank, and the files of failed"
                            + " jobs stay there",
                    problems);
        }
        problems.throwIfAny();
        return new WatchSettings(
                directory.orElseThrow(),
                pattern.toString(),
                failed,
                options.seconds(Items.CLIENT_DAEMON_POLL_INTERVAL),
                options.seconds(Items.CLIENT_DAEMON_STABILITY_DELAY),
                options.seconds(Items.CLIENT_DAEMON_GROUPING_TIMEOUT),
                json,
                options.path(Items.CLIENT_DOWNLOAD_DIR),
                state.orElseThrow(),
                options.integer(Items.MAX_JOB_FILES));
    }
}
