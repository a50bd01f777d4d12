package recon.server.mrd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import recon.common.net.TrustedAddresses;
import recon.common.options.Items;
import recon.common.options.ListenItems;
import recon.common.options.Options;
import recon.common.options.Problems;

/**
 * How MRD clients are served.
 *
 * @param port 0 if they are not
 * @param defaultConfig the module for names that are not known
 * @param maxSessions so many at once
 * @param idle the longest pause of a client
 * @param maxMessageBytes of one message
 * @param saveDirectory where what clients send is kept, if they ask for it
 * @param savesAll whether it is kept in any case
 * @param minFreeDiskBytes what must stay free on the disk of saveDirectory; 0 for no check
 */
public record MrdSettings(
        String host,
        int port,
        TrustedAddresses trusted,
        String defaultConfig,
        int maxSessions,
        Duration idle,
        long maxMessageBytes,
        Path saveDirectory,
        boolean savesAll,
        long minFreeDiskBytes,
        Modules modules) {
    public static final long BYTES_PER_MB = 1L << 20;

    /**
     * How modules are run.
     *
     * @param directory of the site's own; empty if there are none
     * @param logs where the site's own log; made when it is needed
     * @param logMaxBytes of one log
     * @param limit how long one may neither take nor send anything, while no client keeps it waiting
     */
    public record Modules(Optional<Path> directory, Path logs, long logMaxBytes, Duration limit) {}

    /** MRD has neither keys nor encryption: whoever may connect can send anything, and see it all. */
    public boolean isOpenToAnybody() {
        return trusted.isAny() && !ListenItems.isLoopback(host);
    }

    /**
     * The settings that the options make; what is wrong goes to the problems.
     *
     * @param state directory of the server's records
     */
    public static MrdSettings from(Options options, Path state, Problems problems) {
        MrdSettings settings = new MrdSettings(
                options.text(Items.MRD_HOSTNAME),
                options.integer(Items.MRD_PORT),
                options.parsed(Items.MRD_TRUSTED_IPS, TrustedAddresses::parse, problems),
                options.text(Items.MRD_DEFAULT_CONFIG),
                options.integer(Items.MRD_MAX_SESSIONS),
                options.seconds(Items.MRD_IDLE_TIMEOUT_SECONDS),
                options.wholeNumber(Items.MRD_MAX_MESSAGE_BYTES),
                options.path(Items.MRD_SAVE_DIR),
                options.flag(Items.MRD_SAVE_INCOMING),
                options.wholeNumber(Items.MIN_FREE_DISK_MB) * BYTES_PER_MB,
                new Modules(
                        options.optionalPath(Items.MRD_MODULES_DIR),
                        state.resolve("logs"),
                        options.integer(Items.SCRIPT_LOG_MAX_BYTES),
                        options.seconds(Items.MRD_MODULE_TIMEOUT_SECONDS)));
        if (settings.port > 0 && settings.trusted != null && settings.isOpenToAnybody()) {
            options.problemAt(
                    Items.MRD_HOSTNAME,
                    "MRD_HOSTNAME = " + settings.host + " lets other machines connect, and MRD has no encryption of its"
                            + " own: say in MRD_TRUSTED_IPS which may, or set MRD_HOSTNAME = localhost",
                    problems);
        }
        return settings;
    }
}
